package org.moelab.app.roofline;

import java.util.Optional;

import org.moelab.app.roofline.RooflineFigure.Reference;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.RunRoofline;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Machine;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Roofline;
import org.moelab.traces.roofline.Roofline.Point;
import org.moelab.traces.roofline.RooflineTable;
import org.moelab.traces.stats.ReportTable;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.value.ObservableValue;

/// The operations of the selected layer under the roofs of its run, with arrows from the reference layer. For the JavaFX
/// thread; usable without a toolkit.
public final class RooflineViewModel {
    private final Selection selection;
    private final ObjectBinding<Optional<RooflineFigure>> figure;

    /// Follows the selection.
    public RooflineViewModel(Selection selection) {
        this.selection = selection;
        this.figure = Bindings.createObjectBinding(this::draw, selection.runProperty(), selection.layerProperty(),
                selection.referenceProperty(), selection.phaseProperty(), selection.operationProperty());
    }

    private Optional<RooflineFigure> draw() {
        return selection.runProperty().get().flatMap(run -> selection.layerProperty().get().flatMap(run::layer)
                .map(layer -> draw(run, layer)));
    }

    private RooflineFigure draw(StoredRun run, LayerResult layer) {
        RooflineFigure drawn = new RooflineFigure(
                "Roofline of " + run.name() + ": " + StoredRun.layerName(layer.layer()) + " in "
                        + selection.phaseProperty().get().label(),
                roofline(run, layer), RooflineFigure.USUAL_LABELS, Optional.empty(),
                selection.operationProperty().get());
        return selection.referenceProperty().get().filter(id -> !id.equals(layer.layer())).flatMap(run::layer)
                .map(before -> drawn.from(new Reference(StoredRun.layerName(before.layer()), roofline(run, before))))
                .orElse(drawn);
    }

    private Roofline roofline(StoredRun run, LayerResult layer) {
        RunRoofline points = new RunRoofline(run, layer, selection.phaseProperty().get());
        return Roofline.of(points.work(), points.ceilings().isEmpty()
                ? Machine.ofDevice(run.report().machine().device()).map(Machine::ceilings).orElse(points.ceilings())
                : points.ceilings(), points.missing());
    }

    /// The roofline; empty where no run is selected.
    public ObservableValue<Optional<RooflineFigure>> figureProperty() {
        return figure;
    }

    /// What is shown and how it was measured, or what is missing.
    public ObservableValue<String> captionProperty() {
        return figure.map(f -> f.map(this::caption).orElse(""));
    }

    private String caption(RooflineFigure shown) {
        if (!shown.roofline().missing().isEmpty()) {
            return "not measured: " + shown.roofline().missing().getFirst();
        }
        RunPhase phase = selection.phaseProperty().get();
        return selection.layerProperty().get().map(StoredRun::layerName).orElse("") + " in " + phase.label()
                + shown.reference().map(r -> ", arrows from " + r.name()).orElse("")
                + " · bytes and operations from shapes, times captured";
    }

    /// Looks at an operation, or at none.
    void select(Optional<String> operation) {
        selection.operationProperty().set(operation);
    }

    /// What a point says on hover: its figures with their formulas.
    static String describe(Point p) {
        return p.kernel().name() + "\n" + Unit.COUNT.format(p.kernel().launches()) + " in "
                + Unit.NANOSECONDS.format(p.kernel().timeNs()) + " (" + RooflinePainter.percent(p.share())
                + " of the time)\nintensity " + Unit.FLOP_PER_BYTE.format(p.intensity()) + " = "
                + Unit.FLOP.format(p.kernel().totalFlop()) + " / " + Unit.BYTES.format(p.bytes()) + "\n"
                + Unit.FLOP_PER_SECOND.format(p.flopPerSecond()) + ", "
                + Unit.BYTES_PER_SECOND.format(p.bytesPerSecond())
                + " of " + (p.level() == MemoryLevel.HBM ? "device memory" : "L2") + "\n"
                + (Double.isNaN(p.ofRoof())
                        ? "its roof is not known"
                        : RooflinePainter.percent(p.ofRoof()) + " of its roof, "
                                + Unit.FLOP_PER_SECOND.format(p.roof()) + (p.suspect() ? ": suspect" : ""));
    }

    /// The points as a table.
    public Optional<ReportTable> table() {
        return figure.get().map(f -> RooflineTable.of(f.roofline()));
    }
}
