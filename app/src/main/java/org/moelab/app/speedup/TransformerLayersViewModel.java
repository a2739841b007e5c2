package org.moelab.app.speedup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.moelab.app.run.HowTo;
import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.run.TransformerLayers;
import org.moelab.app.run.TransformerLayers.Times;
import org.moelab.app.run.TransformerLayers.TransformerLayer;
import org.moelab.app.selection.Selection;
import org.moelab.app.task.LatestTask;
import org.moelab.app.task.TaskFailedException;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// The transformer layers' times in the reference and the selected layer of the run, read from their captured timelines off the
/// JavaFX thread once they are asked for. For the JavaFX thread; usable without a toolkit.
public final class TransformerLayersViewModel {
    private final Selection selection;
    private final LatestTask<Optional<TransformerLayers>> task;
    private final Map<Path, Map<RunPhase, Times>> read = new ConcurrentHashMap<>();
    private final BooleanProperty active = new SimpleBooleanProperty(this, "active", false);
    private final ObjectProperty<OptionalInt> marked = new SimpleObjectProperty<>(this, "marked", OptionalInt.empty());
    private final ReadOnlyObjectWrapper<Optional<TransformerFigure>> figure = new ReadOnlyObjectWrapper<>(this,
            "figure", Optional.empty());
    private final ReadOnlyObjectWrapper<String> caption = new ReadOnlyObjectWrapper<>(this, "caption", "");

    /// Follows the selection.
    ///
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of timelines that cannot be read
    public TransformerLayersViewModel(Selection selection, Executor fxThread, Consumer<? super Throwable> failed) {
        this.selection = selection;
        this.task = new LatestTask<>(fxThread, failure -> {
            caption.set("not measured: a timeline cannot be read");
            failed.accept(failure);
        });
        selection.runProperty().subscribe(_ -> read.clear());
        selection.runProperty().subscribe(_ -> follow());
        selection.phaseProperty().subscribe(_ -> follow());
        selection.layerProperty().subscribe(_ -> follow());
        selection.referenceProperty().subscribe(_ -> follow());
        active.subscribe(_ -> follow());
        marked.subscribe(now -> figure.set(figure.get()
                .map(f -> new TransformerFigure(f.between(), f.reference(), f.layer(), f.phase(), now))));
    }

    /// Reads what a run's timelines tell of its transformer layers.
    ///
    /// @param before a layer of the run
    /// @param after another
    /// @return empty where one has no timeline, or its timeline no work of transformer layers in the phase
    /// @throws TraceReadException where a timeline cannot be read
    public static Optional<TransformerFigure> read(StoredRun run, LayerResult before, LayerResult after,
            RunPhase phase) throws TraceReadException {
        return between(run, before, after, phase, new ConcurrentHashMap<>(), ImportMonitor.NONE)
                .map(b -> figure(b, before, after, phase, OptionalInt.empty()));
    }

    private static TransformerFigure figure(TransformerLayers between, LayerResult before, LayerResult after,
            RunPhase phase, OptionalInt marked) {
        return new TransformerFigure(between, StoredRun.layerName(before.layer()), StoredRun.layerName(after.layer()),
                phase, marked);
    }

    private static Optional<TransformerLayers> between(StoredRun run, LayerResult before, LayerResult after,
            RunPhase phase, Map<Path, Map<RunPhase, Times>> read, ImportMonitor monitor) throws TraceReadException {
        Optional<Path> one = run.timeline(before);
        Optional<Path> other = run.timeline(after);
        Optional<Integer> steps = phase.cost(before).map(PhaseCost::steps);
        Optional<Integer> otherSteps = phase.cost(after).map(PhaseCost::steps);
        if (one.isEmpty() || other.isEmpty() || steps.isEmpty() || otherSteps.isEmpty()) {
            return Optional.empty();
        }
        return TransformerLayers.of(times(one.get(), phase, read, monitor), steps.get(),
                times(other.get(), phase, read, monitor), otherSteps.get());
    }

    /// Of both phases at once, as reading the file is what takes long.
    private static Times times(Path file, RunPhase phase, Map<Path, Map<RunPhase, Times>> read, ImportMonitor monitor)
            throws TraceReadException {
        Map<RunPhase, Times> known = read.get(file);
        if (known == null) {
            known = Recordings.open(file, ImportOptions.DEFAULT, monitor) instanceof Trace trace
                    ? Map.of(RunPhase.PREFILL, TransformerLayers.times(trace, RunPhase.PREFILL), RunPhase.DECODE,
                            TransformerLayers.times(trace, RunPhase.DECODE))
                    : Map.of();
            read.put(file, known);
        }
        return known.getOrDefault(phase, Times.NONE);
    }

    private Optional<LayerResult> layer(ObjectProperty<Optional<String>> id) {
        return selection.runProperty().get().flatMap(run -> id.get().flatMap(run::layer));
    }

    private void follow() {
        if (!active.get()) {
            return;
        }
        Optional<LayerResult> before = layer(selection.referenceProperty());
        Optional<LayerResult> after = layer(selection.layerProperty());
        figure.set(Optional.empty());
        if (before.isEmpty() || after.isEmpty()) {
            task.cancel();
            caption.set("");
            return;
        }
        StoredRun run = selection.runProperty().get().orElseThrow();
        RunPhase phase = selection.phaseProperty().get();
        caption.set("reading the captured timelines …");
        task.start("Reading captured timelines", monitor -> {
            try {
                return between(run, before.get(), after.get(), phase, read, monitor);
            } catch (TraceReadException e) {
                throw new TaskFailedException(String.valueOf(e.getMessage()), e);
            }
        }, found -> show(found, run, before.get(), after.get(), phase));
    }

    private void show(Optional<TransformerLayers> found, StoredRun run, LayerResult before, LayerResult after,
            RunPhase phase) {
        figure.set(found.map(f -> figure(f, before, after, phase, marked.get())));
        String one = StoredRun.layerName(before.layer());
        String other = StoredRun.layerName(after.layer());
        caption.set(found.isPresent()
                ? "ms a captured " + (phase == RunPhase.DECODE ? "decode step" : "prompt") + ", " + one + " against "
                        + other + ", from their captured timelines"
                : "not measured: the run directory has no timeline of "
                        + (run.timeline(before).isEmpty()
                                ? one
                                : run.timeline(after).isEmpty()
                                        ? other
                                        : one + " and " + other + " that names operations in " + phase.label())
                        + "; " + HowTo.CAPTURE);
    }

    /// Whether transformer layers are asked for.
    public BooleanProperty activeProperty() {
        return active;
    }

    /// The transformer layer that is marked, from 1.
    ObjectProperty<OptionalInt> markedProperty() {
        return marked;
    }

    /// The chart; empty until it was asked for and read, and where nothing was measured.
    public ReadOnlyObjectProperty<Optional<TransformerFigure>> figureProperty() {
        return figure.getReadOnlyProperty();
    }

    /// What is shown, or why nothing is.
    ReadOnlyObjectProperty<String> captionProperty() {
        return caption.getReadOnlyProperty();
    }

    /// Each transformer layer, followed by its operations.
    ObservableValue<List<Row>> rowsProperty() {
        return figure.map(f -> f.map(x -> rows(x.between())).orElse(List.of()));
    }

    private static List<Row> rows(TransformerLayers between) {
        List<Row> rows = new ArrayList<>();
        for (TransformerLayer layer : between.layers()) {
            rows.add(new Row(Part.FAMILY, layer.name(), "", layer.beforeMs(), layer.afterMs(), ""));
            rows.addAll(layer.operations());
        }
        return rows;
    }

    /// The transformer layers and their operations as a table; empty unless they are shown.
    public Optional<ReportTable> table() {
        return active.get() ? figure.get().map(f -> table(f)) : Optional.empty();
    }

    /// The transformer layers and their operations of a figure as a table.
    public static ReportTable table(TransformerFigure shown) {
        ReportTable.Builder table = ReportTable.builder(
                Column.whole("Transformer Layer", Unit.NONE, "from 1; operations in the timeline count from 0"),
                Column.text("Operation", "empty for the whole transformer layer"),
                Column.real("Reference (ms)", Unit.NONE, "time a captured step in " + shown.reference(), 6),
                Column.real("Selected (ms)", Unit.NONE, "time a captured step in " + shown.layer(), 6),
                Column.real("Saved (ms)", Unit.NONE, "Reference − Selected", 6),
                Column.real("Faster", Unit.RATIO, "Reference ÷ Selected, where both have such work", 4));
        for (TransformerLayer layer : shown.between().layers()) {
            table.row(layer.number(), "", cell(layer.beforeMs()), cell(layer.afterMs()), layer.savedMs(),
                    cell(layer.factor()));
            for (Row row : layer.operations()) {
                Optional<Double> factor = row.beforeMs()
                        .flatMap(b -> row.afterMs().filter(a -> a > 0 && b > 0).map(a -> b / a));
                table.row(layer.number(), row.name(), cell(row.beforeMs()), cell(row.afterMs()), row.savedMs(),
                        cell(factor));
            }
        }
        return table.build();
    }

    private static Cell cell(Optional<Double> value) {
        return value.map(Cell::of).orElse(Cell.Missing.MISSING);
    }
}
