package org.moelab.traces.roofline;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Floating-point operations of the tensor cores.
///
/// Nsight Compute counts them in `sm__ops_path_tensor_src_…`, "number of math operations executed in the tensor path with
/// source …": a multiply-add is two. A counter exists for all and for each of `_dst_…`, `_sparsity_on` and `_sparsity_off`;
/// the widest one recorded is taken, so that nothing counts twice. Integer operations are left out. Instruction counts
/// (`sm__inst_executed_pipe_tensor….sum`) do not tell operations: how many one does depends on its shape.
final class TensorOperations {
    private static final Pattern EXECUTED = Pattern.compile(
            "sm__ops_path_tensor_src_(fp64|tf32|bf16|fp16|fp8|fp6|fp4)(_dst_[a-z]+\\d+)?(_sparsity_(?:on|off))?\\.sum");
    private static final Pattern PEAK = Pattern.compile(
            "sm__ops_path_tensor(?:_op_[a-z]+)?_src_(fp64|tf32|bf16|fp16|fp8|fp6|fp4)(?:_dst_[a-z]+\\d+)?(_sparsity_off)?"
                    + "\\.sum\\.peak_sustained");
    private static final Pattern ACTIVE = Pattern.compile("sm__(?:pipe_tensor|inst_executed_pipe_tensor).*");

    private TensorOperations() {
    }

    /// What was executed; empty where the tensor cores worked and no counter tells how much.
    static Optional<Map<Precision, Double>> executed(KernelMetrics metrics) {
        Map<String, Double> counters = new HashMap<>();
        boolean[] active = { false };
        metrics.forEach((name, value) -> {
            if (EXECUTED.matcher(name).matches()) {
                counters.put(name, value);
            } else if (ACTIVE.matcher(name).matches()) {
                active[0] |= value > 0;
            }
        });
        if (!counters.isEmpty()) {
            return Optional.of(sum(counters));
        }
        return active[0] ? Optional.empty() : Optional.of(Map.of());
    }

    private static Map<Precision, Double> sum(Map<String, Double> counters) {
        Map<Precision, Double> executed = new EnumMap<>(Precision.class);
        counters.forEach((name, value) -> {
            Matcher m = EXECUTED.matcher(name);
            if (m.matches() && !widerExists(counters, m)) {
                executed.merge(precision(m.group(1)), value, Double::sum);
            }
        });
        return executed;
    }

    /// Whether a counter is recorded that holds this one.
    private static boolean widerExists(Map<String, Double> counters, Matcher m) {
        String source = "sm__ops_path_tensor_src_" + m.group(1);
        String result = m.group(2) == null ? "" : m.group(2);
        String sparsity = m.group(3) == null ? "" : m.group(3);
        return !(result + sparsity).isEmpty() && counters.containsKey(source + ".sum")
                || !result.isEmpty() && !sparsity.isEmpty() && (counters.containsKey(source + result + ".sum")
                        || counters.containsKey(source + sparsity + ".sum"))
                || result.isEmpty() && !sparsity.isEmpty()
                        && counters.keySet().stream().anyMatch(n -> n.startsWith(source + "_dst_")
                                && !n.contains("_sparsity_"));
    }

    private static Precision precision(String source) {
        return switch (source) {
            case "fp64" -> Precision.FP64_TENSOR;
            case "tf32" -> Precision.TF32;
            case "fp8", "fp6" -> Precision.FP8;
            case "fp4" -> Precision.FP4;
            default -> Precision.BF16;
        };
    }

    /// The most operations a second without sparsity, at the clock of the profiled run.
    static Map<Precision, Double> peaks(KernelMetrics metrics) {
        Map<Precision, Double> peaks = new EnumMap<>(Precision.class);
        double clock = metrics.value("sm__cycles_elapsed.avg.per_second");
        metrics.forEach((name, perCycle) -> {
            Matcher m = PEAK.matcher(name);
            // the counter of all sparsities has the peak of sparse operations; FP64 knows no sparsity
            if (m.matches() && (m.group(2) != null || "fp64".equals(m.group(1))) && perCycle * clock > 0) {
                peaks.merge(precision(m.group(1)), perCycle * clock, Math::max);
            }
        });
        return peaks;
    }
}
