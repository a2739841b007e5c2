package org.moelab.app.inference;

import java.util.List;
import java.util.Optional;

import org.moelab.app.run.CacheSize;
import org.moelab.app.run.HowTo;
import org.moelab.app.run.OperationFloors;
import org.moelab.app.run.OperationFloors.Row;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// The selected layer of the selected run by its figures: times, experts' loads, cache, floors of its operations. For the
/// JavaFX thread; usable without a toolkit.
public final class InferenceViewModel {
    /// What the page's table holds.
    public enum Subject {
        OPERATIONS("Operations"), EXPERTS("Experts"), CACHE("KV cache"), TIMES("Times");

        private final String title;

        Subject(String title) {
            this.title = title;
        }

        /// What people call it.
        public String title() {
            return title;
        }
    }

    private final Selection selection;
    private final ObjectProperty<Subject> subject = new SimpleObjectProperty<>(this, "subject", Subject.OPERATIONS);
    private final ObjectBinding<Optional<InferenceFigure>> figure;
    private final ObjectBinding<Optional<ReportTable>> table;

    /// Follows the selection.
    public InferenceViewModel(Selection selection) {
        this.selection = selection;
        figure = Bindings.createObjectBinding(
                () -> selection.runProperty().get().flatMap(run -> layer(run).map(l -> draw(run, l))),
                selection.runProperty(), selection.layerProperty(), selection.phaseProperty(),
                selection.operationProperty());
        table = Bindings.createObjectBinding(() -> table(subject.get()), figure, subject);
    }

    private Optional<LayerResult> layer(StoredRun run) {
        return selection.layerProperty().get().flatMap(run::layer);
    }

    private InferenceFigure draw(StoredRun run, LayerResult layer) {
        RunPhase phase = selection.phaseProperty().get();
        String of = StoredRun.layerName(layer.layer());
        RunReport report = run.report();
        Optional<ExpertLoad> load = ExpertLoad.of(run, phase);
        String counted = report.expertLoads().map(ExpertLoads::layer).map(StoredRun::layerName).orElse("");
        LoadsFigure loads = new LoadsFigure("Tokens an expert was sent in " + phase.label()
                + (load.isPresent() ? ", counted in " + counted : ""), load,
                "not measured: " + (report.expertLoads().isEmpty()
                        ? "the report tells no expert loads; a run of this build counts them"
                        : "no step of " + phase.label() + " was counted"));
        CacheFigure cache = new CacheFigure(List.of(CacheSize.bf16(report.model()), CacheSize.fp8(report.model())),
                report.asked().batch(), report.asked().prompt() + report.asked().generate(),
                CacheSize.allocated(layer), CacheSize.weights(layer));
        FloorsFigure floors = new FloorsFigure(step(phase), OperationFloors.of(run, layer, phase),
                "not measured: " + (report.ceilings().isEmpty()
                        ? "the run has no ceilings of the device; " + HowTo.CEILINGS
                        : of + " has no captured operations in " + phase.label() + "; " + HowTo.CAPTURE),
                selection.operationProperty().get());
        return new InferenceFigure("Inference of " + run.name() + ": " + of + " in " + phase.label(),
                Card.of(run, layer), loads, cache, floors);
    }

    private static String step(RunPhase phase) {
        return phase == RunPhase.DECODE ? "decode step" : "prompt";
    }

    /// The page's picture; empty where no run is selected.
    public ObservableValue<Optional<InferenceFigure>> figureProperty() {
        return figure;
    }

    /// What the table holds.
    public ObjectProperty<Subject> subjectProperty() {
        return subject;
    }

    /// The table of the chosen subject; empty where nothing was measured of it.
    public ObservableValue<Optional<ReportTable>> tableProperty() {
        return table;
    }

    /// What is said in place of the table.
    ObservableValue<String> missingProperty() {
        return Bindings.createStringBinding(() -> figure.get().map(f -> switch (subject.get()) {
            case OPERATIONS -> f.floors().missing();
            case EXPERTS -> f.loads().missing();
            case CACHE, TIMES -> "not measured";
        }).orElse(""), figure, subject);
    }

    /// The table of a subject; empty where nothing was measured of it.
    public Optional<ReportTable> table(Subject of) {
        return figure.get().flatMap(f -> switch (of) {
            case OPERATIONS -> f.floors().floors().map(InferenceViewModel::operations);
            case EXPERTS -> f.loads().load().map(ExpertLoad::table);
            case CACHE -> Optional.of(f.cache().table());
            case TIMES -> selection.runProperty().get()
                    .flatMap(run -> layer(run).map(l -> Card.table(l, run.report().asked())));
        });
    }

    private static ReportTable operations(OperationFloors floors) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Operation", "all that bear its name"),
                Column.real("Lost (µs)", Unit.NONE, "Measured − Floor, a step; negative where a cache held its data",
                        2),
                Column.real("Measured (µs)", Unit.NONE, "captured time a step", 2),
                Column.real("Floor (µs)", Unit.NONE, "analytic: the larger of By Bytes and By FLOPs, a step", 2),
                Column.real("× Floor", Unit.RATIO, "Measured over Floor", 2),
                Column.text("Bound", "what sets the floor"),
                Column.real("By Bytes (µs)", Unit.NONE, "bytes over this run's measured bandwidth of reading", 2),
                Column.real("By FLOPs (µs)", Unit.NONE,
                        "FLOPs over this run's measured rate: of bf16 products, or of fp32 for all other work", 2),
                Column.text("Kind", "family of work"), Column.text("Implementation", "what ran it"));
        for (Row row : floors.rows()) {
            table.row(row.name(), cell(row.lostUs()), cell(row.measuredUs()), row.floorUs(), cell(row.timesFloor()),
                    row.bound(), row.bytesUs(), row.flopsUs(), row.kind(), row.implementation());
        }
        return table.build();
    }

    private static Cell cell(Optional<Double> value) {
        return value.map(Cell::of).orElse(Cell.Missing.MISSING);
    }

    /// Looks at an operation, or at none.
    void select(Optional<String> operation) {
        selection.operationProperty().set(operation);
    }

    /// The operation that is looked at.
    ObservableValue<Optional<String>> operationProperty() {
        return selection.operationProperty();
    }

    /// What is shown, and of what.
    public ObservableValue<String> captionProperty() {
        return Bindings.createStringBinding(
                () -> selection.runProperty().get()
                        .flatMap(run -> layer(run).map(l -> StoredRun.layerName(l.layer()) + " · " + run.about()))
                        .orElse(""),
                selection.runProperty(), selection.layerProperty());
    }
}
