package org.moelab.traces.ncu;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;

import org.moelab.traces.model.Cubin;
import org.moelab.traces.model.KernelModule;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.LineTable;
import org.moelab.traces.model.LineTable.Line;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;

/// A profiled kernel's instructions with what was counted and sampled at each. The counts are those that the report keeps by
/// instruction, so that their sums are the kernel's metrics of the same names.
///
/// @param kernel whose
/// @param instructions by address: all of the kernel's code where the report embeds it, else those with figures
/// @param totals the kernel's own values of the metrics, where it has them
/// @param text how the instructions' text came about, or why there is none
/// @param hasLines whether the module tells source lines
/// @param files the source files that the report embeds
public record KernelCode(ProfiledKernel kernel, List<Instruction> instructions, Totals totals, String text,
        boolean hasLines, List<KernelModule.SourceFile> files) {
    /// Times that an instruction was issued, by warps.
    public static final String EXECUTED = "inst_executed";
    /// Times that threads ran an instruction.
    public static final String THREADS = "thread_inst_executed";
    /// Samples of the program counter.
    public static final String SAMPLES = "smsp__pcsamp_sample_count";
    /// What the names of samples by what a warp waited for begin with.
    public static final String STALLS = "smsp__pcsamp_warps_issue_stalled_";
    /// What of the samples, whose warps could issue nothing in that cycle, end with: they are counted in the others too.
    private static final String NOT_ISSUED = "_not_issued";
    /// From compute capability 7.0 on every instruction is of this size.
    private static final int INSTRUCTION_BYTES = 16;

    public KernelCode {
        instructions = List.copyOf(instructions);
        files = List.copyOf(files);
    }

    /// The kernel's values of the metrics; absent where they were not collected.
    public record Totals(OptionalLong samples, OptionalLong executed, OptionalLong threads) {}

    /// An instruction.
    ///
    /// @param address where it was loaded
    /// @param function mangled name of the function that it is of; empty where the report does not tell
    /// @param offset from the function's first instruction, in bytes; -1 where the function is not known
    /// @param text its text; empty where nothing could read it
    /// @param encoding its bits in hexadecimal; empty where the report lacks the code
    /// @param samples of the program counter at it
    /// @param executed times that a warp issued it
    /// @param threads times that a thread ran it
    /// @param stalls its samples by what the warp waited for, most first
    /// @param line the source line that it was made from
    /// @param note what a rule of Nsight Compute marks it with, else empty
    public record Instruction(long address, String function, int offset, String text, String encoding, long samples,
            long executed, long threads, SequencedMap<String, Long> stalls, Optional<Line> line, String note) {
        /// What its warps waited for most, issuing included; empty without samples.
        public String mostly() {
            return stalls.isEmpty() ? "" : stalls.firstEntry().getKey();
        }
    }

    /// Whether the report holds figures by instruction for a kernel.
    public static boolean isIn(KernelReport report, ProfiledKernel kernel) {
        MetricTable metrics = report.metrics();
        for (int row = metrics.begin(kernel.index()); row < metrics.end(kernel.index()); row++) {
            String name = metrics.name(row);
            if (metrics.instanceCount(row) > 0 && (name.equals(EXECUTED) || isStall(name))) {
                return true;
            }
        }
        return false;
    }

    /// The instructions of a kernel; empty where the report holds no figures by instruction for it. Their text comes from
    /// a disassembler, which may run for seconds.
    public static Optional<KernelCode> of(KernelReport report, ProfiledKernel kernel) {
        return of(report, kernel, Listing.of(report.module(kernel).flatMap(KernelModule::cubin)));
    }

    /// The same with text from a listing that is at hand.
    static Optional<KernelCode> of(KernelReport report, ProfiledKernel kernel, Listing listing) {
        return isIn(report, kernel) ? Optional.of(new Maker(report, kernel, listing).make()) : Optional.empty();
    }

    private static boolean isStall(String metric) {
        return metric.startsWith(STALLS) && !metric.endsWith(NOT_ISSUED);
    }

    /// What a metric counts the samples of a warp's waiting for; empty where it is another metric.
    static Optional<String> reason(String metric) {
        return isStall(metric) ? Optional.of(metric.substring(STALLS.length())) : Optional.empty();
    }

    /// Samples as a share of the kernel's, 0 to 1; NaN where it has none.
    public double shareOf(long samples) {
        long all = totals.samples().orElse(0);
        return all > 0 ? (double) samples / all : Double.NaN;
    }

    /// Most first, of equal ones by name.
    static SequencedMap<String, Long> sorted(Map<String, Long> counts) {
        SequencedMap<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey())).forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return sorted;
    }

    /// Figures of an address while they are gathered.
    private static final class Figures {
        private final Map<String, Long> stalls = new HashMap<>();
        private long samples;
        private long executed;
        private long threads;
    }

    private static final class Maker {
        private final KernelReport report;
        private final ProfiledKernel kernel;
        private final Listing listing;
        private final MetricTable metrics;
        private final Optional<Cubin> cubin;
        private final TreeMap<Long, String> loaded = new TreeMap<>(Long::compareUnsigned);
        private final TreeMap<Long, Figures> figures = new TreeMap<>(Long::compareUnsigned);

        Maker(KernelReport report, ProfiledKernel kernel, Listing listing) {
            this.report = report;
            this.kernel = kernel;
            this.listing = listing;
            this.metrics = report.metrics();
            this.cubin = report.module(kernel).flatMap(KernelModule::cubin);
            report.symbols(kernel).forEach(s -> loaded.putIfAbsent(s.address(), s.name()));
            report.entryAddress(kernel).ifPresent(a -> loaded.putIfAbsent(a, kernel.name().mangled()));
        }

        KernelCode make() {
            boolean sampled = gather(SAMPLES, (f, n) -> f.samples += n);
            gather(EXECUTED, (f, n) -> f.executed += n);
            gather(THREADS, (f, n) -> f.threads += n);
            long stalled = 0;
            for (int row = metrics.begin(kernel.index()); row < metrics.end(kernel.index()); row++) {
                Optional<String> reason = reason(metrics.name(row));
                if (reason.isPresent()) {
                    gather(row, (f, n) -> f.stalls.merge(reason.get(), n, Long::sum));
                    stalled += (long) metrics.number(row);
                }
            }
            // reports before 2021 hold the samples by reason only
            if (!sampled) {
                figures.values().forEach(f -> f.samples = f.stalls.values().stream().mapToLong(n -> n).sum());
            }
            addCode();
            LineTable lines = cubin.map(LineTable::of).orElseGet(() -> LineTable.of(new Cubin(new byte[0])));
            List<Instruction> all = new ArrayList<>(figures.size());
            figures.forEach((address, f) -> all.add(instruction(address, f, lines)));
            OptionalLong samples = sampled
                    ? total(SAMPLES)
                    : stalled > 0 ? OptionalLong.of(stalled) : OptionalLong.empty();
            return new KernelCode(kernel, all, new Totals(samples, total(EXECUTED), total(THREADS)), listing.origin(),
                    !lines.isEmpty(), report.module(kernel).map(KernelModule::files).orElse(List.of()));
        }

        private interface Adder {
            void add(Figures figures, long count);
        }

        private boolean gather(String metric, Adder adder) {
            int row = metrics.find(kernel.index(), metric);
            return row >= 0 && gather(row, adder);
        }

        private boolean gather(int row, Adder adder) {
            for (int i = metrics.instanceBegin(row); i < metrics.instanceEnd(row); i++) {
                long count = (long) metrics.instanceNumber(i);
                Figures at = figures.computeIfAbsent(metrics.correlation(i), _ -> new Figures());
                if (count != 0) {
                    adder.add(at, count);
                }
            }
            return metrics.instanceCount(row) > 0;
        }

        private OptionalLong total(String metric) {
            double value = metrics.value(kernel.index(), metric);
            return Double.isNaN(value) ? OptionalLong.empty() : OptionalLong.of((long) value);
        }

        /// Instructions that never ran have no figures, but belong to the kernel.
        private void addCode() {
            OptionalLong entry = report.entryAddress(kernel);
            Optional<Cubin.Function> function = cubin.flatMap(c -> c.function(kernel.name().mangled()));
            if (entry.isPresent() && function.isPresent() && ofOneSize()) {
                for (int at = 0; at + INSTRUCTION_BYTES <= function.get().bytes(); at += INSTRUCTION_BYTES) {
                    figures.computeIfAbsent(entry.getAsLong() + at, _ -> new Figures());
                }
            }
        }

        private boolean ofOneSize() {
            String architecture = report.module(kernel).map(KernelModule::architecture).orElse("");
            return architecture.matches("sm_([7-9]|1[0-9])[0-9]");
        }

        private Instruction instruction(long address, Figures f, LineTable lines) {
            Map.Entry<Long, String> home = loaded.floorEntry(address);
            String name = home == null ? "" : home.getValue();
            long offset = home == null ? -1 : address - home.getKey();
            Optional<Cubin.Function> function = cubin.flatMap(c -> c.function(name))
                    .filter(fn -> offset >= 0 && offset < fn.bytes());
            if (function.isEmpty()) {
                return new Instruction(address, "", -1, "", "", f.samples, f.executed, f.threads, sorted(f.stalls),
                        Optional.empty(), "");
            }
            Optional<Line> line = lines.at(name, (int) offset);
            return new Instruction(address, name, (int) offset, listing.text(name, (int) offset),
                    encoding(function.get(), (int) offset), f.samples, f.executed, f.threads, sorted(f.stalls), line,
                    note(address));
        }

        private String encoding(Cubin.Function function, int offset) {
            if (!ofOneSize() || offset + INSTRUCTION_BYTES > function.bytes()) {
                return "";
            }
            ByteBuffer code = cubin.map(c -> c.code(function)).orElseThrow();
            return String.format("%016x%016x", code.getLong(offset + 8), code.getLong(offset));
        }

        private String note(long address) {
            return kernel.rules().stream().flatMap(r -> r.markers().stream()).filter(m -> m.address() == address)
                    .map(RuleResult.Marker::text).findFirst().orElse("");
        }
    }
}
