package org.moelab.app.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.Asked;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.Spread;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// A figure of a layer that stands alone.
///
/// @param title what it is, and of how many
/// @param value the figure with its unit
/// @param detail how it spreads
/// @param explanation its formula
record Card(String title, String value, String detail, String explanation) {
    private static final String NOT_MEASURED = "not measured";

    /// The figures of a layer.
    static List<Card> of(StoredRun run, LayerResult layer) {
        Asked asked = run.report().asked();
        List<Card> cards = new ArrayList<>();
        cards.add(spread("TTFT", "run", Optional.of(layer.ttftMs()), "time to first token of the whole batch"));
        cards.add(spread("TPOT", "run", layer.tpotMs(), "time per output token of a run"));
        cards.add(spread("Inter-token", "step", layer.interTokenMs(), "time of a single decode step"));
        cards.add(new Card("Prefill", rate(layer.prefillTokensPerSecond()),
                String.format(Locale.ROOT, "%d × %,d tokens", asked.batch(), asked.prompt()),
                "prompt tokens of the whole batch ÷ median TTFT"));
        cards.add(new Card("Decode", layer.decodeTokensPerSecond().map(Card::rate).orElse(NOT_MEASURED),
                Unit.counted(asked.batch(), "sequence"), "a token of each sequence of the batch ÷ median TPOT"));
        cards.add(energy(layer.energyJoules(), asked));
        return cards;
    }

    private static Card spread(String title, String noun, Optional<Spread> times, String explanation) {
        return times.map(t -> new Card(title + " (" + Unit.counted(t.count(), noun) + ")", ms(t.p50()) + " ms",
                "p90 " + ms(t.p90()) + " · p99 " + ms(t.p99()),
                explanation + ": the median of " + Unit.counted(t.count(), noun) + ", in ms\nmin " + ms(t.min())
                        + ", p50 " + ms(t.p50()) + ", p90 " + ms(t.p90()) + ", p99 " + ms(t.p99()) + ", max "
                        + ms(t.max()) + ", mean " + ms(t.mean()) + "\nA run's report holds no p95."
                        + (t.count() < 10 ? " Of fewer than ten, p90 and p99 are the longest." : "")))
                .orElse(new Card(title, NOT_MEASURED, "", explanation));
    }

    private static Card energy(Optional<Double> joules, Asked asked) {
        long tokens = (long) asked.batch() * asked.generate() * asked.repeats();
        return joules.filter(_ -> tokens > 0)
                .map(j -> new Card("Energy a token", String.format(Locale.ROOT, "%.3f J", j / tokens),
                        String.format(Locale.ROOT, "%,.0f J ÷ %,d new", j, tokens),
                        "energy of the GPU in all runs that count, prompts included, by NVML ÷ new tokens of these runs"))
                .orElse(new Card("Energy a token", NOT_MEASURED, "", "energy of the GPU by NVML ÷ new tokens"));
    }

    private static String ms(double ms) {
        return String.format(Locale.ROOT, ms < 10 ? "%.3f" : ms < 1000 ? "%.2f" : "%.0f", ms);
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 1000 ? "%.1f tok/s" : "%,.0f tok/s", perSecond);
    }

    /// The same figures as a table, all percentiles that the report holds.
    static ReportTable table(LayerResult layer, Asked asked) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Figure", "what it is"),
                Column.text("Unit", "its unit"), Column.whole("Count", Unit.COUNT, "how many were measured"),
                Column.real("Min", Unit.NONE, "the least", 6), Column.real("p50", Unit.NONE, "the median", 6),
                Column.real("p90", Unit.NONE, "nine of ten are no larger", 6),
                Column.real("p99", Unit.NONE, "99 of 100 are no larger", 6),
                Column.real("Max", Unit.NONE, "the largest", 6), Column.real("Mean", Unit.NONE, "the mean", 6));
        row(table, "TTFT", layer.ttftMs());
        layer.tpotMs().ifPresent(t -> row(table, "TPOT", t));
        layer.interTokenMs().ifPresent(t -> row(table, "Inter-token", t));
        single(table, "Prefill", "tok/s", Optional.of(layer.prefillTokensPerSecond()));
        single(table, "Decode", "tok/s", layer.decodeTokensPerSecond());
        long tokens = (long) asked.batch() * asked.generate() * asked.repeats();
        single(table, "Energy a token", "J", layer.energyJoules().filter(_ -> tokens > 0).map(j -> j / tokens));
        return table.build();
    }

    private static void row(ReportTable.Builder table, String name, Spread t) {
        table.row(name, "ms", t.count(), t.min(), t.p50(), t.p90(), t.p99(), t.max(), t.mean());
    }

    private static void single(ReportTable.Builder table, String name, String unit, Optional<Double> value) {
        Cell none = Cell.Missing.MISSING;
        value.ifPresent(v -> table.row(name, unit, none, none, none, none, none, none, v));
    }
}
