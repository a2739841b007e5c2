package org.moelab.app.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.moelab.gpu.bench.DeviceCeilings;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;

/// How far the operations of a phase are from the time that their bytes and FLOPs alone would take at what this run measured
/// of the device: analytic floors beside captured times. All times are in µs a step.
///
/// @param rows the operation that loses the most first; those without a captured time last
/// @param idleUs time without any work; what no operation loses
/// @param products whether the rate of products on tensor cores was measured; without it they are held to their bytes alone
public record OperationFloors(List<Row> rows, double idleUs, boolean products) {
    /// The families whose FLOPs are those of matrix products. FP8 weights are expanded to bf16 before they are multiplied, so
    /// that one rate holds for all.
    private static final Set<String> PRODUCTS = Set.of("dense matmul", "expert matmul", "attention",
            "unembedding and sampling");

    public OperationFloors {
        rows = List.copyOf(rows);
    }

    /// An operation, all that bear its name taken together.
    ///
    /// @param kind the family of work
    /// @param bytesUs its bytes over the measured bandwidth of reading
    /// @param flopsUs its FLOPs over the measured rate: of bf16 products, or of fp32 for all other work
    /// @param measuredUs what it took; empty where that was not captured
    public record Row(String name, String kind, String implementation, double bytesUs, double flopsUs,
            Optional<Double> measuredUs) {
        /// Floors below this are none to be held against: a launch alone takes longer by far.
        public static final double LEAST_FLOOR_US = 0.05;

        /// The time that it cannot be under, were all its bytes to come from device memory.
        public double floorUs() {
            return Math.max(bytesUs, flopsUs);
        }

        /// What sets the floor.
        public String bound() {
            return bytesUs >= flopsUs ? "bytes" : "FLOPs";
        }

        /// Measured less floor; negative where its data came from a cache.
        public Optional<Double> lostUs() {
            return measuredUs.map(us -> us - floorUs());
        }

        /// Measured over floor; empty where there is no floor to speak of.
        public Optional<Double> timesFloor() {
            return measuredUs.filter(_ -> floorUs() >= LEAST_FLOOR_US).map(us -> us / floorUs());
        }
    }

    /// The floors of a layer in a phase; empty where the run measured no ceilings, or the layer ran without a plan.
    public static Optional<OperationFloors> of(StoredRun run, LayerResult layer, RunPhase phase) {
        return run.report().ceilings()
                .flatMap(ceilings -> phase.cost(layer).map(cost -> of(ceilings, cost)));
    }

    private static OperationFloors of(DeviceCeilings ceilings, PhaseCost cost) {
        List<Row> rows = cost.operations().stream().map(o -> row(o, cost.steps(), ceilings))
                .sorted(Comparator.comparingDouble((Row r) -> -r.lostUs().orElse(Double.NEGATIVE_INFINITY))).toList();
        return new OperationFloors(rows, cost.device().map(d -> d.idleUs() / cost.steps()).orElse(0.0),
                ceilings.bf16FlopPerSecond().isPresent());
    }

    private static Row row(OperationCost o, int steps, DeviceCeilings ceilings) {
        double rate = PRODUCTS.contains(o.kind())
                ? ceilings.bf16FlopPerSecond().orElse(Double.POSITIVE_INFINITY)
                : ceilings.fp32FlopPerSecond();
        return new Row(o.name(), o.kind(), o.implementation(), o.bytes() / ceilings.readBytesPerSecond() * 1e6 / steps,
                o.flops() / rate * 1e6 / steps, o.timeUs().map(us -> us / steps));
    }

    /// The rows whose time was captured.
    public List<Row> measured() {
        return rows.stream().filter(r -> r.measuredUs().isPresent()).toList();
    }

    /// What the captured operations took together.
    public double measuredUs() {
        return measured().stream().mapToDouble(r -> r.measuredUs().orElseThrow()).sum();
    }

    /// The floors of the captured operations together.
    public double floorUs() {
        return measured().stream().mapToDouble(Row::floorUs).sum();
    }
}
