package org.moelab.app.timeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

/// Traces made up for tests and measurements: the shape of a decode loop, the figures invented.
final class SyntheticTrace {
    private static final String[] KERNELS = { "norm_add_kernel(float*)", "qkv_gemv_bf16(float*)",
            "flash_decode_kernel(float*)", "router_topk_kernel(float*)",
            "void moe::expert_gemm_kernel<mxfp4, 128>(float*)", "void moe::expert_gemm_kernel<mxfp4, 64>(float*)",
            "combine_add_kernel(float*)" };
    private static final int[] MICROS = { 3, 9, 14, 4, 26, 18, 3 };

    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk chunk = builder.chunk();

    private SyntheticTrace() {
    }

    /// One process with a device of two streams, NVTX ranges on host and device, calls, system calls and a counter.
    ///
    /// @param steps decode steps of 12 layers
    static Trace decodeLoop(int steps) {
        return new SyntheticTrace().buildDecodeLoop(steps);
    }

    /// Many events spread evenly over streams and threads, some of them nested; every hundredth call launches a hundred kernels.
    static Trace large(int events, int tracks) {
        return new SyntheticTrace().buildLarge(events, tracks);
    }

    private Trace buildDecodeLoop(int steps) {
        int process = builder.process(new ProcessInfo(4711, "python decode.py", OptionalInt.empty()));
        int root = builder.track(Locus.NONE, TrackKind.PROCESS, "python decode.py (4711)", Locus.process(process), 0);
        int device = builder.track(root, TrackKind.DEVICE, "GPU 0 · H200", Locus.device(process, 0), 0);
        int ranges = builder.track(device, TrackKind.DEVICE_RANGES, "NVTX on GPU", Locus.device(process, 0), 0);
        int[] streams = { stream(process, device, 13), stream(process, device, 14) };
        int active = builder.track(device, TrackKind.COUNTER, "SM active", Locus.device(process, 0), 9);
        int thread = builder.track(root, TrackKind.THREAD, "main (4711)", Locus.thread(process, 4711), 1);
        Locus main = Locus.thread(process, 4711);
        int nvtx = builder.track(thread, TrackKind.RANGES, "NVTX", main, 0);
        int api = builder.track(thread, TrackKind.API, "CUDA API", main, 1);
        int system = builder.track(thread, TrackKind.OS_RUNTIME, "OS runtime", main, 2);
        Random random = new Random(7);
        long call = 1_000_000;
        long device0 = call + 40_000;
        long correlation = 1;
        for (int step = 0; step < steps; step++) {
            long stepStart = call;
            long stepDevice = Math.max(device0, call + 8_000);
            device0 = stepDevice;
            for (int layer = 0; layer < 12; layer++) {
                long layerStart = call;
                long layerDevice = device0;
                for (int k = 0; k < KERNELS.length; k++) {
                    long duration = (long) (MICROS[k] * 1_000 * (0.85 + 0.3 * random.nextDouble()));
                    event(api, EventKind.RUNTIME_CALL, call, 3_200, "cudaLaunchKernel", correlation);
                    long start = Math.max(device0, call + 5_000);
                    event(streams[k == 5 ? 1 : 0], EventKind.KERNEL, k == 5 ? start - 12_000 : start, duration,
                            KERNELS[k], correlation++);
                    device0 = k == 5 ? device0 : start + duration + 900;
                    call += 4_100 + random.nextInt(900);
                }
                event(nvtx, EventKind.RANGE, layerStart - 300, call - layerStart, "layer " + layer, -1);
                event(ranges, EventKind.DEVICE_RANGE, layerDevice, device0 - layerDevice, "layer " + layer, -1);
            }
            event(api, EventKind.RUNTIME_CALL, call, device0 - call + 4_000, "cudaStreamSynchronize", correlation);
            event(system, EventKind.OS_RUNTIME, call + 1_000, device0 - call, "poll", -1);
            event(streams[0], EventKind.MEMCPY, device0, 2_100, "[CUDA memcpy DtoH]", correlation++);
            device0 += 3_000;
            call = device0 + 5_000;
            event(nvtx, EventKind.RANGE, stepStart - 900, call - stepStart, "decode[" + step + "]", -1);
            event(ranges, EventKind.DEVICE_RANGE, stepDevice - 100, device0 - stepDevice, "decode[" + step + "]", -1);
            call += 3_000;
        }
        counter(active, 900_000, call, 20_000, random);
        return build();
    }

    private int stream(int process, int device, int id) {
        return builder.track(device, TrackKind.STREAM, "stream " + id, Locus.stream(process, 0, 1, id), id);
    }

    private void counter(int track, long from, long to, long step, Random random) {
        int samples = (int) ((to - from) / step);
        long[] times = new long[samples];
        double[] values = new double[samples];
        for (int i = 0; i < samples; i++) {
            times[i] = from + i * step;
            values[i] = 55 + 25 * Math.sin(i / 9.0) + 10 * random.nextDouble();
        }
        builder.counter(new CounterSeries(track, "SM active", "%", times, values));
    }

    private Trace buildLarge(int events, int tracks) {
        int process = builder.process(new ProcessInfo(1, "load", OptionalInt.empty()));
        int root = builder.track(Locus.NONE, TrackKind.PROCESS, "load", Locus.process(process), 0);
        Random random = new Random(11);
        int each = events / tracks;
        for (int t = 0; t < tracks; t++) {
            boolean device = t < tracks / 2;
            int parent = device
                    ? builder.track(root, TrackKind.DEVICE, "GPU " + t / 4, Locus.device(process, t / 4), 0)
                    : builder.track(root, TrackKind.THREAD, "thread " + t, Locus.thread(process, t), 1);
            int track = device
                    ? stream(process, parent, t)
                    : builder.track(parent, TrackKind.API, "CUDA API", Locus.thread(process, t), 0);
            long time = random.nextInt(1000);
            for (int i = 0; i < each; i++) {
                long duration = 300L + random.nextInt(i % 64 == 0 ? 60_000 : 6_000);
                int k = random.nextInt(KERNELS.length);
                boolean nested = !device && i % 3 == 2;
                event(track, device ? EventKind.KERNEL : EventKind.RUNTIME_CALL, nested ? time - duration : time,
                        nested ? Math.max(1, duration / 4) : duration,
                        device ? KERNELS[k] : nested ? "cuLaunchKernel" : "cudaLaunchKernel",
                        device ? (long) t * each + i / 100 * 100L : (long) (t - tracks / 2) * each + i);
                time += nested ? 0L : duration + random.nextInt(i % 1000 == 0 ? 4_000_000 : 700);
            }
        }
        return build();
    }

    private void event(int track, EventKind kind, long start, long duration, String name, long correlation) {
        chunk.add(track, kind, start, duration, chunk.strings().intern(name), correlation, 0);
    }

    private Trace build() {
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(Path.of("synthetic.sqlite")), TraceFormat.NSYS, "", "",
                OptionalLong.empty(), List.of(), Map.of()), ImportMonitor.NONE);
    }
}
