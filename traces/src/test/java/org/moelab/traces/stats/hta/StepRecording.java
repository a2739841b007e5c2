package org.moelab.traces.stats.hta;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.moelab.traces.model.AttributeKey;
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

/// Builds a small recording of a training step or two. Times are in microseconds.
final class StepRecording {
    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk events = builder.chunk();
    private final TraceFormat format;
    private int process;
    private long source;

    StepRecording(TraceFormat format) {
        this.format = format;
        process(OptionalInt.empty());
    }

    /// What follows happens in a further process.
    StepRecording process(OptionalInt rank) {
        process = builder.process(new ProcessInfo(100 + process, "python", rank));
        return this;
    }

    StepRecording call(String name, double start, double end, long correlation) {
        add(track(TrackKind.API, Locus.thread(process, 1)), EventKind.RUNTIME_CALL, name, start, end, correlation);
        return this;
    }

    StepRecording range(String name, double start, double end) {
        add(track(TrackKind.RANGES, Locus.thread(process, 1)), EventKind.RANGE, name, start, end, -1);
        return this;
    }

    /// A host operator that names a stream, as compiled Triton operators do.
    StepRecording operatorOnStream(String name, double start, double end, long stream) {
        int row = add(track(TrackKind.OPS, Locus.thread(process, 1)), EventKind.CPU_OP, name, start, end, -1);
        events.attribute(row, AttributeKey.STREAM, stream);
        return this;
    }

    StepRecording kernel(String name, long stream, double start, double end, long correlation) {
        add(stream(stream), EventKind.KERNEL, name, start, end, correlation);
        return this;
    }

    StepRecording copy(String name, long stream, double start, double end, long correlation,
            double gigabytesPerSecond) {
        int row = add(stream(stream), EventKind.MEMCPY, name, start, end, correlation);
        events.attribute(row, AttributeKey.BANDWIDTH, gigabytesPerSecond);
        return this;
    }

    /// A copy whose bytes are known, but not its bandwidth.
    StepRecording copyOfBytes(String name, long stream, double start, double end, long correlation, long bytes) {
        int row = add(stream(stream), EventKind.MEMCPY, name, start, end, correlation);
        events.attribute(row, AttributeKey.BYTES, bytes);
        return this;
    }

    StepRecording wait(String name, long stream, double start, double end, long correlation) {
        add(track(TrackKind.SYNCHRONIZATION, Locus.stream(process, 0, 1, stream)), EventKind.SYNCHRONIZATION, name,
                start, end, correlation);
        return this;
    }

    Trace build() {
        builder.add(events);
        return builder.build(new RecordingInfo(List.of(), format, "", "", OptionalLong.empty(), List.of(), Map.of()),
                ImportMonitor.NONE);
    }

    private int stream(long stream) {
        return track(TrackKind.STREAM, Locus.stream(process, 0, 1, stream));
    }

    private int track(TrackKind kind, Locus locus) {
        return builder.track(Locus.NONE, kind, kind.name(), locus, 0);
    }

    private int add(int track, EventKind kind, String name, double start, double end, long correlation) {
        long startNs = Math.round(start * 1000);
        return events.add(track, kind, startNs, Math.round(end * 1000) - startNs, events.strings().intern(name),
                correlation, source++);
    }
}
