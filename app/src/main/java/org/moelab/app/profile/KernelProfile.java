package org.moelab.app.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

import org.moelab.app.profile.Measure.Section;
import org.moelab.traces.model.Extent;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.Unit;

/// What a report tells of one profiled kernel, as far as it was collected: what is missing is not there.
///
/// @param name the kernel's full name
/// @param index its position in the report
/// @param measures the figures by section
/// @param limitedBy what lets no more blocks be resident; empty where the report does not tell
/// @param rules what Nsight Compute's rules say
record KernelProfile(String name, int index, List<Measure> measures, String limitedBy, List<Rule> rules) {
    /// Stall reasons that are drawn and listed.
    private static final int STALLS = 12;
    /// What is no stall: the warp was chosen, and issued.
    private static final String ISSUED = "selected";
    private static final int SECTOR_BYTES = 32;
    private static final String LIMIT = "by ";

    KernelProfile {
        measures = List.copyOf(measures);
        rules = List.copyOf(rules);
    }

    /// A message of a rule of Nsight Compute.
    ///
    /// @param speedup what the tool estimates may be gained, in words; empty where it does not
    record Rule(String identifier, String type, String title, String text, String speedup,
            OptionalDouble percent) {}

    /// The profile of a kernel.
    static KernelProfile of(KernelReport report, ProfiledKernel kernel) {
        Reader reader = new Reader(report, kernel);
        reader.speedOfLight();
        String limit = reader.occupancy();
        reader.stalls();
        reader.memory();
        reader.launch();
        return new KernelProfile(kernel.name().display(), kernel.index(), reader.measures, limit, rules(kernel));
    }

    /// The name as short as it stays clear.
    String label() {
        return FunctionName.parse(name).label();
    }

    /// The figures of a section.
    List<Measure> of(Section section) {
        return measures.stream().filter(m -> m.section() == section).toList();
    }

    /// A figure by section and label.
    Optional<Measure> find(Section section, String label) {
        return measures.stream().filter(m -> m.section() == section && m.label().equals(label)).findFirst();
    }

    private static List<Rule> rules(ProfiledKernel kernel) {
        List<Rule> rules = new ArrayList<>();
        for (RuleResult rule : kernel.rules()) {
            for (RuleResult.Message m : rule.messages()) {
                rules.add(new Rule(rule.identifier(), m.type().title(), m.title().isEmpty() ? rule.name() : m.title(),
                        m.plainText(), m.speedup().map(s -> String.format(Locale.ROOT, "est. %s speedup %.1f %%",
                                s.scope().title(), s.percent())).orElse(""),
                        m.speedup().map(s -> OptionalDouble.of(s.percent())).orElse(OptionalDouble.empty())));
            }
        }
        rules.sort(Comparator.comparingDouble((Rule r) -> -r.percent().orElse(-1)));
        return rules;
    }

    private static final class Reader {
        private final KernelReport report;
        private final ProfiledKernel kernel;
        private final MetricTable metrics;
        private final List<Measure> measures = new ArrayList<>();

        Reader(KernelReport report, ProfiledKernel kernel) {
            this.report = report;
            this.kernel = kernel;
            this.metrics = report.metrics();
        }

        /// A metric's value by name, or by the label that CSV pages of details carry, if that has the unit.
        private double value(String metric, String label, Unit unit) {
            int named = metrics.find(kernel.index(), metric);
            if (named >= 0) {
                return metrics.baseValue(named);
            }
            int row = label.isEmpty() ? -1 : metrics.find(kernel.index(), label);
            boolean fits = row >= 0 && (unit != Unit.PERCENT || metrics.unit(row).unit() == Unit.PERCENT);
            return fits ? metrics.baseValue(row) : Double.NaN;
        }

        private boolean add(Section section, String label, String metric, String csvLabel, Unit unit) {
            double value = value(metric, csvLabel, unit);
            return add(section, label, value, unit, metric);
        }

        private boolean add(Section section, String label, double value, Unit unit, String origin) {
            if (!Double.isNaN(value)) {
                measures.add(Measure.of(section, label, value, unit, origin));
            }
            return !Double.isNaN(value);
        }

        void speedOfLight() {
            Section s = Section.SPEED_OF_LIGHT;
            add(s, "Compute (SM)", "sm__throughput.avg.pct_of_peak_sustained_elapsed", "Compute (SM) Throughput",
                    Unit.PERCENT);
            add(s, "Memory", "gpu__compute_memory_throughput.avg.pct_of_peak_sustained_elapsed", "Memory Throughput",
                    Unit.PERCENT);
            add(s, "L1", "l1tex__throughput.avg.pct_of_peak_sustained_active", "L1/TEX Cache Throughput", Unit.PERCENT);
            add(s, "L2", "lts__throughput.avg.pct_of_peak_sustained_elapsed", "L2 Cache Throughput", Unit.PERCENT);
            add(s, "DRAM", "gpu__dram_throughput.avg.pct_of_peak_sustained_elapsed", "DRAM Throughput", Unit.PERCENT);
        }

        String occupancy() {
            Section s = Section.OCCUPANCY;
            add(s, "Theoretical", "sm__maximum_warps_per_active_cycle_pct", "Theoretical Occupancy", Unit.PERCENT);
            add(s, "Achieved", "sm__warps_active.avg.pct_of_peak_sustained_active", "Achieved Occupancy",
                    Unit.PERCENT);
            int before = measures.size();
            limit("registers", "launch__occupancy_limit_registers", "Block Limit Registers");
            limit("shared memory", "launch__occupancy_limit_shared_mem", "Block Limit Shared Mem");
            limit("warps", "launch__occupancy_limit_warps", "Block Limit Warps");
            limit("multiprocessor", "launch__occupancy_limit_blocks", "Block Limit SM");
            limit("barriers", "launch__occupancy_limit_barriers", "Block Limit Barriers");
            List<Measure> limits = measures.subList(before, measures.size());
            // reports without a kernel's own limits hold zeros
            double least = limits.stream().mapToDouble(Measure::value).filter(v -> v > 0).min().orElse(Double.NaN);
            return limits.stream().filter(m -> m.value() == least).map(m -> m.label().substring(LIMIT.length()))
                    .collect(Collectors.joining(" and "));
        }

        private void limit(String by, String metric, String csvLabel) {
            double blocks = value(metric, csvLabel, Unit.COUNT);
            if (!Double.isNaN(blocks)) {
                measures.add(new Measure(Section.OCCUPANCY, LIMIT + by, blocks, Unit.COUNT,
                        Unit.counted(Math.round(blocks), "block"), metric));
            }
        }

        /// By the average warps that wait for each reason where that was counted, else by samples.
        void stalls() {
            if (!stalls("smsp__average_warps_issue_stalled_", "_per_issue_active.ratio")) {
                stalls("smsp__pcsamp_warps_issue_stalled_", "");
            }
        }

        private record Stall(String reason, double value, String metric) {}

        private boolean stalls(String prefix, String suffix) {
            List<Stall> found = new ArrayList<>();
            for (int row = metrics.begin(kernel.index()); row < metrics.end(kernel.index()); row++) {
                String name = metrics.name(row);
                if (name.startsWith(prefix) && name.endsWith(suffix) && !name.contains("_not_issued")
                        && metrics.number(row) >= 0) {
                    found.add(new Stall(name.substring(prefix.length(), name.length() - suffix.length()),
                            metrics.number(row), name));
                }
            }
            double all = found.stream().mapToDouble(Stall::value).sum();
            if (!(all > 0)) {
                return false;
            }
            found.stream().filter(f -> !f.reason.equals(ISSUED) && f.value > 0)
                    .sorted(Comparator.comparingDouble(Stall::value).reversed()).limit(STALLS)
                    .forEach(f -> add(Section.STALLS, f.reason.replace('_', ' '), 100 * f.value / all, Unit.PERCENT,
                            f.metric + " = " + Unit.NONE.format(f.value)
                                    + " ÷ the sum over all reasons, issuing included"));
            return true;
        }

        void memory() {
            Section s = Section.MEMORY;
            sectors("Kernel reads from L1", "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum");
            sectors("Kernel writes to L1", "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum");
            add(s, "L1 hit rate", "l1tex__t_sector_hit_rate.pct", "L1/TEX Hit Rate", Unit.PERCENT);
            bytes("L1 reads from L2", "l1tex__m_xbar2l1tex_read_bytes.sum", "lts__t_sectors_srcunit_tex_op_read.sum");
            bytes("L1 writes to L2", "l1tex__m_l1tex2xbar_write_bytes.sum", "lts__t_sectors_srcunit_tex_op_write.sum");
            add(s, "L2 hit rate", "lts__t_sector_hit_rate.pct", "L2 Hit Rate", Unit.PERCENT);
            bytes("L2 reads from DRAM", "dram__bytes_read.sum", "dram__sectors_read.sum");
            bytes("L2 writes to DRAM", "dram__bytes_write.sum", "dram__sectors_write.sum");
        }

        private boolean sectors(String label, String metric) {
            return add(Section.MEMORY, label, value(metric, "", Unit.NONE) * SECTOR_BYTES, Unit.BYTES,
                    metric + " × " + SECTOR_BYTES + " bytes");
        }

        /// Bytes as counted, or by their rate, or by sectors.
        private void bytes(String label, String metric, String sectors) {
            double rate = value(metric + ".per_second", "", Unit.NONE);
            if (!add(Section.MEMORY, label, metric, "", Unit.BYTES)
                    && !add(Section.MEMORY, label, rate * report.durationNs(kernel) / 1e9, Unit.BYTES,
                            metric + ".per_second × duration")) {
                sectors(label, sectors);
            }
        }

        /// Without trailing ones: `132`, `(8, 4)`.
        private static String extent(Extent e) {
            if (e.z() != 1) {
                return "(" + e.x() + ", " + e.y() + ", " + e.z() + ")";
            }
            return e.y() == 1 ? Long.toString(e.x()) : "(" + e.x() + ", " + e.y() + ")";
        }

        void launch() {
            Section s = Section.LAUNCH;
            add(s, "Duration", report.durationNs(kernel), Unit.NANOSECONDS, KernelReport.DURATION);
            Extent grid = kernel.launch().grid();
            if (!grid.equals(Extent.UNKNOWN)) {
                measures.add(Measure.text(s, "Blocks", extent(grid), "launch__grid_dim_x, _y, _z"));
                measures.add(Measure.text(s, "Threads a block", extent(kernel.launch().block()),
                        "launch__block_dim_x, _y, _z"));
            }
            add(s, "Waves", "launch__waves_per_multiprocessor", "Waves Per SM", Unit.NONE);
            add(s, "Registers a thread", "launch__registers_per_thread", "Registers Per Thread", Unit.COUNT);
            add(s, "Shared memory, static", "launch__shared_mem_per_block_static",
                    "Static Shared Memory Per Block", Unit.BYTES);
            add(s, "Shared memory, dynamic", "launch__shared_mem_per_block_dynamic",
                    "Dynamic Shared Memory Per Block", Unit.BYTES);
            add(s, "Multiprocessors", "launch__sm_count", "# SMs", Unit.COUNT);
        }
    }
}
