package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.inference.InferenceFigures;
import org.moelab.app.inference.InferenceFigures.LayerLoad;
import org.moelab.app.inference.InferenceFigures.LoadFacts;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.ExpertLoads;

/// Which experts the tokens were sent to, and how uneven that is.
final class Experts implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        List<Block> blocks = new ArrayList<>();
        Optional<ExpertLoads> loads = subject.run().report().expertLoads();
        if (loads.isEmpty()) {
            blocks.add(new Note(true, "Not measured: run.json tells no expert loads."));
        } else {
            blocks.add(new Paragraph("Counted in a run of its own with " + subject.named(loads.get().layer())
                    + ". Imbalance is the tokens of the fullest expert over those of the mean one, in each layer of the"
                    + " model; CV is the standard deviation over the mean."));
            for (RunPhase phase : Subject.PHASES.reversed()) {
                add(subject, phase, blocks);
            }
        }
        return Optional.of(new Section("experts", "Expert load", blocks));
    }

    private static void add(Subject subject, RunPhase phase, List<Block> blocks) {
        blocks.add(new Heading("In " + phase.label()));
        Optional<LoadFacts> facts = InferenceFigures.facts(subject.run(), phase);
        if (facts.isEmpty()) {
            blocks.add(new Note(true, "Not measured: no step of " + phase.label() + " was counted."));
            return;
        }
        if (subject.draws()) {
            InferenceFigures.loads(subject.run(), phase).ifPresent(figure -> blocks.add(new Chart(
                    "loads-" + phase.label(),
                    "Tokens that each expert of each layer of the model was sent in " + phase.label()
                            + ", counted; framed the busiest and the idlest, beside them the imbalance of each layer",
                    facts.get().extremes() + ". " + facts.get().cost(), figure)));
        }
        blocks.add(new Fold("Imbalance of each layer of the model in " + phase.label(),
                List.of(table(phase, facts.get()))));
    }

    private static Table table(RunPhase phase, LoadFacts facts) {
        String field = "run.json, expert_loads." + phase.label() + ".counts";
        Table.Builder table = Table.of("loads-table-" + phase.label(), "Loads by layer of the model, " + phase.label(),
                Column.text("Model's layer", Basis.RECORDED, "place in " + field + ", from 0"),
                Column.number("Imbalance", "×", 3, Basis.COMPUTED, "largest ÷ mean of " + field),
                Column.number("CV", "", 3, Basis.COMPUTED, "standard deviation ÷ mean of " + field),
                Column.number("Fullest expert", "", 0, Basis.MEASURED, "its place in " + field + ", from 0"),
                Column.number("Sent most", "tokens", 0, Basis.MEASURED, field),
                Column.number("Sent least", "tokens", 0, Basis.MEASURED, field),
                Column.number("Sent none", "experts", 0, Basis.MEASURED, "zeros of " + field));
        for (LayerLoad layer : facts.layers()) {
            table.row(Integer.toString(layer.layer()), layer.imbalance(), layer.variation(), layer.fullest(),
                    layer.most(),
                    layer.least(), layer.unused());
        }
        return table.build();
    }
}
