package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.Spread;

/// The layers that both runs have, side by side.
final class ComparedLayers implements PairPart {
    @Override
    public Optional<Section> of(Pair pair) {
        if (pair.common().isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        for (RunPhase phase : Subject.PHASES) {
            blocks.add(new Heading("In " + phase.label()));
            blocks.add(pair.common().stream().anyMatch(both -> speedup(both, phase).isPresent())
                    ? times(pair, phase)
                    : new Note(true, "No layer has a time in " + phase.label() + " in both runs."));
        }
        blocks.add(new Heading("Energy and numerical error"));
        blocks.add(others(pair));
        return Optional.of(new Section("layers", "Layer by layer", blocks));
    }

    /// How many times shorter B's time is than A's; empty where one has none.
    static Optional<Speedup> speedup(Pair.Both both, RunPhase phase) {
        return phase.timeMs(both.inA()).flatMap(a -> phase.timeMs(both.inB()).map(b -> Speedup.of(a, b)));
    }

    private static Table times(Pair pair, RunPhase phase) {
        String time = phase == RunPhase.DECODE ? "tpot_ms" : "ttft_ms";
        String rate = "layers[]." + phase.label() + "_tokens_per_second";
        Table.Builder table = Table.of("compared-" + phase.label(), "Layers of both runs in " + phase.label(),
                Column.text("Layer", Basis.RECORDED, "layers[].layer of both"),
                Column.number("A", "tok/s", 1, Basis.MEASURED, rate + " of A"),
                Column.number("B", "tok/s", 1, Basis.MEASURED, rate + " of B"),
                Column.number("A p50", "ms", 3, Basis.MEASURED, "layers[]." + time + ".p50 of A"),
                Column.number("B p50", "ms", 3, Basis.MEASURED, "layers[]." + time + ".p50 of B"),
                Column.number("Difference", "ms", 3, Basis.COMPUTED, "B − A"),
                Column.number("A ÷ B", "×", 3, Basis.COMPUTED, "how many times shorter B's time is"),
                Column.text("Range", Basis.COMPUTED, "shortest A ÷ longest B – longest A ÷ shortest B, of the repeats"),
                Column.text("Verdict", Basis.COMPUTED, "within noise where the range holds 1"));
        for (Pair.Both both : pair.common()) {
            Optional<Speedup> speedup = speedup(both, phase);
            Optional<Double> a = phase.timeMs(both.inA()).map(Spread::p50);
            Optional<Double> b = phase.timeMs(both.inB()).map(Spread::p50);
            table.row(both.layer(), phase.tokensPerSecond(both.inA()), phase.tokensPerSecond(both.inB()), a, b,
                    a.flatMap(x -> b.map(y -> y - x)), speedup.map(Speedup::factor), speedup.map(Words::range),
                    speedup.map(Verdict::of));
        }
        return table.build();
    }

    private static Table others(Pair pair) {
        Table.Builder table = Table.of("compared-others", "Energy and numerical error of both runs",
                Column.text("Layer", Basis.RECORDED, "layers[].layer of both"),
                Column.number("A", "J/token", 3, Basis.COMPUTED, "layers[].energy_joules of A ÷ its new tokens"),
                Column.number("B", "J/token", 3, Basis.COMPUTED, "layers[].energy_joules of B ÷ its new tokens"),
                Column.number("Worst error A", "", 5, Basis.MEASURED,
                        "the larger of layers[].check.prefill_error and .decode_error of A"),
                Column.number("Worst error B", "", 5, Basis.MEASURED, "the same of B"),
                Column.number("Bound", "", 3, Basis.RECORDED, "the largest error that passes, with B's techniques"),
                Column.text("Techniques", Basis.RECORDED, "layers[].techniques: what B has more and less"));
        for (Pair.Both both : pair.common()) {
            table.row(both.layer(), Words.joulesPerToken(both.inA(), pair.a().report().asked()),
                    Words.joulesPerToken(both.inB(), pair.b().report().asked()), both.inA().check().map(Layers::worst),
                    both.inB().check().map((Check c) -> Layers.worst(c)), Layers.bound(both.inB()), techniques(both));
        }
        return table.build();
    }

    private static Cell techniques(Pair.Both both) {
        List<String> a = both.inA().techniques();
        List<String> b = both.inB().techniques();
        List<String> changes = new ArrayList<>();
        b.stream().filter(t -> !a.contains(t)).forEach(t -> changes.add("+" + t));
        a.stream().filter(t -> !b.contains(t)).forEach(t -> changes.add("−" + t));
        return new Cell.Text(changes.isEmpty() ? "the same" : String.join(", ", changes));
    }
}
