package org.moelab.traces.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.Extent;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.MetricTable;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.TraceFormat;

class ProfiledWorkTest {
    /// Time 1 µs, 800 bytes, and 100 FFMA, 10 FADD and 1 FMUL.
    private static final Map<String, Double> PLAIN = Map.of("gpu__time_duration.sum", 1000.0,
            "dram__bytes_read.sum", 500.0, "dram__bytes_write.sum", 300.0,
            "smsp__sass_thread_inst_executed_op_ffma_pred_on.sum", 100.0,
            "smsp__sass_thread_inst_executed_op_fadd_pred_on.sum", 10.0,
            "smsp__sass_thread_inst_executed_op_fmul_pred_on.sum", 1.0);

    private static KernelReport report(Map<String, Double> metrics) {
        MetricTable.Builder table = new MetricTable.Builder();
        table.beginKernel();
        metrics.forEach((name, value) -> table.add(table.intern(name), MetricTable.Type.DOUBLE,
                Double.doubleToRawLongBits(value), 0, false));
        ProfiledKernel kernel = new ProfiledKernel(0, ProfiledKernel.Workload.KERNEL,
                new ProfiledKernel.Name("k", "", ""),
                new ProfiledKernel.Launch(Extent.UNKNOWN, Extent.UNKNOWN, OptionalInt.of(0), -1, -1,
                        new ProcessInfo(1, "", OptionalInt.empty()), -1),
                0, List.of(), List.of(), List.of(), OptionalLong.empty(), List.of(), List.of(), true);
        return new KernelReport(new RecordingInfo(List.of(), TraceFormat.NCU, "", "", OptionalLong.empty(),
                List.of(new DeviceInfo(0, "NVIDIA H200", Map.of())), Map.of()), List.of(), List.of(kernel),
                table.build(), List.of());
    }

    private static KernelReport with(Map<String, Double> more) {
        var all = new java.util.HashMap<>(PLAIN);
        all.putAll(more);
        return report(all);
    }

    private static KernelReport open(Path file) throws TraceReadException {
        return (KernelReport) Recordings.openAll(List.of(file), ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    @Test
    void work_plainCounters_multiplyAddIsTwoOperations() {
        KernelWork work = new ProfiledWork(report(PLAIN)).work().getFirst();

        assertThat(work.flop()).isEqualTo(Map.of(Precision.FP32, 211.0));
        assertThat(work.bytes()).isEqualTo(Map.of(MemoryLevel.HBM, 800.0));
        assertThat(work.timeNs()).isEqualTo(1000);
        assertThat(work.device()).isEqualTo("NVIDIA H200");
    }

    @Test
    void work_halfPrecisionInstructions_workOnPairs() {
        KernelWork work = new ProfiledWork(with(Map.of(
                "smsp__sass_thread_inst_executed_op_hfma_pred_on.sum", 10.0,
                "smsp__sass_thread_inst_executed_op_hadd_pred_on.sum", 5.0,
                "smsp__sass_thread_inst_executed_op_hmul_pred_on.sum", 2.0))).work().getFirst();

        assertThat(work.flop()).containsEntry(Precision.FP16, 40.0 + 10 + 4);
    }

    @Test
    void work_countsByCycleAlone_areTakenTimesTheCycles() {
        KernelWork work = new ProfiledWork(report(Map.of("gpu__time_duration.sum", 1000.0,
                "dram__bytes.sum.per_second", 8e8, "smsp__cycles_elapsed.avg.per_second", 2e9,
                "smsp__sass_thread_inst_executed_op_ffma_pred_on.sum.per_cycle_elapsed", 3.0,
                "smsp__sass_thread_inst_executed_op_fadd_pred_on.sum.per_cycle_elapsed", 0.0,
                "smsp__sass_thread_inst_executed_op_fmul_pred_on.sum.per_cycle_elapsed", 0.0))).work().getFirst();

        assertThat(work.flop().get(Precision.FP32)).isCloseTo(2 * 3 * 2000.0, withinPercentage(1e-9));
        assertThat(work.bytes().get(MemoryLevel.HBM)).isCloseTo(800.0, withinPercentage(1e-9));
    }

    @Test
    void work_tensorCountersOfSeveralWidths_countOnce() {
        KernelWork work = new ProfiledWork(with(Map.of(
                "sm__ops_path_tensor_src_bf16_dst_fp32.sum", 700.0,
                "sm__ops_path_tensor_src_bf16_dst_fp32_sparsity_off.sum", 600.0,
                "sm__ops_path_tensor_src_bf16_dst_fp32_sparsity_on.sum", 100.0,
                "sm__ops_path_tensor_op_hgmma_src_bf16_dst_fp32_sparsity_off.sum", 600.0,
                "sm__ops_path_tensor_src_fp8_sparsity_off.sum", 20.0,
                "sm__ops_path_tensor_src_fp8_sparsity_on.sum", 4.0,
                "sm__ops_path_tensor_src_int8.sum", 9999.0))).work().getFirst();

        assertThat(work.flop()).isEqualTo(
                Map.of(Precision.FP32, 211.0, Precision.BF16, 700.0, Precision.FP8, 24.0));
    }

    @Test
    void work_tensorCoresActiveAndNotCounted_isLeftOutAndSaid() {
        ProfiledWork work = new ProfiledWork(
                with(Map.of("sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_elapsed", 40.0)));

        assertThat(work.work()).isEmpty();
        assertThat(work.missing()).anyMatch(m -> m.contains("sm__ops_path_tensor")
                && m.contains("SpeedOfLight_HierarchicalTensorRooflineChart"));
    }

    @Test
    void missing_noOperations_namesCountersAndSections() {
        ProfiledWork work = new ProfiledWork(report(Map.of("gpu__time_duration.sum", 1000.0)));

        assertThat(work.work()).isEmpty();
        assertThat(work.missing()).anyMatch(m -> m.contains("dram__bytes.sum"))
                .anyMatch(m -> m.contains("smsp__sass_thread_inst_executed_op_{fadd,fmul,ffma}_pred_on.sum")
                        && m.contains("--section SpeedOfLight_RooflineChart") && m.contains("--set roofline"));
    }

    @Test
    void ceilings_peaksOfTheReport_areByClock() {
        Ceilings ceilings = new ProfiledWork(with(Map.of("dram__bytes.sum.peak_sustained", 1504.0,
                "dram__cycles_elapsed.avg.per_second", 3.2e9, "sm__cycles_elapsed.avg.per_second", 2e9,
                "sm__sass_thread_inst_executed_op_ffma_pred_on.sum.peak_sustained", 16896.0,
                "sm__ops_path_tensor_op_hgmma_src_bf16_dst_fp32_sparsity_off.sum.peak_sustained", 540672.0,
                "sm__ops_path_tensor_op_hgmma_src_bf16_dst_fp32_sparsity_on.sum.peak_sustained", 1081344.0,
                "sm__ops_path_tensor_src_bf16_dst_fp32.sum.peak_sustained", 1081344.0))).ceilings();

        assertThat(ceilings.bandwidth(MemoryLevel.HBM).orElseThrow().perSecond()).isEqualTo(1504 * 3.2e9);
        assertThat(ceilings.rate(Precision.FP32).orElseThrow().perSecond()).isEqualTo(2 * 16896 * 2e9);
        assertThat(ceilings.rate(Precision.BF16).orElseThrow().perSecond()).isEqualTo(540672 * 2e9);
    }

    @Test
    void corpus_copyOf2GiBOnAnH200_isAsComputedByHand() throws TraceReadException {
        ProfiledWork profiled = new ProfiledWork(open(Corpus.root().resolve("h200/jcuda_copy_h200.ncu-rep.gz")));
        KernelWork first = profiled.work().getFirst();

        // the kernel reads 2 GiB and writes 2 GiB; 0.5 % of it stays in L2 at the end
        assertThat(first.bytes().get(MemoryLevel.HBM)).isEqualTo(2_147_541_504.0 + 2_126_958_080.0);
        assertThat(first.bytes().get(MemoryLevel.HBM)).isCloseTo(2.0 * (1L << 31), withinPercentage(0.6));
        assertThat(first.bytes().get(MemoryLevel.L2)).isEqualTo(206_888_160.0 * 32);
        assertThat(first.flop()).isEmpty();
        Roofline roofline = Roofline.of(List.of(first), profiled.ceilings(), List.of());
        Roofline.Point point = roofline.points().getFirst();
        assertThat(point.bytesPerSecond()).isCloseTo(4.000662e12, withinPercentage(0.001)); // dram__bytes.sum.per_second
        assertThat(point.ofRoof() * 100).isCloseTo(83.14, withinPercentage(0.02)); // ncu's own percentage
        Roofline.Point l2 = roofline.points().get(1);
        assertThat(l2.ofRoof() * 100).isCloseTo(40.166, withinPercentage(0.02));
    }

    @Test
    void corpus_productOfTwoMatrices_hasItsOperations() throws TraceReadException {
        KernelWork first = new ProfiledWork(
                open(Corpus.root().resolve("ncu/ncu_2024.1.1_gtx1660s_gemm_naive.ncu-rep"))).work().getFirst();

        // 1024³ multiply-adds, and alpha and beta for each of 1024² elements
        assertThat(first.totalFlop()).isCloseTo(2.0 * (1L << 30) + 3.0 * (1L << 20), withinPercentage(0.01));
    }
}
