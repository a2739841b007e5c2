package org.moelab.traces.roofline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a kernel did in the time that it took: the stuff that points are made of.
///
/// @param name what people read, full
/// @param launches how many launches the figures sum over
/// @param timeNs their time
/// @param bytes what they moved at each level that is known
/// @param flop the operations of each precision that they executed; empty where they executed none
/// @param basis how bytes and operations are known
/// @param device the device's name, empty where unknown
/// @param family the family of work, where the source tells it: `expert matmul`; empty where only the name does
public record KernelWork(String name, int launches, double timeNs, Map<MemoryLevel, Double> bytes,
        Map<Precision, Double> flop, Basis basis, String device, String family) {
    /// How bytes and operations are known.
    public enum Basis {
        /// Counted by the hardware.
        MEASURED,
        /// Computed from the shapes of the operation: what it has to move and do.
        ANALYTIC
    }

    public KernelWork {
        if (!(timeNs > 0) || launches < 1) {
            throw new IllegalArgumentException(name + ": " + launches + " launches in " + timeNs + " ns");
        }
        EnumMap<MemoryLevel, Double> moved = new EnumMap<>(MemoryLevel.class);
        moved.putAll(bytes);
        bytes = Collections.unmodifiableMap(moved);
        EnumMap<Precision, Double> executed = new EnumMap<>(Precision.class);
        flop.forEach((precision, n) -> {
            if (n > 0) {
                executed.put(precision, n);
            }
        });
        flop = Collections.unmodifiableMap(executed);
    }

    /// Work whose family is in its name, if anywhere.
    public KernelWork(String name, int launches, double timeNs, Map<MemoryLevel, Double> bytes,
            Map<Precision, Double> flop, Basis basis, String device) {
        this(name, launches, timeNs, bytes, flop, basis, device, "");
    }

    /// All operations, of whatever precision.
    public double totalFlop() {
        return flop.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /// Puts the launches of each name on each device together: figures add up. Levels that a launch lacks are dropped.
    public static List<KernelWork> byName(List<KernelWork> launches) {
        record Key(String name, String device, Basis basis, String family) {}
        Map<Key, List<KernelWork>> groups = new java.util.LinkedHashMap<>();
        for (KernelWork launch : launches) {
            groups.computeIfAbsent(new Key(launch.name, launch.device, launch.basis, launch.family),
                    _ -> new ArrayList<>())
                    .add(launch);
        }
        return groups.values().stream().map(KernelWork::sum).toList();
    }

    private static KernelWork sum(List<KernelWork> launches) {
        KernelWork first = launches.getFirst();
        EnumMap<MemoryLevel, Double> moved = new EnumMap<>(MemoryLevel.class);
        for (MemoryLevel level : MemoryLevel.values()) {
            if (launches.stream().allMatch(l -> l.bytes.containsKey(level))) {
                moved.put(level, launches.stream().mapToDouble(l -> l.bytes.getOrDefault(level, 0.0)).sum());
            }
        }
        EnumMap<Precision, Double> executed = new EnumMap<>(Precision.class);
        launches.forEach(l -> l.flop.forEach((precision, n) -> executed.merge(precision, n, Double::sum)));
        return new KernelWork(first.name, launches.stream().mapToInt(KernelWork::launches).sum(),
                launches.stream().mapToDouble(KernelWork::timeNs).sum(), moved, executed, first.basis, first.device,
                first.family);
    }
}
