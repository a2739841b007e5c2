package org.moelab.app.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;

/// Where a captured step's time went in two layers: by family of work, by operation, and the time without work. Rows of the
/// families, of what is not theirs and of idle time sum to the whole step in both.
///
/// @param rows a row a family, the one with the largest difference first, each followed by its operations; then what belongs
///             to none, idle time, and the sum
public record OperationGains(List<Row> rows) {
    /// Figures this small are rounding of the file's own.
    private static final double NOTHING_MS = 1e-6;

    public OperationGains {
        rows = List.copyOf(rows);
    }

    /// What a row stands for.
    public enum Part {
        FAMILY, OPERATION, REST, IDLE, STEP
    }

    /// A row. Times are in ms of a captured step, empty where the layer has no such work.
    ///
    /// @param name of the family or operation
    /// @param family the family of work it belongs to; empty for the rest
    /// @param implementation what ran it in the one and in the other, the same once; empty but for operations
    public record Row(Part part, String name, String family, Optional<Double> beforeMs, Optional<Double> afterMs,
            String implementation) {
        /// What the other layer spends less; negative where it spends more.
        public double savedMs() {
            return beforeMs.orElse(0.0) - afterMs.orElse(0.0);
        }
    }

    /// One layer's captured step in ms.
    private record Step(Map<String, Map<String, OperationCost>> families, int steps, DeviceUse device) {
        static Optional<Step> of(LayerResult layer, RunPhase phase) {
            return phase.cost(layer).flatMap(cost -> cost.device().map(device -> of(cost, device)));
        }

        private static Step of(PhaseCost cost, DeviceUse device) {
            Map<String, Map<String, OperationCost>> families = new LinkedHashMap<>();
            cost.operations().forEach(o -> families.computeIfAbsent(o.kind(), _ -> new LinkedHashMap<>())
                    .put(o.name(), o));
            return new Step(families, cost.steps(), device);
        }

        private double ms(double us) {
            return us / 1e3 / steps;
        }

        Map<String, OperationCost> family(String name) {
            return families.getOrDefault(name, Map.of());
        }

        Optional<Double> familyMs(String name) {
            return families.containsKey(name)
                    ? Optional.of(family(name).values().stream().mapToDouble(o -> ms(o.timeUs().orElse(0.0))).sum())
                    : Optional.empty();
        }

        Optional<Double> operationMs(String family, String name) {
            return Optional.ofNullable(family(family).get(name)).flatMap(OperationCost::timeUs).map(this::ms);
        }

        /// Time with work that is not counted for an operation; negative where operations ran at the same time.
        double restMs() {
            return ms(device.busyUs())
                    - families.keySet().stream().mapToDouble(f -> familyMs(f).orElse(0.0)).sum();
        }
    }

    /// From one layer to another; empty where the phase of one was not captured.
    public static Optional<OperationGains> of(LayerResult before, LayerResult after, RunPhase phase) {
        return Step.of(before, phase).flatMap(b -> Step.of(after, phase).map(a -> between(b, a)));
    }

    private static OperationGains between(Step before, Step after) {
        Set<String> families = new LinkedHashSet<>(before.families.keySet());
        families.addAll(after.families.keySet());
        List<Row> heads = families.stream()
                .map(f -> new Row(Part.FAMILY, f, f, before.familyMs(f), after.familyMs(f), ""))
                .sorted(Comparator.comparingDouble((Row r) -> -Math.abs(r.savedMs()))).toList();
        List<Row> rows = new ArrayList<>();
        for (Row head : heads) {
            rows.add(head);
            rows.addAll(operations(head.family, before, after));
        }
        if (Math.abs(before.restMs()) > NOTHING_MS || Math.abs(after.restMs()) > NOTHING_MS) {
            rows.add(new Row(Part.REST, "other work, less what ran at the same time", "",
                    Optional.of(before.restMs()), Optional.of(after.restMs()), ""));
        }
        rows.add(new Row(Part.IDLE, "idle", "", Optional.of(before.ms(before.device.idleUs())),
                Optional.of(after.ms(after.device.idleUs())), ""));
        rows.add(new Row(Part.STEP, "captured step", "", Optional.of(before.ms(before.device.extentUs())),
                Optional.of(after.ms(after.device.extentUs())), ""));
        return new OperationGains(rows);
    }

    private static List<Row> operations(String family, Step before, Step after) {
        Set<String> names = new LinkedHashSet<>(before.family(family).keySet());
        names.addAll(after.family(family).keySet());
        return names.stream()
                .map(name -> new Row(Part.OPERATION, name, family, before.operationMs(family, name),
                        after.operationMs(family, name), implementation(family, name, before, after)))
                .sorted(Comparator.comparingDouble((Row r) -> -Math.abs(r.savedMs()))).toList();
    }

    private static String implementation(String family, String name, Step before, Step after) {
        return String.join(" → ", Stream.of(before, after)
                .flatMap(step -> Optional.ofNullable(step.family(family).get(name)).stream())
                .map(OperationCost::implementation).distinct().toList());
    }
}
