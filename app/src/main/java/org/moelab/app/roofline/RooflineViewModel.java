package org.moelab.app.roofline;

import java.util.Optional;

import org.moelab.app.roofline.RooflineFigure.Reference;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.RunRoofline;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.model.Unit;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.roofline.Ceilings;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.Machine;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.ProfiledWork;
import org.moelab.traces.roofline.Roofline;
import org.moelab.traces.roofline.Roofline.Point;
import org.moelab.traces.roofline.RooflineTable;
import org.moelab.traces.stats.ReportTable;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.value.ObservableValue;

/// What is selected under its roofs: a report's profiled kernels, else the operations of the selected layer of a run, with
/// arrows from the reference layer. For the JavaFX thread; usable without a toolkit.
public final class RooflineViewModel {
    private final Selection selection;
    private final ObjectBinding<Optional<RooflineFigure>> figure;
    private Optional<Profiled> profiled = Optional.empty();

    /// A report's points, kept because a click on one changes no more than its mark.
    private record Profiled(KernelReport report, Roofline roofline) {}

    /// Follows the selection.
    public RooflineViewModel(Selection selection) {
        this.selection = selection;
        this.figure = Bindings.createObjectBinding(this::draw, selection.runProperty(), selection.layerProperty(),
                selection.referenceProperty(), selection.phaseProperty(), selection.operationProperty(),
                selection.recordingProperty(), selection.kernelProperty());
    }

    private Optional<RooflineFigure> draw() {
        if (selection.recordingProperty().get().orElse(null) instanceof KernelReport report) {
            Profiled now = profiled.filter(p -> p.report.equals(report)).orElseGet(() -> profile(report));
            profiled = Optional.of(now);
            return Optional.of(RooflineFigure.of(now.roofline).selecting(selection.kernelProperty().get()));
        }
        return selection.runProperty().get().flatMap(run -> selection.layerProperty().get().flatMap(run::layer)
                .map(layer -> draw(run, layer)));
    }

    private static Profiled profile(KernelReport report) {
        ProfiledWork work = new ProfiledWork(report);
        Ceilings own = work.ceilings();
        Ceilings all = work.work().stream().map(KernelWork::device).flatMap(d -> Machine.ofDevice(d).stream())
                .findFirst().map(machine -> own.completedBy(machine.ceilings())).orElse(own);
        return new Profiled(report, Roofline.of(KernelWork.byName(work.work()), all, work.missing()));
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
        if (selection.recordingProperty().get().orElse(null) instanceof KernelReport) {
            return shown.roofline().missing().isEmpty()
                    ? "bytes, operations and times by hardware counters; a point all launches of a kernel"
                    : shown.roofline().missing().getFirst();
        }
        if (!shown.roofline().missing().isEmpty()) {
            return "not measured: " + shown.roofline().missing().getFirst();
        }
        RunPhase phase = selection.phaseProperty().get();
        return selection.layerProperty().get().map(StoredRun::layerName).orElse("") + " in " + phase.label()
                + shown.reference().map(r -> ", arrows from " + r.name()).orElse("")
                + " · bytes and operations from shapes, times captured";
    }

    /// Looks at an operation or a profiled kernel, or at none.
    void select(Optional<String> name) {
        if (selection.recordingProperty().get().orElse(null) instanceof KernelReport) {
            selection.kernelProperty().set(name);
        } else {
            selection.operationProperty().set(name);
        }
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
