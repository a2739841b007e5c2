package org.moelab.app.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.OperationFloors;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Warning;

/// The kernels that took longest in the captured timeline of the highest layer.
final class TopKernels implements Part {
    private static final int MOST = 15;

    @Override
    public Optional<Section> of(Subject subject) {
        LayerResult top = subject.run().top();
        List<Block> blocks = new ArrayList<>();
        Optional<Path> file = subject.run().timeline(top);
        if (file.isEmpty()) {
            blocks.add(new Note(true, top.timeline().isPresent()
                    ? "The captured timeline of " + StoredRun.layerName(top.layer()) + " is no longer in the directory."
                    : "Not measured: no timeline of " + StoredRun.layerName(top.layer())
                            + " was captured; run with --profile minimal on a GPU where CUPTI is found."));
        } else {
            try {
                add(subject, top, file.get(), blocks);
            } catch (TraceReadException e) {
                blocks.add(new Note(true, "The captured timeline " + file.get().getFileName() + " cannot be read."));
            }
        }
        return Optional.of(new Section("kernels", "Top kernels", blocks));
    }

    private static void add(Subject subject, LayerResult top, Path file, List<Block> blocks)
            throws TraceReadException {
        Recording recording = Recordings.open(file, ImportOptions.DEFAULT, subject.monitor());
        if (!(recording instanceof Trace trace)) {
            blocks.add(new Note(true, file.getFileName() + " is no timeline."));
            return;
        }
        blocks.add(new Paragraph("From " + file.getFileName()
                + ", captured apart from the timed runs: one prompt, then "
                + top.timeline().map(t -> t.steps() + " decode steps").orElse("decode steps")
                + ". Times are durations of kernels: time in"
                + " which two overlap, as where one was started early and waits, counts for both. A floor is that of the whole"
                + " operation, of all kernels that run it."));
        for (Warning warning : trace.warnings()) {
            blocks.add(new Note(true, warning.message()));
        }
        CapturedKernels kernels = CapturedKernels.of(trace);
        for (RunPhase phase : Subject.PHASES) {
            blocks.add(new Heading(Words.begin(top.layer()) + " in " + phase.label()));
            blocks.add(kernels.of(phase).isEmpty()
                    ? new Note(true, "The timeline holds no kernels of " + phase.label() + ".")
                    : table(subject, top, phase, kernels.of(phase)));
        }
    }

    private static Table table(Subject subject, LayerResult top, RunPhase phase, List<CapturedKernels.Row> rows) {
        int steps = phase.cost(top).map(PhaseCost::steps).orElse(1);
        double all = rows.stream().mapToLong(CapturedKernels.Row::ns).sum();
        Optional<OperationFloors> floors = OperationFloors.of(subject.run(), top, phase);
        String step = phase == RunPhase.DECODE ? "a step" : "a prompt";
        Table.Builder table = Table.of("kernels-" + phase.label(),
                (rows.size() <= MOST ? "All " + rows.size() : "The " + MOST + " that took longest of " + rows.size())
                        + " kernels by name and operation, " + step,
                Column.code("Kernel", Basis.MEASURED, "the timeline's name"),
                Column.text("Operation", Basis.RECORDED, "the timeline's, all layers of the model together"),
                Column.number("Calls", "", 1, Basis.MEASURED, "launches ÷ steps"),
                Column.number("Time", "µs", 2, Basis.MEASURED, "sum of durations ÷ steps"),
                Column.number("Mean", "µs", 2, Basis.MEASURED, "sum of durations ÷ launches"),
                Column.number("Share", "%", 1, Basis.MEASURED, "of all kernels' time in the phase"),
                Column.number("Operation's floor", "µs", 2, Basis.ANALYTIC,
                        "the larger of bytes ÷ measured bandwidth and FLOPs ÷ measured rate"),
                Column.number("Operation over floor", "×", 2, Basis.COMPUTED, "the operation's captured time ÷ floor"));
        for (CapturedKernels.Row row : rows.subList(0, Math.min(MOST, rows.size()))) {
            Optional<OperationFloors.Row> floor = row.operation().flatMap(name -> floors
                    .flatMap(f -> f.rows().stream().filter(r -> r.name().equals(name)).findFirst()));
            table.row(row.kernel(), row.operation().<Cell>map(Cell.Text::new).orElse(new Cell.Absent("none")),
                    (double) row.calls() / steps, row.ns() / 1e3 / steps, row.ns() / 1e3 / row.calls(),
                    row.ns() / all * 100, floor.<Cell>map(f -> new Cell.Value(f.floorUs())).orElse(Cell.NONE),
                    floor.flatMap(OperationFloors.Row::timesFloor).<Cell>map(Cell.Value::new).orElse(Cell.NONE));
        }
        double rest = rows.stream().skip(MOST).mapToLong(CapturedKernels.Row::ns).sum();
        if (rest > 0) {
            table.row("others", Cell.NONE, rows.stream().skip(MOST).mapToInt(CapturedKernels.Row::calls).sum()
                    / (double) steps, rest / 1e3 / steps, Cell.NONE, rest / all * 100, Cell.NONE, Cell.NONE);
        }
        return table.add(Table.Rank.SUM, "all kernels", Cell.NONE,
                rows.stream().mapToInt(CapturedKernels.Row::calls).sum() / (double) steps, all / 1e3 / steps, Cell.NONE,
                100.0, Cell.NONE, Cell.NONE).build();
    }
}
