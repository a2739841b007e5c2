package org.moelab.traces.advice;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CopyKind;
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

/// Builds small recordings of one host thread and one device of 100 multiprocessors. Times are in µs.
final class Session {
    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk events = builder.chunk();
    private final int process = builder.process(new ProcessInfo(1, "p", OptionalInt.empty()));
    private final Map<Integer, Integer> streams = new HashMap<>();
    private final int calls = builder.track(Locus.NONE, TrackKind.API, "CUDA", Locus.thread(process, 1), 0);
    private final int overhead = builder.track(Locus.NONE, TrackKind.OVERHEAD, "Overhead", Locus.NOWHERE, 9);
    private long correlation;

    /// A call that launches nothing.
    Session call(String name, long start, long duration) {
        events.add(calls, EventKind.RUNTIME_CALL, start * 1000, duration * 1000, events.strings().intern(name), -1, 0);
        return this;
    }

    /// A launching call.
    private long launch(String name, long start, long duration) {
        correlation++;
        events.add(calls, EventKind.RUNTIME_CALL, start * 1000, duration * 1000, events.strings().intern(name),
                correlation, 0);
        return correlation;
    }

    private int work(EventKind kind, String name, int stream, long start, long duration, long id) {
        int track = streams.computeIfAbsent(stream, s -> builder.track(Locus.NONE, TrackKind.STREAM, "stream " + s,
                Locus.stream(process, 0, 1, s), 2 + s));
        return events.add(track, kind, start * 1000, duration * 1000, events.strings().intern(name), id, 0);
    }

    /// A range that the producer placed on the device.
    Session range(String name, long start, long duration) {
        int track = streams.computeIfAbsent(-1, _ -> builder.track(Locus.NONE, TrackKind.DEVICE_RANGES, "ranges",
                Locus.stream(process, 0, 1, 7), 1));
        events.add(track, EventKind.DEVICE_RANGE, start * 1000, duration * 1000, events.strings().intern(name), -1, 0);
        return this;
    }

    /// A kernel on stream 7 with a launch of 1 µs at a time of the host.
    Session kernel(String name, long launch, long start, long duration) {
        return kernelOn(name, 7, launch, start, duration);
    }

    Session kernelOn(String name, int stream, long launch, long start, long duration) {
        work(EventKind.KERNEL, name, stream, start, duration, launch("cudaLaunchKernel", launch, 1));
        return this;
    }

    /// A kernel whose launch takes longer than it does.
    Session tinyKernel(String name, long launch, long start) {
        work(EventKind.KERNEL, name, 7, start, 1, launch("cudaLaunchKernel", launch, 4));
        return this;
    }

    /// A kernel of so many blocks of 256 threads with so many registers, launched at time 0.
    Session sizedKernel(String name, long start, long duration, int blocks, int registers) {
        int row = work(EventKind.KERNEL, name, 7, start, duration, launch("cudaLaunchKernel", 0, 1));
        events.attribute(row, AttributeKey.LAUNCH_CONFIG,
                builder.launchConfig(new LaunchConfig(blocks, 1, 1, 256, 1, 1, registers, 0, 0)));
        return this;
    }

    /// Kernels one behind the other, all launched by one graph.
    Session graph(long launch, long start, int kernels, long duration) {
        long id = launch("cudaGraphLaunch", launch, 5);
        for (int i = 0; i < kernels; i++) {
            int row = work(EventKind.KERNEL, "node", 7, start + i * duration, duration, id);
            events.attribute(row, AttributeKey.GRAPH_NODE, 1 + i);
        }
        return this;
    }

    /// A piece of work without a launch.
    Session orphan(EventKind kind, String name, long start, long duration) {
        work(kind, name, 7, start, duration, -1);
        return this;
    }

    /// A copy to the device of 1 kB a µs on a stream.
    Session copy(String name, String call, int stream, long launch, long start, long duration) {
        int row = work(EventKind.MEMCPY, name, stream, start, duration, launch(call, launch, 1));
        events.attribute(row, AttributeKey.BYTES, duration * 1000);
        events.attribute(row, AttributeKey.COPY_KIND, CopyKind.HOST_TO_DEVICE.number());
        return this;
    }

    Session overhead(long start, long duration) {
        events.add(overhead, EventKind.OVERHEAD, start * 1000, duration * 1000, events.strings().intern("buffer"), -1,
                0);
        return this;
    }

    Session warn(String code, long count, String message) {
        builder.warn(code, count, message);
        return this;
    }

    Trace build() {
        builder.add(events);
        return builder.build(
                new RecordingInfo(List.of(Path.of("made-up.sqlite")), TraceFormat.NSYS, "", "", OptionalLong.empty(),
                        List.of(new DeviceInfo(0, "GPU", Map.of("smCount", "100", "maxWarpsPerSm", "64",
                                "maxRegistersPerSm", "65536", "maxShmemPerSm", "233472"))),
                        Map.of()),
                ImportMonitor.NONE);
    }
}
