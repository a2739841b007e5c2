package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.NavigableSet;
import java.util.TreeSet;

import org.moelab.traces.model.KernelModule;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.LineTable;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Unit;
import org.moelab.traces.ncu.KernelCode.Instruction;
import org.moelab.traces.ncu.SourceHeat.Heat;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportProvider;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Tables of profiled kernels' code: `ncu_instructions`, `ncu_source`.
public final class CodeReports implements ReportProvider {
    /// What a report without figures by instruction lacks, and how to collect it.
    static final String LACKING = "no kernel was profiled by instruction; "
            + "collect it with: ncu --section SourceCounters --import-source yes -o FILE PROGRAM";
    private static final String STALL = "stall_";

    @Override
    public List<Report> reports() {
        return List.of(new Instructions(), new Lines());
    }

    private static Optional<String> missing(Recording recording) {
        return !(recording instanceof KernelReport report)
                ? Optional.of("the file records a timeline, not kernels profiled by Nsight Compute")
                : report.kernels().stream().noneMatch(k -> KernelCode.isIn(report, k))
                        ? Optional.of(LACKING)
                        : Optional.empty();
    }

    /// A row an instruction.
    private static final class Instructions implements Report {
        @Override
        public String name() {
            return "ncu_instructions";
        }

        @Override
        public String title() {
            return "What was counted and sampled at each instruction of each kernel of an Nsight Compute report";
        }

        @Override
        public Optional<String> missing(Recording recording) {
            return CodeReports.missing(recording);
        }

        @Override
        public List<String> notes(Recording recording) {
            return recording instanceof KernelReport report
                    ? report.kernels().stream().filter(k -> KernelCode.isIn(report, k))
                            .map(k -> Listing.of(report.module(k).flatMap(KernelModule::cubin)))
                            .filter(Listing::isEmpty).map(Listing::origin).distinct().toList()
                    : List.of();
        }

        @Override
        public ReportTable run(Recording recording, ReportOptions options) {
            KernelReport report = (KernelReport) recording;
            NavigableSet<String> reasons = reasons(report);
            ReportTable.Builder table = ReportTable.builder(columns(reasons).toArray(Column[]::new));
            for (ProfiledKernel kernel : report.kernels()) {
                KernelCode.of(report, kernel)
                        .ifPresent(code -> code.instructions().forEach(i -> table.row(row(code, i, reasons))));
            }
            return table.build();
        }

        private static List<Column> columns(NavigableSet<String> reasons) {
            List<Column> columns = new ArrayList<>(List.of(NcuReports.KERNEL_INDEX, NcuReports.KERNEL,
                    Column.text("function", "mangled name of the function that the instruction is of"),
                    Column.whole("offset", Unit.BYTES, "from the function's first instruction"),
                    Column.text("address", "where it was loaded, in hexadecimal"),
                    Column.text("sass", "its text, by the machine's nvdisasm or cuobjdump; empty where there is none"),
                    Column.text("encoding", "its 128 bits in hexadecimal, high word first"),
                    Column.text("file", "the source file that it was made from, as the compiler knew it"),
                    Column.whole("line", Unit.NONE, "the source line"),
                    Column.whole("samples", Unit.COUNT, "samples of the program counter at it: "
                            + KernelCode.SAMPLES + ", or the sum over the reasons where that is not in the report"),
                    Column.real("samples_share", Unit.PERCENT, "of the kernel's samples", -1),
                    Column.whole(KernelCode.EXECUTED, Unit.COUNT, "times that a warp issued it"),
                    Column.whole(KernelCode.THREADS, Unit.COUNT, "times that a thread ran it"),
                    Column.text("note", "what a rule of Nsight Compute marks it with")));
            reasons.forEach(r -> columns.add(
                    Column.whole(STALL + r, Unit.COUNT,
                            "samples whose warp waited for this: " + KernelCode.STALLS + r)));
            return columns;
        }

        private static Object[] row(KernelCode code, Instruction i, NavigableSet<String> reasons) {
            List<Object> row = new ArrayList<>(List.of(code.kernel().index(), code.kernel().name().display(),
                    i.function(), i.offset() < 0 ? Cell.Missing.MISSING : Cell.of((long) i.offset()),
                    Long.toHexString(i.address()), i.text(), i.encoding(), i.line().map(l -> l.path()).orElse(""),
                    i.line().map(l -> Cell.of((long) l.line())).orElse(Cell.Missing.MISSING),
                    sampled(code, i.samples()), share(code, i.samples()), executed(code, i.executed()),
                    threads(code, i.threads()), i.note()));
            reasons.forEach(r -> row.add(sampled(code, i.stalls().getOrDefault(r, 0L))));
            return row.toArray();
        }

        private static NavigableSet<String> reasons(KernelReport report) {
            NavigableSet<String> reasons = new TreeSet<>();
            MetricTable metrics = report.metrics();
            for (int row = 0; row < metrics.size(); row++) {
                if (metrics.instanceCount(row) > 0) {
                    KernelCode.reason(metrics.name(row)).ifPresent(reasons::add);
                }
            }
            return reasons;
        }
    }

    /// A row a source line.
    private static final class Lines implements Report {
        @Override
        public String name() {
            return "ncu_source";
        }

        @Override
        public String title() {
            return "What was counted and sampled by source line of each kernel of an Nsight Compute report";
        }

        @Override
        public Optional<String> missing(Recording recording) {
            Optional<String> lacks = CodeReports.missing(recording);
            return lacks.isPresent() || !(recording instanceof KernelReport report)
                    || report.modules().stream().flatMap(m -> m.cubin().stream())
                            .anyMatch(c -> c.section(".debug_line").isPresent())
                                    ? lacks
                                    : Optional.of("the kernels' code does not tell source lines; compile it with "
                                            + "-lineinfo");
        }

        @Override
        public ReportTable run(Recording recording, ReportOptions options) {
            KernelReport report = (KernelReport) recording;
            ReportTable.Builder table = ReportTable.builder(NcuReports.KERNEL_INDEX, NcuReports.KERNEL,
                    Column.text("file", "the source file as the compiler knew it; empty for instructions of no line"),
                    Column.whole("line", Unit.NONE, "the source line"),
                    Column.text("source", "its text, where the report embeds the file"),
                    Column.whole("instructions", Unit.COUNT, "instructions that were made from it"),
                    Column.whole("samples", Unit.COUNT, "samples of the program counter at them"),
                    Column.real("samples_share", Unit.PERCENT, "of the kernel's samples", -1),
                    Column.whole(KernelCode.EXECUTED, Unit.COUNT, "times that a warp issued one of them"),
                    Column.whole(KernelCode.THREADS, Unit.COUNT, "times that a thread ran one of them"),
                    Column.text("mostly", "what its sampled warps waited for most, issuing included"));
            for (ProfiledKernel kernel : report.kernels()) {
                KernelCode.of(report, kernel, Listing.none("")).filter(KernelCode::hasLines)
                        .ifPresent(code -> add(table, code));
            }
            return table.build();
        }

        private static void add(ReportTable.Builder table, KernelCode code) {
            SourceHeat heat = SourceHeat.of(code);
            Map<String, List<String>> texts = new HashMap<>();
            code.files().forEach(f -> texts.put(LineTable.plain(f.path()), f.content().lines().toList()));
            for (SourceHeat.File file : heat.files()) {
                List<String> text = texts.getOrDefault(file.path(), List.of());
                file.lines().forEach((line, at) -> table.row(row(code, file.path(), Cell.of((long) line),
                        line <= text.size() ? text.get(line - 1) : "", at)));
            }
            heat.unplaced().ifPresent(at -> table.row(row(code, "", Cell.Missing.MISSING, "", at)));
        }

        private static Object[] row(KernelCode code, String path, Cell line, String text, Heat at) {
            return new Object[] { code.kernel().index(), code.kernel().name().display(), path, line, text,
                    at.instructions(), sampled(code, at.samples()), share(code, at.samples()),
                    executed(code, at.executed()), threads(code, at.threads()), at.mostly() };
        }
    }

    private static Cell sampled(KernelCode code, long samples) {
        return code.totals().samples().isPresent() ? Cell.of(samples) : Cell.Missing.MISSING;
    }

    private static Cell share(KernelCode code, long samples) {
        return Cell.of(100 * code.shareOf(samples));
    }

    private static Cell executed(KernelCode code, long count) {
        return code.totals().executed().isPresent() ? Cell.of(count) : Cell.Missing.MISSING;
    }

    private static Cell threads(KernelCode code, long count) {
        return code.totals().threads().isPresent() ? Cell.of(count) : Cell.Missing.MISSING;
    }
}
