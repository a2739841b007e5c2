package org.moelab.app.layers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.HowTo;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains;
import org.moelab.app.run.Proposal;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.app.run.StoredRun;
import org.moelab.app.run.TechniqueWorth;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.Spread;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;

/// The ladder of the selected run, and what its selected layer is made of. For the JavaFX thread; usable without a toolkit.
public final class LayersViewModel {
    private final Selection selection;
    private final Catalogue catalogue;
    private final ObjectBinding<Optional<LadderFigure>> figure;
    private final ObjectBinding<Optional<LayerCard>> card;
    private final ObservableSet<String> changed = FXCollections.observableSet(new TreeSet<>());

    /// What is told of a layer beside the ladder.
    ///
    /// @param title its number and name
    /// @param summary what it is about
    /// @param facts what was measured of it, a name and a figure each
    /// @param techniques what it brings
    /// @param lacking what was not measured of these, and what measures it
    record LayerCard(String title, String summary, List<Measured> facts, List<TechniqueCard> techniques,
            String lacking) {}

    /// A figure that was measured.
    ///
    /// @param explanation what it is
    record Measured(String label, String value, String explanation) {}

    /// A technique in the selected layer of the run.
    ///
    /// @param status what it did in this run
    /// @param on whether it was on
    /// @param why why it was not, where the catalogue tells
    /// @param operations the operations of the phase that it was applied to
    /// @param most the one of them whose time differs most from that in the layer below, where that is known
    /// @param worth what it is worth by itself, where the run has ablations
    /// @param toggle whether it can be switched, and is
    record TechniqueCard(Technique technique, String status, boolean on, String why, String operations,
            Optional<String> most, List<Measured> worth, Toggle toggle) {}

    /// The switch of a technique: nothing changes what was measured, so that switching proposes a run.
    ///
    /// @param possible whether the layer can run the other way
    /// @param changed whether that is proposed
    /// @param hint what switching does, or why it cannot be
    record Toggle(boolean possible, boolean changed, String hint) {}

    /// Follows the selection.
    ///
    /// @param catalogue what is told of layers and techniques
    public LayersViewModel(Selection selection, Catalogue catalogue) {
        this(selection, catalogue, ExpectedSpeedup.Source.NONE);
    }

    /// Follows the selection.
    ///
    /// @param catalogue which layers there are
    /// @param expected where speedups are expected
    public LayersViewModel(Selection selection, Catalogue catalogue, ExpectedSpeedup.Source expected) {
        this.selection = selection;
        this.catalogue = catalogue;
        figure = Bindings.createObjectBinding(
                () -> selection.runProperty().get().map(run -> new LadderFigure(
                        Ladder.of(run, selection.phaseProperty().get(), catalogue), selection.layerProperty().get(),
                        expected.of(run, selection.phaseProperty().get()))),
                selection.runProperty(), selection.phaseProperty(), selection.layerProperty());
        card = Bindings.createObjectBinding(this::describe, figure, changed);
        selection.runProperty().subscribe(_ -> changed.clear());
        selection.layerProperty().subscribe(_ -> changed.clear());
    }

    /// The ladder; empty where no run is selected.
    public ObservableValue<Optional<LadderFigure>> figureProperty() {
        return figure;
    }

    /// The selected layer; empty where no run is selected.
    ObservableValue<Optional<LayerCard>> cardProperty() {
        return card;
    }

    /// Looks at a layer. One without a result cannot be looked at.
    void select(String layer) {
        if (selection.runProperty().get().flatMap(run -> run.layer(layer)).isPresent()) {
            selection.layerProperty().set(Optional.of(layer));
        }
    }

    /// Looks at the layer above or below.
    ///
    /// @param step 1 or -1
    void selectNeighbour(int step) {
        selection.runProperty().get().ifPresent(run -> {
            List<String> ids = run.layers().stream().map(LayerResult::layer).toList();
            int now = ids.indexOf(selection.layerProperty().get().orElse(""));
            select(ids.get(Math.clamp((long) now + step, 0, ids.size() - 1)));
        });
    }

    /// Proposes to leave a technique of the selected layer out, or to add it; once more takes that back.
    void toggle(String technique) {
        if (!changed.remove(technique)) {
            changed.add(technique);
        }
    }

    /// The selected layer with the techniques as they are switched; empty where none is.
    Optional<Proposal> proposal() {
        return changed.isEmpty()
                ? Optional.empty()
                : selection.layerProperty().get().map(layer -> new Proposal(layer, changed));
    }

    /// What the proposal would run, in a few words.
    String proposed() {
        return proposal().map(p -> p.words(catalogue)).orElse("");
    }

    private Optional<LayerCard> describe() {
        return figure.get().flatMap(f -> selection.layerProperty().get().flatMap(id -> f.ladder().rung(id))
                .flatMap(rung -> rung.result().map(result -> card(f.ladder(), rung, result))));
    }

    private LayerCard card(Ladder ladder, Rung rung, LayerResult result) {
        List<TechniqueCard> techniques = rung.layer().map(catalogue::of).orElse(List.of()).stream()
                .sorted(Comparator.comparingDouble(t -> -effect(t, ladder.phase())))
                .map(t -> technique(t, result, ladder.phase(), worth(t, ladder.phase())))
                .sorted(Comparator.comparingInt(t -> t.on() ? 0 : 1)).toList();
        String title = rung.layer().map(l -> l.number() == 0 ? l.name() : l.id() + "  " + l.name()).orElse(rung.id());
        return new LayerCard(title, rung.layer().map(l -> l.summary()).orElse(""), measured(result), techniques,
                techniques.isEmpty() ? "" : lacking(ladder.run()));
    }

    private static String lacking(StoredRun run) {
        return run.ablations().isEmpty() && run.trials().isEmpty()
                ? "What each is worth by itself was not measured: " + HowTo.ablation(run) + "."
                : "";
    }

    /// By how much the time changes without a technique, whichever way; what was not measured comes last.
    private double effect(Technique technique, RunPhase phase) {
        return selection.runProperty().get().stream()
                .flatMap(run -> TechniqueWorth.of(run, technique.id(), phase).stream())
                .filter(w -> w.effect().clear()).mapToDouble(w -> Math.abs(w.effect().factor() - 1)).max()
                .orElse(-1);
    }

    private List<Measured> worth(Technique technique, RunPhase phase) {
        return selection.runProperty().get().stream()
                .flatMap(run -> TechniqueWorth.of(run, technique.id(), phase).stream()
                        .map(w -> new Measured(w.label(), w.text(), w.explanation()
                                + "; " + w.conditions())))
                .toList();
    }

    private TechniqueCard technique(Technique technique, LayerResult result, RunPhase phase,
            List<Measured> worth) {
        boolean on = result.techniques().contains(technique.id());
        List<String> operations = phase.cost(result).stream().flatMap(c -> c.operations().stream())
                .filter(o -> o.techniques().contains(technique.id())).map(OperationCost::name).distinct().toList();
        Toggle toggle = toggle(technique, on);
        return new TechniqueCard(technique, toggle.changed() ? "changed: run to see" : Ladder.status(technique, result),
                on, technique.reason(), String.join(", ", operations), most(operations, result, phase), worth, toggle);
    }

    private Optional<String> most(List<String> operations, LayerResult result, RunPhase phase) {
        return below(result.layer()).flatMap(b -> OperationGains.of(b, result, phase)).stream()
                .flatMap(g -> g.rows().stream())
                .filter(r -> r.part() == Part.OPERATION && operations.contains(r.name()))
                .max(Comparator.comparingDouble(r -> Math.abs(r.savedMs()))).map(OperationGains.Row::name);
    }

    private Optional<LayerResult> below(String layer) {
        List<LayerResult> all = selection.runProperty().get().map(StoredRun::layers).orElse(List.of());
        int at = all.stream().map(LayerResult::layer).toList().indexOf(layer);
        return at > 0 ? Optional.of(all.get(at - 1)) : Optional.empty();
    }

    /// Holds the selected layer against the one below it, and looks at the operation that a technique changed most.
    ///
    /// @return whether there is such an operation
    boolean showChange(TechniqueCard of) {
        if (of.most().isEmpty()) {
            return false;
        }
        selection.referenceProperty()
                .set(selection.layerProperty().get().flatMap(this::below).map(LayerResult::layer));
        selection.operationProperty().set(of.most());
        return true;
    }

    private Toggle toggle(Technique technique, boolean on) {
        if (!technique.isSwitch()) {
            return new Toggle(false, false, "it cannot be switched: " + technique.status().label());
        }
        if (!on && technique.status() == Technique.Status.DONE) {
            return new Toggle(false, false, "it had no effect in this run, or was left out");
        }
        return new Toggle(true, changed.contains(technique.id()),
                on ? "propose a run without it" : "propose a run with it");
    }

    private static List<Measured> measured(LayerResult result) {
        List<Measured> facts = new ArrayList<>();
        facts.add(new Measured("TTFT", spread(result.ttftMs()),
                "time to first token of the whole batch: median, least to most of the runs"));
        facts.add(new Measured("TPOT", result.tpotMs().map(LayersViewModel::spread).orElse("not measured"),
                "time per output token: median, least to most of the runs"));
        facts.add(new Measured("Between tokens",
                result.interTokenMs()
                        .map(s -> String.format(Locale.ROOT, "p50 %.3f, p99 %.3f ms", s.p50(), s.p99()))
                        .orElse("not measured"),
                "times of the single decode steps of all runs"));
        facts.add(new Measured("Energy",
                result.energyJoules().map(j -> String.format(Locale.ROOT, "%,.0f J", j)).orElse("not measured"),
                "of the GPU in all runs that count, by NVML"));
        facts.add(new Measured("Device memory", result.memory().isEmpty()
                ? "not measured"
                : Unit.BYTES.format(result.memory().stream().mapToLong(m -> m.bytes()).sum()),
                "while the batch was open: " + result.memory().stream()
                        .map(m -> m.purpose() + " " + Unit.BYTES.format(m.bytes()))
                        .collect(Collectors.joining(", "))));
        facts.add(new Measured("Error", result.check().map(LayersViewModel::error).orElse("not checked"),
                result.check().map(c -> "relative L2 error of the logits against the " + c.reference() + " on "
                        + c.model() + ", prefill and decode").orElse("no check is in the report")));
        return facts;
    }

    private static String spread(Spread s) {
        String median = String.format(Locale.ROOT, s.p50() < 10 ? "%.3f ms" : "%.2f ms", s.p50());
        return s.count() < 2
                ? median + ", one run"
                : median + String.format(Locale.ROOT, s.p50() < 10 ? " (%.3f – %.3f)" : " (%.2f – %.2f)", s.min(),
                        s.max());
    }

    private static String error(Check check) {
        return String.format(Locale.ROOT, "%.1e, %.1e", check.prefillError(), check.decodeError());
    }

    /// The ladder as a table.
    public Optional<ReportTable> table() {
        return figure.get().map(f -> table(f.ladder(), f.expected()));
    }

    private static ReportTable table(Ladder ladder, List<ExpectedSpeedup> expected) {
        String phase = ladder.phase().label();
        ReportTable.Builder table = ReportTable.builder(Column.text("Layer", "its id"), Column.text("Name", "its name"),
                Column.real("Median (ms)", Unit.NONE, "median " + ladder.phase().time() + " in " + phase, 6),
                Column.real("Min (ms)", Unit.NONE, "the shortest of the runs", 6),
                Column.real("Max (ms)", Unit.NONE, "the longest of the runs", 6),
                Column.real("Cumulative", Unit.RATIO, "median of the lowest layer over this one's", 4),
                Column.real("Cumulative Low", Unit.RATIO, "its shortest over this one's longest", 4),
                Column.real("Cumulative High", Unit.RATIO, "its longest over this one's shortest", 4),
                Column.real("Incremental", Unit.RATIO, "the same over the layer below in the run", 4),
                Column.real("Incremental Low", Unit.RATIO, "the same over the layer below in the run", 4),
                Column.real("Incremental High", Unit.RATIO, "the same over the layer below in the run", 4),
                Column.real("Decode (tok/s)", Unit.NONE, "new tokens of the batch at the median TPOT", 3),
                Column.real("Prefill (tok/s)", Unit.NONE, "prompt tokens of the batch at the median TTFT", 3),
                Column.text("Techniques", "those that were on, by id"),
                Column.real("Expected Low", Unit.RATIO, "the least cumulative speedup that other runs let expect", 4),
                Column.real("Expected High", Unit.RATIO, "the most", 4));
        for (Rung rung : ladder.rungs()) {
            Optional<Spread> time = rung.result().flatMap(ladder.phase()::timeMs);
            table.row(rung.id(), rung.layer().map(l -> l.name()).orElse(""), cell(time.map(Spread::p50)),
                    cell(time.map(Spread::min)), cell(time.map(Spread::max)),
                    cell(rung.cumulative().map(Speedup::factor)),
                    cell(rung.cumulative().filter(Speedup::repeated).map(Speedup::low)),
                    cell(rung.cumulative().filter(Speedup::repeated).map(Speedup::high)),
                    cell(rung.incremental().map(Speedup::factor)),
                    cell(rung.incremental().filter(Speedup::repeated).map(Speedup::low)),
                    cell(rung.incremental().filter(Speedup::repeated).map(Speedup::high)),
                    cell(rung.result().flatMap(RunPhase.DECODE::tokensPerSecond)),
                    cell(rung.result().flatMap(RunPhase.PREFILL::tokensPerSecond)),
                    rung.result().map(r -> String.join(" ", r.techniques())).orElse(""),
                    cell(ExpectedSpeedup.find(expected, rung.id()).map(ExpectedSpeedup::low)),
                    cell(ExpectedSpeedup.find(expected, rung.id()).map(ExpectedSpeedup::high)));
        }
        return table.build();
    }

    private static Cell cell(Optional<Double> value) {
        return value.map(Cell::of).orElse(Cell.Missing.MISSING);
    }

    /// What ran where.
    public ObservableValue<String> captionProperty() {
        return selection.runProperty().map(run -> run.map(StoredRun::about).orElse(""));
    }
}
