package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RuleResult;
import org.moelab.traces.model.Unit;

/// What the metrics of profiled kernels tell, and what Nsight Compute's own rules found.
final class ProfiledKernels {
    /// Where neither computing nor memory reaches this share of its peak, latency is what a kernel waits for; Nsight
    /// Compute's own rule draws the line at 60 %, this one only at what is clearly below.
    static final double LATENCY_BOUND_PERCENT = 40;
    /// See [LaunchSizes#LOW_OCCUPANCY].
    static final double LOW_OCCUPANCY_PERCENT = LaunchSizes.LOW_OCCUPANCY * 100;

    private static final String COMPUTE = "sm__throughput.avg.pct_of_peak_sustained_elapsed";
    private static final String MEMORY = "gpu__compute_memory_throughput.avg.pct_of_peak_sustained_elapsed";
    private static final String OCCUPANCY = "sm__warps_active.avg.pct_of_peak_sustained_active";

    private final KernelReport report;
    private final double totalNs;

    private ProfiledKernels(KernelReport report) {
        this.report = report;
        this.totalNs = report.kernels().stream().mapToDouble(report::durationNs).filter(d -> d > 0).sum();
    }

    static List<Finding> look(KernelReport report) {
        ProfiledKernels kernels = new ProfiledKernels(report);
        List<Finding> findings = new ArrayList<>(DataQuality.warnings(report.warnings()));
        if (kernels.totalNs == 0) {
            findings.add(Finding.note("no-durations", "No kernel's duration was measured",
                    "Without it no rule can weigh what it sees. ncu --section SpeedOfLight records it.", List.of()));
            return findings;
        }
        findings.addAll(kernels.latencyBound());
        findings.addAll(kernels.lowOccupancy());
        findings.addAll(kernels.rulesOfTheTool());
        return findings;
    }

    /// A kernel that a finding is about.
    private record Hit(ProfiledKernel kernel, double ns, double boundNs, String figure) {}

    private double percent(ProfiledKernel kernel, String metric, String label) {
        MetricTable metrics = report.metrics();
        int named = metrics.find(kernel.index(), metric);
        int row = named >= 0 ? named : metrics.find(kernel.index(), label);
        // a label may stand for a rate, too
        return row >= 0 && metrics.unit(row).unit() == Unit.PERCENT ? metrics.number(row) : Double.NaN;
    }

    private List<Finding> latencyBound() {
        List<Hit> hits = new ArrayList<>();
        for (ProfiledKernel kernel : report.kernels()) {
            double compute = percent(kernel, COMPUTE, "Compute (SM) Throughput");
            double memory = percent(kernel, MEMORY, "Memory Throughput");
            double ns = report.durationNs(kernel);
            double best = Math.max(compute, memory);
            if (ns > 0 && best < LATENCY_BOUND_PERCENT) {
                hits.add(new Hit(kernel, ns, ns * (1 - best / 100),
                        "compute " + Unit.PERCENT.format(compute) + ", memory " + Unit.PERCENT.format(memory)));
            }
        }
        return finding(hits, "latency-bound", "Neither computing nor memory is busy",
                "Computing and memory both stay below " + Math.round(LATENCY_BOUND_PERCENT)
                        + " % of their peaks: these kernels"
                        + " wait for latency, or have too little work for the device. The bound is the time left if the"
                        + " busier of the two ran at its peak.",
                List.of("launch-sizing", "ilp", "latency-hiding", "async-pipeline", "occupancy"));
    }

    private List<Finding> lowOccupancy() {
        List<Hit> hits = new ArrayList<>();
        for (ProfiledKernel kernel : report.kernels()) {
            double occupancy = percent(kernel, OCCUPANCY, "Achieved Occupancy");
            double ns = report.durationNs(kernel);
            if (ns > 0 && occupancy < LOW_OCCUPANCY_PERCENT) {
                hits.add(new Hit(kernel, ns, Double.NaN, "achieved occupancy " + Unit.PERCENT.format(occupancy)));
            }
        }
        return finding(hits, "low-occupancy", "Few warps active",
                "Less than a quarter of the warps that a multiprocessor holds were active. That costs time only where latency"
                        + " shows: see the kernel's stall reasons.",
                List.of("occupancy", "register-pressure", "launch-sizing", "latency-hiding")).stream()
                .map(f -> f.atMost(Severity.LOW)).toList();
    }

    private List<Finding> finding(List<Hit> hits, String rule, String title, String explanation,
            List<String> techniques) {
        if (hits.isEmpty()) {
            return List.of();
        }
        double ns = hits.stream().mapToDouble(Hit::ns).sum();
        double bound = hits.stream().mapToDouble(Hit::boundNs).sum();
        List<Evidence> evidence = List.of(
                new Evidence("kernels", hits.size(), Unit.COUNT, "profiled launches of this kind"),
                new Evidence("their time", ns, Unit.NANOSECONDS, "sum of their durations"),
                new Evidence("of all profiled time", 100 * ns / totalNs, Unit.PERCENT,
                        "their time ÷ that of all kernels"));
        return List.of(Finding.of(rule, title, explanation, ns, totalNs,
                Double.isNaN(bound) ? OptionalDouble.empty() : OptionalDouble.of(bound), evidence, techniques,
                hits.stream().map(h -> new Occurrence(
                        label(h.kernel) + ": " + h.figure + ", " + Unit.NANOSECONDS.format(h.ns), h.ns,
                        new Place.Event(h.kernel.index()))).toList()));
    }

    private static String label(ProfiledKernel kernel) {
        return FunctionName.parse(kernel.name().display()).label();
    }

    /// What one rule of the tool found in several kernels.
    private static final class ToolRule {
        private final String title;
        private final List<Hit> hits = new ArrayList<>();
        private double estimatedNs;
        private double largestPercent;

        ToolRule(String title) {
            this.title = title;
        }

        void add(ProfiledKernel kernel, double ns, RuleResult.Speedup speedup) {
            boolean global = speedup.scope() == RuleResult.Scope.GLOBAL;
            estimatedNs += global ? ns * speedup.percent() / 100 : 0;
            largestPercent = Math.max(largestPercent, speedup.percent());
            hits.add(new Hit(kernel, ns, Double.NaN, "est. " + speedup.scope().title() + " speedup "
                    + Unit.PERCENT.format(speedup.percent())));
        }
    }

    /// Only findings with an estimate: the others are in the details of each kernel.
    private List<Finding> rulesOfTheTool() {
        Map<String, ToolRule> rules = new LinkedHashMap<>();
        for (ProfiledKernel kernel : report.kernels()) {
            double ns = report.durationNs(kernel);
            for (RuleResult rule : kernel.rules()) {
                largest(rule).filter(_ -> ns > 0)
                        .ifPresent(m -> rules.computeIfAbsent(rule.identifier(),
                                _ -> new ToolRule(m.title().isEmpty() ? rule.name() : m.title()))
                                .add(kernel, ns, m.speedup().orElseThrow()));
            }
        }
        return rules.entrySet().stream().map(r -> ofTheTool(r.getKey(), r.getValue())).toList();
    }

    /// What a rule says with the largest estimate, one for the kernel as a whole before one for a part of the hardware: it may
    /// name a kernel several times.
    private static Optional<RuleResult.Message> largest(RuleResult rule) {
        return rule.messages().stream().filter(m -> m.speedup().filter(s -> s.percent() > 0).isPresent())
                .max(Comparator.comparing(
                        (RuleResult.Message m) -> m.speedup().orElseThrow().scope() == RuleResult.Scope.GLOBAL)
                        .thenComparingDouble(m -> m.speedup().orElseThrow().percent()));
    }

    private Finding ofTheTool(String identifier, ToolRule rule) {
        double ns = rule.hits.stream().mapToDouble(Hit::ns).sum();
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(new Evidence("kernels", rule.hits.size(), Unit.COUNT, "profiled launches that the rule names"));
        evidence.add(new Evidence("largest estimate", rule.largestPercent, Unit.PERCENT,
                "the largest speedup that Nsight Compute estimates for one of them; no figure of this lab"));
        if (rule.estimatedNs > 0) {
            evidence.add(new Evidence("estimated in all", rule.estimatedNs, Unit.NANOSECONDS,
                    "Σ duration × estimate, where the estimate is for the kernel as a whole; no figure of this lab"));
        }
        return new Finding("ncu-" + identifier, Severity.ofShare(rule.estimatedNs / totalNs),
                "Nsight Compute: " + rule.title,
                "A rule of Nsight Compute says so and estimates a gain; its words are with each kernel. An estimate for a part of"
                        + " the hardware says nothing of the kernel's time.",
                ns, totalNs, OptionalDouble.empty(), evidence, List.of(),
                rule.hits.stream().map(h -> new Occurrence(label(h.kernel) + ": " + h.figure, h.ns,
                        new Place.Event(h.kernel.index()))).toList());
    }
}
