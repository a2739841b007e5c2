package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.Belonging;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.run.TechniqueWorth;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.Effect;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Technique;

/// The techniques: what each is worth where that was measured, what it did in this run, and the kernels that it brings.
final class Techniques implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        List<Block> blocks = new ArrayList<>();
        StoredRun run = subject.run();
        if (run.ablations().isEmpty()) {
            List<Block> aside = Artefacts.aside(subject, AblationFile.NAME);
            blocks.addAll(aside);
            blocks.add(new Note(true, "What single techniques are worth was not measured: the directory has no"
                    + " ablation.json" + (aside.isEmpty() ? "" : " of this run")
                    + ". moelab ablate with the same settings and -o with the same directory measures it, on a GPU."));
        } else {
            blocks.add(new Paragraph(
                    "Each technique was added to the layer below its own and taken from the highest layer,"
                            + " in runs with it and without it in turns (" + TechniqueWorth.conditions(run).orElse("")
                            + "). Figures are how much more time the phase takes without it, with the 95 % confidence interval; an"
                            + " interval that holds 0 means no clear effect. The two ways differ where techniques need or replace"
                            + " each other."));
            AblationReport ablations = run.ablations().get();
            if (Belonging.isBefore(ablations.started(), run.report())) {
                blocks.add(new Note(false, "They were measured before the run, at " + ablations.started()
                        + ", with the same build and model on the same device."));
            }
            blocks.add(worth(subject));
            failures(ablations).ifPresent(blocks::add);
        }
        blocks.add(new Fold("All techniques of the catalogue, with their kernels", List.of(catalogue(subject))));
        return Optional.of(new Section("techniques", "Techniques", blocks));
    }

    private static Optional<Block> failures(AblationReport ablations) {
        if (!ablations.complete()) {
            return Optional
                    .of(new Note(true, "ablation.json is not complete: it holds what was measured until it ended."));
        }
        return ablations.failures().isEmpty()
                ? Optional.empty()
                : Optional.of(new Note(true, "Not measured: " + ablations.failures().stream()
                        .map(f -> f.technique() + " " + f.way().label() + " (" + f.reason() + ")")
                        .collect(Collectors.joining("; ")) + "."));
    }

    private static Table worth(Subject subject) {
        Table.Builder table = Table.of("worth", "More time without the technique, in percent",
                Column.code("Technique", Basis.RECORDED, "ablation.json, ablations[].technique"),
                Column.text("Layer", Basis.RECORDED, "the layer that brings it, from the catalogue"),
                effect("Decode, added", "tpot, way added"), interval(), effect("Decode, taken", "tpot, way removed"),
                interval(), effect("Prefill, added", "ttft, way added"), interval(),
                effect("Prefill, taken", "ttft, way removed"), interval());
        for (Technique technique : subject.catalogue().techniques()) {
            List<Object> cells = new ArrayList<>(
                    List.of(technique.id(), Integer.toString(technique.layer())));
            boolean any = false;
            for (RunPhase phase : Subject.PHASES) {
                for (Way way : Way.values()) {
                    Optional<Effect> effect = effect(subject.run(), technique, phase, way);
                    any |= effect.isPresent();
                    cells.add(effect.map(e -> percent(e.factor())));
                    cells.add(effect.<Cell>map(e -> new Cell.Text(e.pairs() > 1 ? interval(e) : "one pair"))
                            .orElse(Cell.NONE));
                }
            }
            if (any || technique.isSwitch()) {
                table.row(cells.toArray());
            }
        }
        return table.build();
    }

    private static Column effect(String name, String field) {
        return Column.number(name, "%", 1, Basis.MEASURED,
                "ablation.json, " + field + ": factor − 1, geometric mean over the pairs of time without ÷ time with");
    }

    private static String interval(Effect effect) {
        // what rounds to nothing has no sign
        return String.format(Locale.ROOT, "%.1f\u00a0to\u00a0%.1f", percent(effect.low()), percent(effect.high()))
                .replaceAll("-(0\\.0)(?!\\d)", "$1");
    }

    private static Column interval() {
        return Column.text("95 %", Basis.COMPUTED,
                "low and high of the figure on its left: Student's t over the pairs");
    }

    /// What a technique is worth in a phase, tried in a way; empty where that was not measured.
    static Optional<Effect> effect(StoredRun run, Technique technique, RunPhase phase, Way way) {
        return TechniqueWorth.of(run, technique.id(), phase).stream().filter(w -> w.way() == way)
                .map(TechniqueWorth::effect).findFirst();
    }

    private static double percent(double factor) {
        return (factor - 1) * 100;
    }

    private static Table catalogue(Subject subject) {
        LayerResult top = subject.run().top();
        Table.Builder table = Table.of("techniques-all",
                "All techniques of the catalogue, and what they did in " + StoredRun.layerName(top.layer())
                        + " of this run",
                Column.text("Technique", Basis.RECORDED, "the catalogue's name"),
                Column.code("Id", Basis.RECORDED, "the catalogue's id"),
                Column.text("Layer", Basis.RECORDED, "the layer that brings it"),
                Column.text("In this run", Basis.RECORDED,
                        "on where layers[].techniques names it, else the catalogue's status"),
                Column.code("Kernels", Basis.RECORDED, "that it brings, by the catalogue; * stands for variants"),
                Column.text("Should move", Basis.RECORDED, "the figure, by the catalogue"),
                Column.text("Remark", Basis.RECORDED, "why it is not on, or what was measured, by the catalogue"));
        for (Technique t : subject.catalogue().techniques()) {
            table.row(t.name(), t.id(), Integer.toString(t.layer()), Ladder.status(t, top),
                    t.kernels().isEmpty() ? Cell.NONE : new Cell.Text(String.join(", ", t.kernels())),
                    t.metric().isEmpty() ? Cell.NONE : new Cell.Text(t.metric()),
                    t.reason().isEmpty() ? Cell.NONE : new Cell.Text(t.reason()));
        }
        return table.build();
    }
}
