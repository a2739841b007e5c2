package org.moelab.app.kernels;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

/// A made-up decode loop of a mixture-of-experts model: eight layers, two streams, calls that launch, ranges and copies.
public final class SampleTrace {
    private record Op(String name, int grid, int block, long durationNs) {}

    private static final List<Op> LAYER = List.of(
            new Op("void rms_norm<__nv_bfloat16>(__nv_bfloat16 const*, float)", 1, 256, 2_400),
            new Op("qkv_gemv_rope_kv_bf16_sm90", 132, 256, 9_100),
            new Op("void flash_decode<(int)64, (bool)1>(Params)", 132, 128, 7_300),
            new Op("void cutlass::gemm_o_proj<cutlass::bfloat16_t>(Params)", 132, 256, 6_200),
            new Op("router_topk_softmax", 1, 128, 3_100), new Op("moe_gate_up_swiglu_mxfp4_sm90", 264, 256, 13_400),
            new Op("moe_down_combine_mxfp4_sm90", 264, 256, 9_200));

    private SampleTrace() {
    }

    /// The trace of one decode step, as if read from a file of this name.
    public static Trace decode(String file) {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(4711, "decode", OptionalInt.empty()));
        int host = builder.track(Locus.NONE, TrackKind.PROCESS, "decode (4711)", Locus.process(process), 0);
        int thread = builder.track(host, TrackKind.THREAD, "main", Locus.thread(process, 4711), 0);
        int api = builder.track(thread, TrackKind.API, "CUDA API", Locus.thread(process, 4711), 0);
        int ranges = builder.track(thread, TrackKind.RANGES, "NVTX", Locus.thread(process, 4711), 1);
        int device = builder.track(Locus.NONE, TrackKind.DEVICE, "GPU 0", Locus.device(process, 0), 1);
        int stream = builder.track(device, TrackKind.STREAM, "stream 13", Locus.stream(process, 0, 1, 13), 0);
        int copies = builder.track(device, TrackKind.STREAM, "stream 14", Locus.stream(process, 0, 1, 14), 1);
        EventChunk chunk = builder.chunk();
        int launch = chunk.strings().intern("cudaLaunchKernel");
        long deviceTime = 1_020_000;
        long correlation = 1;
        for (int layer = 0; layer < 8; layer++) {
            long layerStart = 1_000_000 + layer * 60_000L;
            int range = chunk.strings().intern("layer " + layer);
            chunk.add(ranges, EventKind.RANGE, layerStart, 52_000, range, -1, 0);
            for (int i = 0; i < LAYER.size(); i++) {
                Op op = LAYER.get(i);
                chunk.add(api, EventKind.RUNTIME_CALL, layerStart + 1_000 + i * 7_000L, 4_000, launch, correlation, 0);
                int row = chunk.add(stream, EventKind.KERNEL, deviceTime, op.durationNs + layer * 10L,
                        chunk.strings().intern(op.name), correlation, 0);
                chunk.attribute(row, AttributeKey.LAUNCH_CONFIG,
                        builder.launchConfig(new LaunchConfig(op.grid, 1, 1, op.block, 1, 1, 64, 0, 32_768)));
                deviceTime += op.durationNs + 900;
                correlation++;
            }
            if (layer % 3 == 0) {
                int row = chunk.add(copies, EventKind.MEMCPY, layerStart + 30_000, 4_500,
                        chunk.strings().intern("[CUDA memcpy Host-to-Device]"), -1, 0);
                chunk.attribute(row, AttributeKey.BYTES, 90_000);
                chunk.attribute(row, AttributeKey.COPY_KIND, 1);
            }
        }
        builder.add(chunk);
        builder.warn("kernel-without-launch", 3, "3 kernels have no launch: the capture began after it");
        return builder.build(
                new RecordingInfo(List.of(Path.of(file)), TraceFormat.NSYS, "2025.3.1", "3.20", OptionalLong.empty(),
                        List.of(new DeviceInfo(0, "NVIDIA H200", Map.of("computeCapability", "9.0"))), Map.of()),
                ImportMonitor.NONE);
    }
}
