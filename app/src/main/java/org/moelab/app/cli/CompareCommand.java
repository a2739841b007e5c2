package org.moelab.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.compare.Comparison;
import org.moelab.traces.compare.ComparisonJson;
import org.moelab.traces.compare.ComparisonTables;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.compare.MetricComparison;
import org.moelab.traces.compare.WallTime;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.AnalysisSection;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `moelab compare`: two recordings against each other.
@Command(name = "compare", description = "Compare two recordings: kernels and ranges matched, differences that sum exactly to the whole difference.", footer = {
        "",
        "Timelines can be of any tools. Where both have steps (ProfilerStep, NVTX ranges named step or iteration), a",
        "difference is held against the spread between steps. Profiled kernels are compared metric by metric.", "",
        "Examples:",
        "  moelab compare before.sqlite after.sqlite",
        "  moelab compare before.sqlite after.sqlite --by range --format csv -o ranges.csv",
        "  moelab compare before.ncu-rep after.ncu-rep --format json", "",
        RootCommand.EXIT_CODES })
final class CompareCommand implements Callable<Integer> {
    private enum By {
        KERNEL, RANGE, KIND, WALL, METRIC
    }

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "A", description = "The recording that the other is compared with.")
    private Path fileA = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The other recording.")
    private Path fileB = Path.of("");

    @Option(names = "--by", paramLabel = "BY", description = "What a row is: kernel, range, kind, wall (where the devices' time went) or metric (of profiled kernels). Default: metric for profiled kernels, else kernel.")
    private Optional<By> by = Optional.empty();

    @Option(names = "--format", paramLabel = "F", description = "table, csv or json. Default: by the ending of -o, else table.")
    private Optional<TableFormat> format = Optional.empty();

    @Option(names = { "-o", "--output" }, paramLabel = "OUT", description = "A file. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws TraceReadException, IOException, CommandFailure {
        try (Work work = Work.begin(terminal)) {
            Recording a = work.open(fileA);
            work.tellWarnings(a);
            Recording b = work.open(fileB);
            work.tellWarnings(b);
            Optional<String> obstacle = Comparison.obstacle(a, b);
            if (obstacle.isPresent()) {
                throw new CommandFailure(fileA + ", " + fileB + ": " + obstacle.get());
            }
            By rows = by.orElse(a instanceof KernelReport ? By.METRIC : By.KERNEL);
            Comparison comparison = Comparison.of(a, b, switch (rows) {
                case KERNEL, WALL, METRIC -> Grouping.KERNEL;
                case RANGE -> Grouping.RANGE;
                case KIND -> Grouping.KIND;
            });
            work.checkCancelled();
            write(a, b, comparison, rows);
        }
        return CommandLineInterface.DONE;
    }

    private void write(Recording a, Recording b, Comparison comparison, By rows) throws IOException, CommandFailure {
        TextOutput out = new TextOutput(terminal.out(), output);
        TableFormat as = out.format(format);
        Optional<MetricComparison> metrics = a instanceof KernelReport reportA && b instanceof KernelReport reportB
                ? Optional.of(MetricComparison.of(reportA, reportB))
                : Optional.empty();
        if (as == TableFormat.JSON) {
            out.write(to -> to.write((metrics.isPresent()
                    ? ComparisonJson.of(comparison, metrics.get())
                    : ComparisonJson.of(comparison)).toPrettyString() + "\n"));
            return;
        }
        ReportTable table = switch (rows) {
            case KERNEL, RANGE, KIND -> ComparisonTables.rows(comparison);
            case WALL -> ComparisonTables.wall(wall(comparison.a()), wall(comparison.b()));
            case METRIC -> metricTable(metrics.orElseThrow(() -> new CommandFailure(
                    fileA + ": a timeline holds no metrics of kernels; compare it by kernel, range, kind or wall")),
                    as);
        };
        out.write(as == TableFormat.TABLE ? to -> writeText(comparison, rows, table, to) : to -> as.write(table, to));
    }

    private WallTime wall(Comparison.Side side) throws CommandFailure {
        return side.wall().orElseThrow(() -> new CommandFailure(
                fileA + ": profiled kernels have durations and no times; compare them by metric or kernel"));
    }

    /// All metrics for scripts; for people those that Nsight Compute's sections have in their headings.
    private static ReportTable metricTable(MetricComparison metrics, TableFormat as) {
        if (as != TableFormat.TABLE) {
            return ComparisonTables.metrics(metrics, _ -> true);
        }
        Set<String> headings = new HashSet<>(Set.of(KernelReport.DURATION, "Duration"));
        for (ProfiledKernel kernel : metrics.a().kernels()) {
            for (AnalysisSection section : kernel.sections()) {
                section.header().forEach(m -> headings.add(m.metric()));
            }
        }
        return ComparisonTables.metrics(metrics, headings::contains);
    }

    private static void writeText(Comparison comparison, By rows, ReportTable table, Writer to) throws IOException {
        to.write("Device time: A " + Unit.NANOSECONDS.format(comparison.totalANs()) + ", B "
                + Unit.NANOSECONDS.format(comparison.totalBNs()) + ", difference "
                + Unit.NANOSECONDS.format(comparison.deltaNs()) + steps(comparison) + "\n\n");
        TableFormat.TABLE.write(table, to);
        Optional<WallTime> a = comparison.a().wall();
        Optional<WallTime> b = comparison.b().wall();
        if (rows != By.WALL && a.isPresent() && b.isPresent()) {
            to.write("\n");
            TableFormat.TABLE.write(ComparisonTables.wall(a.get(), b.get()), to);
        }
    }

    private static String steps(Comparison comparison) {
        return comparison.a().steps() == 0 && comparison.b().steps() == 0
                ? ""
                : "; " + Unit.counted(comparison.a().steps(), "step") + " in A, "
                        + Unit.counted(comparison.b().steps(), "step") + " in B";
    }
}
