package org.moelab.traces.compare;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.moelab.traces.model.AttributeKey;
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

/// Builds small timelines: ranges and launching calls on one host thread, work on streams of one device. Times are in ns.
final class TimelineFixture {
    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk events = builder.chunk();
    private final int process = builder.process(new ProcessInfo(1, "p", OptionalInt.empty()));
    private final Map<Integer, Integer> streams = new HashMap<>();
    private final int calls = builder.track(Locus.NONE, TrackKind.API, "CUDA", Locus.thread(process, 1), 0);
    private final int ranges = builder.track(Locus.NONE, TrackKind.RANGES, "NVTX", Locus.thread(process, 1), 1);
    private long correlation;

    TimelineFixture range(String name, long start, long end) {
        events.add(ranges, EventKind.RANGE, start, end - start, events.strings().intern(name), -1, 0);
        return this;
    }

    /// A kernel with its launch, 1 ns long, at a time of the host.
    TimelineFixture kernel(String name, int stream, long launch, long start, long duration) {
        return kernel(name, stream, launch, start, duration, 1);
    }

    /// A kernel whose grid has so many blocks.
    TimelineFixture kernel(String name, int stream, long launch, long start, long duration, int blocks) {
        int row = work(EventKind.KERNEL, name, stream, launch, start, duration);
        events.attribute(row, AttributeKey.LAUNCH_CONFIG,
                builder.launchConfig(new LaunchConfig(blocks, 1, 1, 128, 1, 1, 0, 0, 0)));
        return this;
    }

    TimelineFixture copy(String name, int stream, long launch, long start, long duration) {
        work(EventKind.MEMCPY, name, stream, launch, start, duration);
        return this;
    }

    private int work(EventKind kind, String name, int stream, long launch, long start, long duration) {
        correlation++;
        int track = streams.computeIfAbsent(stream, s -> builder.track(Locus.NONE, TrackKind.STREAM, "stream " + s,
                Locus.stream(process, 0, 1, s), 2 + s));
        events.add(calls, EventKind.RUNTIME_CALL, launch, 1, events.strings().intern("cudaLaunchKernel"), correlation,
                0);
        return events.add(track, kind, start, duration, events.strings().intern(name), correlation, 0);
    }

    Trace build() {
        builder.add(events);
        return builder.build(new RecordingInfo(List.of(), TraceFormat.NSYS, "", "", OptionalLong.empty(), List.of(),
                Map.of()), ImportMonitor.NONE);
    }
}
