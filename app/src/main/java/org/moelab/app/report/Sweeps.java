package org.moelab.app.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Chart;
import org.moelab.app.report.document.Block.Heading;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Block.Paragraph;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.SweepAxis;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Figure;
import org.moelab.gpu.bench.SweepReport.Figures;
import org.moelab.gpu.bench.SweepReport.Point;

/// How one layer's speed follows one thing at a time. Absent where nothing was swept.
final class Sweeps implements Part {
    private static final String FILE = SweepFile.NAME + ", axes[].points[]";

    @Override
    public Optional<Section> of(Subject subject) {
        try {
            Optional<SweepReport> sweeps = subject.run().sweeps();
            return sweeps.isPresent() ? Optional.of(section(subject, sweeps.get())) : aside(subject);
        } catch (IOException _) {
            return Optional.of(section(List.of(new Note(true, SweepFile.NAME + " cannot be read."))));
        }
    }

    /// Sweeps that are there and not of the run: a line, no figures.
    private static Optional<Section> aside(Subject subject) {
        List<Block> lines = Artefacts.aside(subject, SweepFile.NAME);
        return lines.isEmpty() ? Optional.empty() : Optional.of(section(lines));
    }

    private static Section section(List<Block> blocks) {
        return new Section("sweeps", "Sweeps", blocks);
    }

    private static Section section(Subject subject, SweepReport sweeps) {
        SweepReport.Asked asked = sweeps.asked();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph(String.format(Locale.ROOT,
                "%s with one thing varied and all else as asked: batch %d, prompt %d, %d new tokens, %s a point. Low and"
                        + " high are the slowest and the fastest run.",
                Words.begin(asked.layer()), asked.batch(), asked.prompt(), asked.generate(),
                asked.repeats() == 1 ? "one run" : asked.repeats() + " runs")));
        if (!sweeps.complete()) {
            blocks.add(new Note(true, SweepFile.NAME + " is not complete: it holds what was measured until it ended."));
        }
        for (Axis axis : sweeps.axes()) {
            add(subject, axis, blocks);
        }
        List<String> never = asked.sweeps().stream().map(SweepReport.Sweep::axis)
                .filter(name -> sweeps.axis(name).isEmpty()).toList();
        if (!never.isEmpty()) {
            blocks.add(new Note(true, "Asked for and not measured: " + String.join(", ", never) + "."));
        }
        return section(blocks);
    }

    private static void add(Subject subject, Axis axis, List<Block> blocks) {
        blocks.add(new Heading("By " + word(axis)));
        List<RunPhase> phases = phases(axis);
        if (subject.draws() && !phases.isEmpty() && axis.points().size() > 1) {
            blocks.add(new Chart("sweep-" + axis.axis() + "-chart",
                    "Tokens a second by " + word(axis)
                            + ", median of the runs; whiskers from the slowest to the fastest",
                    described(axis, phases.getFirst()), new SweepFigure(axis, phases)));
        }
        blocks.add(new Paragraph("Varied: " + axis.what() + "."));
        axis.notMeasured().ifPresent(what -> blocks.add(new Note(false, "Not measured: " + what + ".")));
        if (axis.points().isEmpty()) {
            blocks.add(new Note(true, "Not measured: no point was reached."));
            return;
        }
        blocks.add(table(axis));
        axis.points().forEach(point -> point.refused().ifPresent(why -> blocks.add(
                new Note(true, "Not measured, " + word(axis) + " " + point.value() + ": " + why))));
    }

    /// What is varied, as people write it.
    static String word(Axis axis) {
        return axis.axis().equals(SweepAxis.GPUS.label()) ? "GPUs" : axis.axis();
    }

    /// The phases that a sweep is about.
    private static List<RunPhase> phases(Axis axis) {
        return Subject.PHASES.stream().filter(phase -> isAbout(axis, phase))
                .filter(phase -> axis.points().stream().anyMatch(p -> rate(p, phase).isPresent())).toList();
    }

    private static boolean isAbout(Axis axis, RunPhase phase) {
        return SweepAxis.of(axis.axis()).map(kind -> switch (kind) {
            case CONTEXT -> phase == RunPhase.DECODE;
            case PROMPT -> phase == RunPhase.PREFILL;
            case BATCH, PRECISION, GPUS -> true;
        }).orElse(true);
    }

    /// A point's rate in a phase; empty where it was refused, or had no steps of the phase.
    static Optional<Figure> rate(Point point, RunPhase phase) {
        return point.figures().flatMap(f -> phase == RunPhase.DECODE ? f.decode() : Optional.of(f.prefill()));
    }

    /// Whether the values of an axis are numbers.
    static boolean isNumeric(Axis axis) {
        return axis.points().stream().allMatch(p -> p.value().matches("\\d+"));
    }

    private static String described(Axis axis, RunPhase phase) {
        return "Tokens a second in " + phase.label() + ": " + axis.points().stream()
                .map(p -> p.value() + " "
                        + rate(p, phase).map(r -> Words.rate(r.median())).orElse(Words.NOT_MEASURED))
                .collect(Collectors.joining(", "));
    }

    private static Table table(Axis axis) {
        boolean decodes = axis.points().stream().anyMatch(p -> rate(p, RunPhase.DECODE).isPresent());
        String unit = axis.unit();
        String name = Words.capital(word(axis));
        List<Column> columns = new ArrayList<>();
        columns.add(isNumeric(axis)
                ? Column.number(name, unit, 0, Basis.RECORDED, FILE + ".value")
                : Column.text(name, Basis.RECORDED, FILE + ".value"));
        if (decodes) {
            rate(columns, "Decode", "decode");
            columns.add(Column.number("TPOT", "ms", 3, Basis.MEASURED, FILE + ".figures.tpot.median"));
        }
        rate(columns, "Prefill", "prefill");
        columns.add(Column.number("TTFT", "ms", 3, Basis.MEASURED, FILE + ".figures.ttft.median"));
        columns.add(Column.number("Runs", "", 0, Basis.MEASURED, FILE + ".figures.ttft.runs"));
        Table.Builder table = Table.of("sweep-" + axis.axis(), "By " + word(axis) + ", in the order asked for",
                columns.toArray(Column[]::new));
        for (Point point : axis.points()) {
            table.row(row(axis, point, decodes).toArray());
        }
        return table.build();
    }

    private static void rate(List<Column> columns, String name, String field) {
        String source = FILE + ".figures." + field;
        columns.add(Column.number(name, "tok/s", 1, Basis.MEASURED, source + ".median"));
        columns.add(Column.number(name + " low", "tok/s", 1, Basis.MEASURED, source + ".low"));
        columns.add(Column.number(name + " high", "tok/s", 1, Basis.MEASURED, source + ".high"));
    }

    private static List<Object> row(Axis axis, Point point, boolean decodes) {
        List<Object> cells = new ArrayList<>();
        cells.add(isNumeric(axis) ? Double.valueOf(point.value()) : point.value());
        Cell absent = point.refused().isPresent() ? new Cell.Absent("refused") : Cell.NONE;
        if (decodes) {
            rate(cells, point.figures().flatMap(Figures::decode), absent);
            cells.add(point.figures().flatMap(Figures::tpot).<Object>map(Figure::median).orElse(Cell.NONE));
        }
        rate(cells, point.figures().map(Figures::prefill), absent);
        cells.add(point.figures().<Object>map(f -> f.ttft().median()).orElse(Cell.NONE));
        cells.add(point.figures().<Object>map(f -> f.ttft().runs()).orElse(Cell.NONE));
        return cells;
    }

    private static void rate(List<Object> cells, Optional<Figure> figure, Cell absent) {
        cells.add(figure.<Object>map(Figure::median).orElse(absent));
        cells.add(figure.<Object>map(Figure::low).orElse(Cell.NONE));
        cells.add(figure.<Object>map(Figure::high).orElse(Cell.NONE));
    }
}
