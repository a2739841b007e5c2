package org.moelab.traces.roofline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Kernels under the roofs of a machine.
///
/// For a kernel with operations `F`, bytes `B` at a level and time `t`: intensity `I = F / B`, performance `P = F / t`,
/// and the roof at that intensity is the lower of `I × bandwidth` and the rate of its precision. A kernel that executes
/// several precisions has the rate at which their times in sequence would pass: `F / Σ (Fₚ / rateₚ)`.
///
/// @param ceilings the machine's roofs
/// @param kernels what ran, the longest time first
/// @param points a point for each kernel and level whose bytes are known
/// @param missing what is missing for kernels that are not shown, a sentence each
public record Roofline(Ceilings ceilings, List<KernelWork> kernels, List<Point> points, List<String> missing) {
    /// Measurements this far above a roof are explained by clocks and rounding; beyond, something is wrong.
    private static final double TOLERANCE = 1.02;

    public Roofline {
        kernels = List.copyOf(kernels);
        points = List.copyOf(points);
        missing = List.copyOf(missing);
    }

    /// What a kernel is bound by: the roof that leaves it the longest time.
    public enum Bound {
        HBM, L2, COMPUTE, UNKNOWN
    }

    /// A kernel at a level.
    ///
    /// @param index of the kernel among those of the roofline
    /// @param kernel what ran
    /// @param level whose traffic the intensity is of
    /// @param share of the time of all kernels, 0 to 1
    /// @param roof operations a second at this intensity; for a kernel without operations bytes a second; NaN where the
    /// ceilings do not tell
    /// @param ofRoof what was reached of that roof; NaN where it is unknown
    /// @param bound what bounds the kernel
    /// @param suspect whether it is above a roof: a wrong ceiling, wrong counts, or sparsity
    public record Point(int index, KernelWork kernel, MemoryLevel level, double share, double roof, double ofRoof,
            Bound bound, boolean suspect) {
        /// Bytes at the level.
        public double bytes() {
            return kernel.bytes().getOrDefault(level, Double.NaN);
        }

        /// Operations a byte; 0 where there are no operations.
        public double intensity() {
            return kernel.totalFlop() / bytes();
        }

        /// Operations a second.
        public double flopPerSecond() {
            return kernel.totalFlop() / kernel.timeNs() * 1e9;
        }

        /// Bytes a second at the level.
        public double bytesPerSecond() {
            return bytes() / kernel.timeNs() * 1e9;
        }
    }

    /// Kernels under roofs.
    public static Roofline of(List<KernelWork> work, Ceilings ceilings, List<String> missing) {
        List<KernelWork> kernels = work.stream()
                .sorted(Comparator.comparingDouble(KernelWork::timeNs).reversed().thenComparing(KernelWork::name))
                .toList();
        double total = kernels.stream().mapToDouble(KernelWork::timeNs).sum();
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            KernelWork kernel = kernels.get(i);
            for (MemoryLevel level : MemoryLevel.values()) {
                if (kernel.bytes().getOrDefault(level, 0.0) > 0) {
                    points.add(point(i, kernel, level, kernel.timeNs() / total, ceilings));
                }
            }
        }
        return new Roofline(ceilings, kernels, points, missing);
    }

    private static Point point(int index, KernelWork kernel, MemoryLevel level, double share,
            Ceilings ceilings) {
        double bytes = kernel.bytes().getOrDefault(level, Double.NaN);
        double bandwidth = ceilings.bandwidth(level).map(Ceiling::perSecond).orElse(Double.NaN);
        double flop = kernel.totalFlop();
        double seconds = kernel.timeNs() / 1e9;
        double reached = flop == 0 ? bytes / seconds : flop / seconds;
        double roof = flop == 0 ? bandwidth : lower(flop / bytes * bandwidth, flop / computeSeconds(kernel, ceilings));
        double ofRoof = reached / roof;
        return new Point(index, kernel, level, share, roof, ofRoof, bound(kernel, ceilings), ofRoof > TOLERANCE);
    }

    /// The lower one; a roof that is not known does not bound.
    private static double lower(double slope, double flat) {
        return Double.isNaN(slope) ? flat : Double.isNaN(flat) ? slope : Math.min(slope, flat);
    }

    /// The least time of the kernel's arithmetic; NaN where the rate of one of its precisions is not known.
    private static double computeSeconds(KernelWork kernel, Ceilings ceilings) {
        double seconds = 0;
        for (Map.Entry<Precision, Double> executed : kernel.flop().entrySet()) {
            Optional<Ceiling> rate = ceilings.rate(executed.getKey());
            seconds += executed.getValue() / rate.map(Ceiling::perSecond).orElse(Double.NaN);
        }
        return seconds;
    }

    private static Bound bound(KernelWork kernel, Ceilings ceilings) {
        double compute = computeSeconds(kernel, ceilings);
        Bound bound = compute > 0 ? Bound.COMPUTE : Bound.UNKNOWN;
        double longest = compute > 0 ? compute : 0;
        for (MemoryLevel level : MemoryLevel.values()) {
            double least = kernel.bytes().getOrDefault(level, Double.NaN)
                    / ceilings.bandwidth(level).map(Ceiling::perSecond).orElse(Double.NaN);
            if (least > longest) {
                longest = least;
                bound = level == MemoryLevel.HBM ? Bound.HBM : Bound.L2;
            }
        }
        return bound;
    }

    /// The precision whose arithmetic takes most of the kernel's least time, or that has most operations where a rate is
    /// not known; empty for a kernel without operations.
    public Optional<Precision> mainPrecision(KernelWork kernel) {
        boolean timed = kernel.flop().keySet().stream().allMatch(p -> ceilings.rate(p).isPresent());
        return kernel.flop().entrySet().stream()
                .max(Comparator.comparingDouble(e -> timed
                        ? e.getValue() / ceilings.rate(e.getKey()).map(Ceiling::perSecond).orElse(1.0)
                        : e.getValue()))
                .map(Map.Entry::getKey);
    }
}
