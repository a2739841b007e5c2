package org.moelab.traces.roofline;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.ProfiledKernel;

/// The kernels of an Nsight Compute report as points' work, and the device's peaks as Nsight Compute knows them.
///
/// Formulas, with the metrics' names; of several the first that was recorded is taken:
/// - HBM bytes: `dram__bytes.sum`; `dram__bytes_read.sum + dram__bytes_write.sum`; 32 × the sectors read and written;
///   `dram__bytes.sum.per_second` × time.
/// - L2 bytes: `lts__t_bytes.sum`; 32 × `lts__t_sectors.sum`; 32 × `lts__t_sectors.sum.per_second` × time. They count
///   every access to the cache's slices, also those that fill it from memory or from its other half.
/// - Operations of the cores: FFMA × 2 + FADD + FMUL, the same of DFMA …, and HFMA × 4 + HADD × 2 + HMUL × 2, since half
///   precision instructions work on pairs; from `smsp__sass_thread_inst_executed_op_…_pred_on.sum`, or from its
///   `.per_cycle_elapsed` × `smsp__cycles_elapsed.avg.per_second` × time.
/// - Operations of the tensor cores: [TensorOperations].
/// - HBM roof: `dram__bytes.sum.peak_sustained × dram__cycles_elapsed.avg.per_second`.
/// - L2 roof: 32 × slices × `lts__t_sectors.avg.peak_sustained × lts__cycles_elapsed.avg.per_second`.
/// - Roof of the cores: `sm__sass_thread_inst_executed_op_ffma_pred_on.sum.peak_sustained × 2 ×
///   sm__cycles_elapsed.avg.per_second`, of DFMA likewise, of HFMA × 4.
public final class ProfiledWork implements RooflinePointSource {
    private static final double SECTOR_BYTES = 32;
    private static final String RECORD = "record it with ncu ";

    private final List<KernelWork> work = new ArrayList<>();
    private final Map<MemoryLevel, Double> bandwidths = new EnumMap<>(MemoryLevel.class);
    private final Map<Precision, Double> rates = new EnumMap<>(Precision.class);
    private final Map<String, Integer> lacking = new LinkedHashMap<>();
    private final int kernels;
    private final String deviceName;

    /// Reads the metrics of a report.
    public ProfiledWork(KernelReport report) {
        kernels = report.kernels().size();
        deviceName = report.kernels().stream().map(k -> device(report, k)).filter(n -> !n.isEmpty()).findFirst()
                .orElse("");
        for (ProfiledKernel kernel : report.kernels()) {
            KernelMetrics metrics = new KernelMetrics(report, kernel);
            add(kernel, metrics, device(report, kernel));
            addPeaks(metrics);
        }
    }

    private static String device(KernelReport report, ProfiledKernel kernel) {
        return report.info().devices().stream()
                .filter(d -> kernel.launch().device().isEmpty() || d.id() == kernel.launch().device().getAsInt())
                .map(DeviceInfo::name).findFirst().orElse("");
    }

    private void add(ProfiledKernel kernel, KernelMetrics metrics, String device) {
        Map<MemoryLevel, Double> bytes = new EnumMap<>(MemoryLevel.class);
        put(bytes, MemoryLevel.HBM, hbmBytes(metrics), "the traffic of the device's memory (dram__bytes.sum): " + RECORD
                + "--section SpeedOfLight_RooflineChart or --set roofline");
        put(bytes, MemoryLevel.L2, l2Bytes(metrics), "the traffic of L2 (lts__t_sectors.sum): " + RECORD
                + "--section MemoryWorkloadAnalysis_Tables or --set full");
        Optional<Map<Precision, Double>> flop = flop(metrics);
        boolean timed = metrics.timeNs() > 0;
        if (!timed) {
            lack("their duration (" + KernelReport.DURATION + "): " + RECORD + "--section SpeedOfLight");
        }
        if (timed && flop.isPresent() && !bytes.isEmpty()) {
            work.add(new KernelWork(kernel.name().display(), 1, metrics.timeNs(), bytes, flop.get(),
                    KernelWork.Basis.MEASURED, device));
        }
    }

    private void put(Map<MemoryLevel, Double> bytes, MemoryLevel level, double counted, String name) {
        if (Double.isNaN(counted)) {
            lack(name);
        } else {
            bytes.put(level, counted);
        }
    }

    private void lack(String what) {
        lacking.merge(what, 1, Integer::sum);
    }

    private static double hbmBytes(KernelMetrics m) {
        return KernelMetrics.first(() -> m.value("dram__bytes.sum"),
                () -> m.value("dram__bytes_read.sum") + m.value("dram__bytes_write.sum"),
                () -> SECTOR_BYTES * (m.value("dram__sectors_read.sum") + m.value("dram__sectors_write.sum")),
                () -> m.overTime(m.value("dram__bytes.sum.per_second")));
    }

    private static double l2Bytes(KernelMetrics m) {
        return KernelMetrics.first(() -> m.value("lts__t_bytes.sum"),
                () -> SECTOR_BYTES * m.value("lts__t_sectors.sum"),
                () -> SECTOR_BYTES * m.overTime(m.value("lts__t_sectors.sum.per_second")));
    }

    /// Operations by precision; empty where a counter is missing without which the sum would be too small.
    private Optional<Map<Precision, Double>> flop(KernelMetrics m) {
        Map<Precision, Double> flop = new EnumMap<>(Precision.class);
        double single = 2 * executed(m, "ffma") + executed(m, "fadd") + executed(m, "fmul");
        if (Double.isNaN(single)) {
            lack("the operations of the cores (smsp__sass_thread_inst_executed_op_{fadd,fmul,ffma}_pred_on.sum): "
                    + RECORD
                    + "--section SpeedOfLight_RooflineChart or --set roofline");
            return Optional.empty();
        }
        flop.put(Precision.FP32, single);
        // older sections count no half precision: a kernel's arithmetic in it is then not seen, which the docs tell
        putKnown(flop, Precision.FP64, 2 * executed(m, "dfma") + executed(m, "dadd") + executed(m, "dmul"));
        putKnown(flop, Precision.FP16, 4 * executed(m, "hfma") + 2 * executed(m, "hadd") + 2 * executed(m, "hmul"));
        Optional<Map<Precision, Double>> tensor = TensorOperations.executed(m);
        if (tensor.isEmpty()) {
            lack("the operations of the tensor cores, which were active (sm__ops_path_tensor_….sum): " + RECORD
                    + "--section SpeedOfLight_HierarchicalTensorRooflineChart or --set roofline");
            return Optional.empty();
        }
        flop.putAll(tensor.get());
        return Optional.of(flop);
    }

    private static void putKnown(Map<Precision, Double> flop, Precision precision, double counted) {
        if (!Double.isNaN(counted)) {
            flop.put(precision, counted);
        }
    }

    private static double executed(KernelMetrics m, String operation) {
        String counter = "sass_thread_inst_executed_op_" + operation + "_pred_on.sum";
        return KernelMetrics.first(() -> m.value("smsp__" + counter), () -> m.value("sm__" + counter),
                () -> m.overTime(m.value("smsp__" + counter + ".per_cycle_elapsed")
                        * m.value("smsp__cycles_elapsed.avg.per_second")));
    }

    private void addPeaks(KernelMetrics m) {
        addPeak(bandwidths, MemoryLevel.HBM, () -> m.value("dram__bytes.sum.peak_sustained")
                * m.value("dram__cycles_elapsed.avg.per_second"));
        addPeak(bandwidths, MemoryLevel.L2, () -> SECTOR_BYTES * l2Slices(m)
                * m.value("lts__t_sectors.avg.peak_sustained") * m.value("lts__cycles_elapsed.avg.per_second"));
        double clock = m.value("sm__cycles_elapsed.avg.per_second");
        String peak = "sm__sass_thread_inst_executed_op_%s_pred_on.sum.peak_sustained";
        addPeak(rates, Precision.FP32, () -> 2 * m.value(peak.formatted("ffma")) * clock);
        addPeak(rates, Precision.FP64, () -> 2 * m.value(peak.formatted("dfma")) * clock);
        addPeak(rates, Precision.FP16, () -> 4 * m.value(peak.formatted("hfma")) * clock);
        TensorOperations.peaks(m).forEach((precision, rate) -> addPeak(rates, precision, () -> rate));
    }

    /// The cache's slices, which the sum over them and their mean tell.
    private static double l2Slices(KernelMetrics m) {
        return KernelMetrics.first(() -> m.value("lts__cycles_elapsed.sum") / m.value("lts__cycles_elapsed.avg"),
                () -> m.value("lts__t_sectors.sum") / m.value("lts__t_sectors.avg"));
    }

    /// Kernels run at different clocks: the highest peak is the device's.
    private static <K> void addPeak(Map<K, Double> peaks, K key, Supplier<Double> peak) {
        double value = peak.get();
        if (value > 0 && Double.isFinite(value)) {
            peaks.merge(key, value, Math::max);
        }
    }

    @Override
    public List<KernelWork> work() {
        return List.copyOf(work);
    }

    @Override
    public Ceilings ceilings() {
        Map<MemoryLevel, Ceiling> known = new EnumMap<>(MemoryLevel.class);
        bandwidths.forEach((level, peak) -> known.put(level, ceiling(peak, sourceOf(level))));
        Map<Precision, Ceiling> computed = new EnumMap<>(Precision.class);
        rates.forEach((precision, peak) -> computed.put(precision, ceiling(peak, sourceOf(precision))));
        return new Ceilings(deviceName, known, computed);
    }

    private static String sourceOf(MemoryLevel level) {
        return switch (level) {
            case HBM -> "dram__bytes.sum.peak_sustained × clock";
            case L2 -> "lts__t_sectors….peak_sustained × slices × 32 B × clock";
        };
    }

    private static String sourceOf(Precision precision) {
        return switch (precision) {
            case FP64, FP32, FP16 -> "sm__sass_….peak_sustained × operations × clock";
            case FP64_TENSOR, TF32, BF16, FP8, FP4 -> "sm__ops_path_tensor_….peak_sustained × clock";
        };
    }

    private static Ceiling ceiling(double peak, String metrics) {
        return new Ceiling(peak, Ceiling.Origin.PROFILER, "Nsight Compute: " + metrics);
    }

    @Override
    public List<String> missing() {
        return lacking.entrySet().stream()
                .map(e -> (kernels == 1 ? "the kernel lacks " : e.getValue() + " of " + kernels + " kernels lack ")
                        + e.getKey())
                .toList();
    }
}
