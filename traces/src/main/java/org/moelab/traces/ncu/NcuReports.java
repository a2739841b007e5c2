package org.moelab.traces.ncu;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.ProfiledKernel.Launch;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.RuleResult.Message;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportProvider;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Tables of profiled kernels: `ncu_kernels`, `ncu_metrics`, `ncu_rules`.
public final class NcuReports implements ReportProvider {
    static final Column KERNEL_INDEX = Column.whole("kernel_idx", Unit.NONE,
            "position of the kernel in the report, from 0");
    static final Column KERNEL = Column.text("kernel", "the kernel's fullest readable name");

    @Override
    public List<Report> reports() {
        return List.of(
                new KernelReportTable("ncu_kernels", "Profiled kernels of an Nsight Compute report, in its order",
                        NcuReports::kernels),
                new KernelReportTable("ncu_metrics",
                        "Every metric of every kernel of an Nsight Compute report, to full precision",
                        NcuReports::metrics),
                new KernelReportTable("ncu_rules", "What Nsight Compute's rules found, a row a finding",
                        NcuReports::rules));
    }

    private record KernelReportTable(String name, String title, Function<KernelReport, ReportTable> table)
            implements
                Report {
        @Override
        public Optional<String> missing(Recording recording) {
            return recording instanceof KernelReport
                    ? Optional.empty()
                    : Optional.of("the file records a timeline, not kernels profiled by Nsight Compute");
        }

        @Override
        public ReportTable run(Recording recording, ReportOptions options) {
            if (recording instanceof KernelReport report) {
                return table.apply(report);
            }
            throw new IllegalArgumentException(name + " needs a kernel report");
        }
    }

    private static ReportTable kernels(KernelReport report) {
        ReportTable.Builder table = ReportTable.builder(
                Column.whole("idx", Unit.NONE, "position in the report, from 0"),
                Column.text("function", "the function's name alone"),
                Column.text("demangled", "the name with template arguments and parameters, where the report has it"),
                Column.text("mangled", "the name in the module's symbol table"),
                Column.text("grid", "blocks in x, y, z"),
                Column.text("block", "threads of a block in x, y, z"),
                Column.whole("device", Unit.NONE, "id of the device"),
                Column.whole("context", Unit.NONE, "CUDA context"),
                Column.whole("stream", Unit.NONE, "CUDA stream"),
                Column.whole("n_metrics", Unit.COUNT, "rows of ncu_metrics for the kernel"),
                Column.whole("n_sections", Unit.COUNT, "sections collected"),
                Column.whole("n_rules", Unit.COUNT, "rules that ran"),
                Column.real("gpu__time_duration.sum(ns)", Unit.NANOSECONDS,
                        "time on the GPU as the profiler measured it",
                        -1));
        for (ProfiledKernel kernel : report.kernels()) {
            MetricTable metrics = report.metrics();
            Launch launch = kernel.launch();
            table.row(kernel.index(), kernel.name().function(), kernel.name().demangled(), kernel.name().mangled(),
                    launch.grid().toString(), launch.block().toString(),
                    launch.device().isPresent() ? Cell.of(launch.device().getAsInt()) : Cell.Missing.MISSING,
                    known(launch.context()), known(launch.stream()),
                    metrics.end(kernel.index()) - metrics.begin(kernel.index()), kernel.sections().size(),
                    kernel.rules().size(), report.durationNs(kernel));
        }
        return table.build();
    }

    private static Cell known(long id) {
        return id >= 0 ? Cell.of(id) : Cell.Missing.MISSING;
    }

    private static ReportTable metrics(KernelReport report) {
        ReportTable.Builder table = ReportTable.builder(KERNEL_INDEX, KERNEL,
                Column.text("metric", "the metric's name, or its label in a CSV page that has no more"),
                Column.text("type", "how the report keeps the value"),
                Column.real("value", Unit.NONE, "the value in the unit beside it, to full precision", -1),
                Column.text("unit", "the unit that the file states, else deduced from the metric's name"),
                Column.whole("n_instances", Unit.COUNT,
                        "values by instruction, opcode, unit or time that the value is made of"));
        MetricTable metrics = report.metrics();
        for (ProfiledKernel kernel : report.kernels()) {
            String name = kernel.name().display();
            for (int row = metrics.begin(kernel.index()); row < metrics.end(kernel.index()); row++) {
                table.row(kernel.index(), name, metrics.name(row), metrics.type(row).title(), value(metrics, row),
                        metrics.unitText(row), metrics.instanceCount(row));
            }
        }
        return table.build();
    }

    private static Cell value(MetricTable metrics, int row) {
        return switch (metrics.type(row)) {
            case NONE -> Cell.Missing.MISSING;
            case TEXT -> Cell.of(metrics.text(row));
            case FLOAT, DOUBLE -> Cell.of(metrics.number(row));
            // beyond 63 bits only text holds an unsigned number
            case UINT32, UINT64 ->
                metrics.bits(row) >= 0 ? Cell.of(metrics.bits(row)) : Cell.of(metrics.text(row));
        };
    }

    private static ReportTable rules(KernelReport report) {
        ReportTable.Builder table = ReportTable.builder(KERNEL_INDEX, KERNEL,
                Column.text("section", "the section that the rule belongs to"),
                Column.text("rule", "the rule's stable name"),
                Column.text("name", "the rule's name for people"),
                Column.text("type", "INF information, WRN warning, ERR error, OPT optimization"),
                Column.text("title", "what it is about"),
                Column.text("message", "the finding"),
                Column.text("speedup_type", "local: of the part looked at; global: of the kernel"),
                Column.real("estimated_speedup", Unit.PERCENT,
                        "what following the finding may gain, as the rule reckons",
                        -1));
        for (ProfiledKernel kernel : report.kernels()) {
            for (RuleResult rule : kernel.rules()) {
                for (Message message : rule.messages()) {
                    table.row(kernel.index(), kernel.name().display(), rule.section(), rule.identifier(), rule.name(),
                            message.type().code(), message.title(), message.text(),
                            message.speedup().map(s -> s.scope().title()).orElse(""),
                            message.speedup().map(s -> Cell.of(s.percent())).orElse(Cell.Missing.MISSING));
                }
            }
        }
        return table.build();
    }
}
