package org.moelab.app.speedup;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.HowTo;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.OperationGains;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.value.ObservableValue;

/// The speedups of the selected run, and what its operations gained between the reference and the selected layer. For the
/// JavaFX thread; usable without a toolkit.
public final class SpeedupViewModel {
    private final Selection selection;
    private final ObjectBinding<Optional<SpeedupFigure>> figure;
    private final ObjectBinding<Optional<OperationGains>> gains;

    /// Follows the selection.
    ///
    /// @param catalogue which layers there are
    public SpeedupViewModel(Selection selection, Catalogue catalogue) {
        this(selection, catalogue, ExpectedSpeedup.Source.NONE);
    }

    /// Follows the selection.
    ///
    /// @param catalogue which layers there are
    /// @param expected where speedups are expected
    public SpeedupViewModel(Selection selection, Catalogue catalogue, ExpectedSpeedup.Source expected) {
        this.selection = selection;
        figure = Bindings.createObjectBinding(
                () -> selection.runProperty().get().map(run -> new SpeedupFigure(
                        Ladder.of(run, selection.phaseProperty().get(), catalogue), selection.layerProperty().get(),
                        expected.of(run, selection.phaseProperty().get()))),
                selection.runProperty(), selection.phaseProperty(), selection.layerProperty());
        gains = Bindings.createObjectBinding(
                () -> reference().flatMap(b -> layer().flatMap(a -> OperationGains.of(b, a,
                        selection.phaseProperty().get()))),
                selection.runProperty(), selection.phaseProperty(), selection.layerProperty(),
                selection.referenceProperty());
    }

    private Optional<LayerResult> reference() {
        return selection.runProperty().get().flatMap(run -> selection.referenceProperty().get().flatMap(run::layer));
    }

    private Optional<LayerResult> layer() {
        return selection.runProperty().get().flatMap(run -> selection.layerProperty().get().flatMap(run::layer));
    }

    /// The chart; empty where no run is selected.
    public ObservableValue<Optional<SpeedupFigure>> figureProperty() {
        return figure;
    }

    /// The operations' gains; empty where one of the two layers was not captured in the phase.
    ObservableValue<Optional<OperationGains>> gainsProperty() {
        return gains;
    }

    /// What the operations' table shows, or why it is empty.
    ObservableValue<String> gainsCaptionProperty() {
        return Bindings.createStringBinding(this::gainsCaption, gains);
    }

    private String gainsCaption() {
        if (reference().isEmpty() || layer().isEmpty()) {
            return "";
        }
        RunPhase phase = selection.phaseProperty().get();
        if (gains.get().isEmpty()) {
            return "not measured: " + phase.label() + " of " + (phase.cost(reference().get()).isEmpty()
                    || phase.cost(reference().get()).get().device().isEmpty()
                            ? name(reference().get())
                            : name(layer().get()))
                    + " was not captured; " + HowTo.CAPTURE;
        }
        if (reference().equals(layer())) {
            return "a layer against itself: choose another beside 'against'"
                    + (selection.runProperty().get().filter(run -> run.layers().size() == 1).isPresent()
                            ? "; this run has one layer, " + HowTo.LAYERS
                            : "");
        }
        return "ms a captured " + (phase == RunPhase.DECODE ? "decode step" : "prompt") + ", "
                + name(reference().get()) + " against " + name(layer().get()) + captureCost();
    }

    /// What capturing itself costs, where the run knows it.
    private String captureCost() {
        if (selection.phaseProperty().get() != RunPhase.DECODE) {
            return "";
        }
        return layer().flatMap(LayerResult::timeline)
                .flatMap(t -> t.decodeMs().flatMap(c -> t.decodeMsUncaptured().map(u -> String.format(Locale.ROOT,
                        "; a step of %.3f ms takes %.3f ms while it is captured", u, c))))
                .orElse("");
    }

    private static String name(LayerResult layer) {
        return StoredRun.layerName(layer.layer());
    }

    /// Looks at a layer.
    void select(String layer) {
        if (selection.runProperty().get().flatMap(run -> run.layer(layer)).isPresent()) {
            selection.layerProperty().set(Optional.of(layer));
        }
    }

    /// Looks at an operation.
    void selectOperation(Optional<String> operation) {
        selection.operationProperty().set(operation);
    }

    /// The operation that is looked at.
    ObservableValue<Optional<String>> operationProperty() {
        return selection.operationProperty();
    }

    /// What ran where.
    public ObservableValue<String> captionProperty() {
        return selection.runProperty().map(run -> run.map(StoredRun::about).orElse(""));
    }

    /// The operations as a table.
    public Optional<ReportTable> table() {
        return gains.get().map(g -> table(g.rows()));
    }

    private static ReportTable table(List<OperationGains.Row> rows) {
        ReportTable.Builder table = ReportTable.builder(
                Column.text("Part", "family, operation, rest, idle or step; all but operations sum to the step"),
                Column.text("Family", "the family of work"), Column.text("Name", "of the family or operation"),
                Column.real("Reference (ms)", Unit.NONE, "time a captured step in the reference layer", 6),
                Column.real("Selected (ms)", Unit.NONE, "time a captured step in the selected layer", 6),
                Column.real("Saved (ms)", Unit.NONE, "Reference − Selected", 6),
                Column.text("Implementation", "what ran it; both where they differ"));
        for (OperationGains.Row row : rows) {
            table.row(row.part().name().toLowerCase(Locale.ROOT), row.family(), row.name(), cell(row.beforeMs()),
                    cell(row.afterMs()), row.savedMs(), row.implementation());
        }
        return table.build();
    }

    private static Cell cell(Optional<Double> value) {
        return value.map(Cell::of).orElse(Cell.Missing.MISSING);
    }
}
