package org.moelab.app.roofline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.KernelWork.Basis;
import org.moelab.traces.roofline.Machine;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Precision;
import org.moelab.traces.roofline.Roofline;

/// A roofline with a kernel of every family, for pictures: made-up figures.
final class SampleRoofline {
    private static final String DEVICE = "NVIDIA H200";

    private SampleRoofline() {
    }

    static Roofline decode() {
        List<KernelWork> work = new ArrayList<>();
        add(work, "void moe_gate_up_swiglu_mxfp4<128, 64>(Params)", 48, 900_000, 3.1e9, 3.9e9, Precision.BF16, 2.4e10);
        add(work, "void moe_down_mxfp4<128, 64>(Params)", 48, 610_000, 2.0e9, 2.7e9, Precision.BF16, 1.2e10);
        add(work, "nvjet_tst_128x256_64x4_2x1_v_bz_TNT", 24, 420_000, 2.2e8, 1.9e9, Precision.BF16, 2.9e11);
        add(work, "flash_fwd_splitkv_kernel", 24, 260_000, 7.0e8, 9.0e8, Precision.BF16, 9.0e9);
        add(work, "rms_norm_residual", 48, 90_000, 6.0e7, 9.0e7, Precision.FP32, 8.0e7);
        add(work, "router_topk_softmax", 24, 70_000, 3.0e7, 5.0e7, Precision.FP32, 2.4e7);
        add(work, "unembed_gemv", 1, 210_000, 9.4e8, 9.5e8, Precision.BF16, 9.4e8);
        add(work, "ncclDevKernel_AllReduce_Sum_bf16_RING_LL", 48, 130_000, 2.0e8, 3.0e8, Precision.FP32, 5.0e7);
        add(work, "impossible_gemm", 2, 50_000, 4.0e8, 4.2e8, Precision.BF16, 9.0e9);
        add(work, "copy_kv_cache", 24, 40_000, 1.4e8, 1.7e8, Precision.FP32, 0);
        add(work, "fill_kernel", 24, 9_000, 2.0e7, 2.1e7, Precision.FP32, 0);
        return Roofline.of(work, Machine.ofId("H200").orElseThrow().ceilings()
                .completedBy(Machine.ofId("H200-measured").orElseThrow().ceilings()), List.of());
    }

    private static void add(List<KernelWork> work, String name, int launches, double timeNs, double hbm, double l2,
            Precision precision, double flop) {
        work.add(new KernelWork(name, launches, timeNs, Map.of(MemoryLevel.HBM, hbm, MemoryLevel.L2, l2),
                Map.of(precision, flop), Basis.MEASURED, DEVICE));
    }
}
