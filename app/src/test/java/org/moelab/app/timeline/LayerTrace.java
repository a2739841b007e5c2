package org.moelab.app.timeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

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

/// Made-up timelines of two layers of a run: a prompt and some tokens, each with the same two operations, in which kernels of
/// a layer's own name run.
final class LayerTrace {
    static final String EXPERTS = "layer 0/experts";
    static final String NORM = "layer 0/norm";

    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk chunk = builder.chunk();
    private final int process = builder.process(new ProcessInfo(1, "moelab", OptionalInt.empty()));
    private final int host = builder.track(Locus.NONE, TrackKind.API, "CUDA API", Locus.thread(process, 1), 1);
    private final int device = builder.track(Locus.NONE, TrackKind.DEVICE, "GPU 0", Locus.device(process, 0), 0);
    private final int ranges = builder.track(device, TrackKind.DEVICE_RANGES, "ranges", Locus.device(process, 0), 0);
    private final int stream = builder.track(device, TrackKind.STREAM, "stream 7", Locus.stream(process, 0, 1, 7), 1);

    private LayerTrace() {
    }

    /// A timeline.
    ///
    /// @param file what it is as if read from
    /// @param tokens how many
    /// @param promptNs length of the prompt
    /// @param tokenNs length of each token; its operations fill a half each
    /// @param kernel name of the kernel of the experts; that of the norms is the same in all
    static Trace of(String file, int tokens, long promptNs, long tokenNs, String kernel) {
        return new LayerTrace().build(file, tokens, promptNs, tokenNs, kernel);
    }

    private Trace build(String file, int tokens, long promptNs, long tokenNs, String kernel) {
        add(host, EventKind.RUNTIME_CALL, 0, 100, "cudaGraphLaunch");
        long at = 1_000;
        step("prompt", at, promptNs, kernel);
        at += promptNs;
        for (int token = 0; token < tokens; token++) {
            step("token", at, tokenNs, kernel);
            at += tokenNs;
        }
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(Path.of(file)), TraceFormat.KINETO, "", "",
                OptionalLong.empty(), List.of(), Map.of()), ImportMonitor.NONE);
    }

    private void step(String name, long start, long length, String kernel) {
        add(ranges, EventKind.DEVICE_RANGE, start, length, name);
        long half = length / 2;
        add(ranges, EventKind.DEVICE_RANGE, start, half, NORM);
        add(stream, EventKind.KERNEL, start, half - 10, "rms_norm");
        add(ranges, EventKind.DEVICE_RANGE, start + half, half, EXPERTS);
        add(stream, EventKind.KERNEL, start + half, half - 10, kernel);
    }

    private void add(int track, EventKind kind, long start, long duration, String name) {
        chunk.add(track, kind, start, duration, chunk.strings().intern(name), -1, 0);
    }

    /// The n-th event of a name, from 0.
    static int event(Trace trace, String name, int n) {
        int passed = 0;
        for (int e = 0; e < trace.size(); e++) {
            if (trace.name(e).equals(name) && passed++ == n) {
                return e;
            }
        }
        throw new AssertionError(name + " is not there " + (n + 1) + " times");
    }
}
