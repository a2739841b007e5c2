package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.inference.InferenceFigures;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.roofline.RooflineFigure;
import org.moelab.app.run.OperationFloors;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.RunRoofline;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.traces.roofline.Ceilings;
import org.moelab.traces.roofline.Machine;
import org.moelab.traces.roofline.Precision;
import org.moelab.traces.roofline.Roofline;
import org.moelab.traces.roofline.Roofline.Point;

/// The highest layer's operations under the ceilings of the machine, and how far each is from its floor.
final class Rooflines implements Part {
    @Override
    public Optional<Section> of(Subject subject) {
        List<Block> blocks = new ArrayList<>();
        LayerResult top = subject.run().top();
        for (RunPhase phase : Subject.PHASES) {
            blocks.add(new Heading(Words.begin(top.layer()) + " in " + phase.label()));
            RunRoofline points = new RunRoofline(subject.run(), top, phase);
            points.missing().forEach(missing -> blocks.add(new Note(true, "Not measured: " + missing + ".")));
            if (points.work().isEmpty()) {
                continue;
            }
            Roofline roofline = roofline(subject.run(), top, phase);
            if (subject.draws()) {
                blocks.add(chart(subject, top, phase, roofline));
            }
            blocks.add(points(roofline, phase));
            if (subject.draws()) {
                InferenceFigures.floors(subject.run(), top, phase).ifPresent(figure -> blocks.add(new Chart(
                        "floors-" + phase.label(),
                        "Captured time of each operation (measured) against its floor (analytic), " + phase.label(),
                        described(subject.run(), top, phase), figure)));
            }
            OperationFloors.of(subject.run(), top, phase).ifPresent(floors -> blocks.add(floors(floors, phase)));
        }
        return Optional.of(new Section("roofline", "Roofline and floors", blocks));
    }

    private static Roofline roofline(StoredRun run, LayerResult layer, RunPhase phase) {
        RunRoofline points = new RunRoofline(run, layer, phase);
        Ceilings ceilings = points.ceilings().isEmpty()
                ? Machine.ofDevice(run.report().machine().device()).map(Machine::ceilings).orElse(points.ceilings())
                : points.ceilings();
        return Roofline.of(points.work(), ceilings, points.missing());
    }

    private static Chart chart(Subject subject, LayerResult top, RunPhase phase, Roofline roofline) {
        RooflineFigure plain = new RooflineFigure(
                "Roofline of " + subject.run().name() + ": " + StoredRun.layerName(top.layer()) + " in "
                        + phase.label(),
                roofline, RooflineFigure.USUAL_LABELS, Optional.empty(), Optional.empty());
        Optional<LayerResult> before = subject.lowest()
                .filter(l -> !new RunRoofline(subject.run(), l, phase).work().isEmpty());
        RooflineFigure figure = before.map(l -> plain.from(new RooflineFigure.Reference(StoredRun.layerName(l.layer()),
                roofline(subject.run(), l, phase)))).orElse(plain);
        boolean own = subject.run().report().ceilings().isPresent();
        return new Chart("roofline-" + phase.label(), "Operations in " + phase.label() + " under the machine's roofs"
                + before.map(l -> ", arrows from " + StoredRun.layerName(l.layer())).orElse("")
                + "; bytes and operations analytic, times captured, roofs "
                + (own ? "measured in this run" : "of the table of machines: this run measured none"),
                roofline.points().size() + " operations of " + StoredRun.layerName(top.layer()) + " in " + phase.label()
                        + "; their figures are in the table below",
                figure);
    }

    private static Table points(Roofline roofline, RunPhase phase) {
        Table.Builder table = Table.of("points-" + phase.label(), "The points of the roofline, the longest first",
                Column.text("Operation", Basis.RECORDED, "run.json, " + phase.label() + ".operations[].name"),
                Column.number("Time", "%", 1, Basis.MEASURED, "captured time_us as a share of all operations'"),
                Column.number("Intensity", "FLOP/B", 3, Basis.ANALYTIC, "flops ÷ bytes, both from shapes"),
                Column.number("Reached", "GB/s", 0, Basis.COMPUTED, "bytes (analytic) ÷ time_us (captured)"),
                Column.number("Reached", "GFLOP/s", 0, Basis.COMPUTED, "flops (analytic) ÷ time_us (captured)"),
                Column.number("Of roof", "%", 1, Basis.COMPUTED,
                        "what was reached of the lower of intensity × bandwidth and the precision's rate"),
                Column.text("Bound by", Basis.ANALYTIC, "the roof that leaves it the longest time"),
                Column.text("Roof", Basis.ANALYTIC, "the precision whose rate it is held to, by its family of work"));
        for (Point p : roofline.points()) {
            table.row(p.kernel().name(), p.share() * 100, p.intensity(), p.bytesPerSecond() / 1e9,
                    p.flopPerSecond() / 1e9, Double.isNaN(p.ofRoof()) ? Cell.NOT_MEASURED : p.ofRoof() * 100,
                    p.bound().name().toLowerCase(Locale.ROOT) + (p.suspect() ? ", above its roof" : ""),
                    roofline.mainPrecision(p.kernel()).map(Precision::title).<Cell>map(Cell.Text::new)
                            .orElse(new Cell.Absent("no FLOPs")));
        }
        return table.build();
    }

    private static String described(StoredRun run, LayerResult layer, RunPhase phase) {
        return OperationFloors.of(run, layer, phase)
                .map(f -> "In all " + Words.us(f.measuredUs()) + " captured against a floor of "
                        + Words.us(f.floorUs()))
                .orElse("");
    }

    private static Table floors(OperationFloors floors, RunPhase phase) {
        String step = phase == RunPhase.DECODE ? "a decode step" : "a prompt";
        Table.Builder table = Table.of("floors-table-" + phase.label(),
                "Operations against their floors, " + step + ", the one that loses most first",
                Column.text("Operation", Basis.RECORDED, "run.json, " + phase.label() + ".operations[].name"),
                Column.number("Time", "µs", 2, Basis.MEASURED, "time_us ÷ steps, captured"),
                Column.number("Floor", "µs", 2, Basis.ANALYTIC,
                        "the larger of bytes ÷ ceilings.read_bytes_per_second and flops ÷ the measured rate"),
                Column.text("By", Basis.ANALYTIC, "what sets the floor"),
                Column.number("Lost", "µs", 2, Basis.COMPUTED, "time − floor; negative where a cache held its data"),
                Column.number("Over floor", "×", 2, Basis.COMPUTED, "time ÷ floor"),
                Column.code("Implementation", Basis.RECORDED, "operations[].implementation"));
        for (OperationFloors.Row row : floors.rows()) {
            table.row(row.name(), row.measuredUs(), row.floorUs(), row.bound(), row.lostUs(),
                    row.timesFloor().<Cell>map(Cell.Value::new).orElse(Cell.NONE), row.implementation());
        }
        return table.add(Table.Rank.SUM, "all captured operations", floors.measuredUs(), floors.floorUs(), Cell.NONE,
                floors.measuredUs() - floors.floorUs(), floors.measuredUs() / floors.floorUs(), Cell.NONE).build();
    }
}
