package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.moelab.app.selection.Selection;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

/// What part of a trace is shown when it is opened.
class OpeningViewTest {
    private static final long STEP = 1_000;

    private final TraceBuilder builder = new TraceBuilder();
    private final int process = builder.process(new ProcessInfo(1, "app", OptionalInt.empty()));
    private final int host = builder.track(Locus.NONE, TrackKind.API, "CUDA API", Locus.thread(process, 1), 0);
    private final int stream = builder.track(Locus.NONE, TrackKind.STREAM, "stream 7", Locus.stream(process, 0, 1, 7),
            1);
    private final EventChunk chunk = builder.chunk();

    /// 500 kernels one after the other.
    private void work(long from) {
        for (int i = 0; i < 500; i++) {
            kernel(from + i * STEP, STEP - 100);
        }
    }

    private void kernel(long start, long duration) {
        chunk.add(stream, EventKind.KERNEL, start, duration, chunk.strings().intern("gemm"), -1, 0);
    }

    private Viewport opened() {
        builder.add(chunk);
        Selection selection = new Selection();
        TimelineViewModel view = new TimelineViewModel(selection, Runnable::run, Runnable::run);
        selection.recordingProperty().set(Optional.of(builder.build(new RecordingInfo(List.of(Path.of("t")),
                TraceFormat.NSYS, "", "", OptionalLong.empty(), List.of(), Map.of()), ImportMonitor.NONE)));
        return view.viewportProperty().get();
    }

    private static void assertShows(Viewport view, long fromNs, long toNs) {
        double tolerance = (toNs - fromNs) * 0.05;
        assertThat(view.fromNs()).isCloseTo((double) fromNs, within(tolerance));
        assertThat(view.toNs()).isCloseTo((double) toNs, within(tolerance));
    }

    @Test
    void show_eventOfTheHostLongBefore_opensOnTheWork() {
        chunk.add(host, EventKind.OTHER, 0, 10, chunk.strings().intern("graph node created"), -1, 0);
        work(1_000_000);

        assertShows(opened(), 1_000_000, 1_500_000);
    }

    @Test
    void show_fillLongBefore_opensOnWhereTheWorkIs() {
        kernel(0, 50);
        work(100_000_000);
        kernel(200_000_000, 50);

        // the work is looked for in steps of a thousandth of the time, 0.2 ms here
        assertShows(opened(), 100_000_000, 100_600_000);
    }

    @Test
    void show_workAllAlong_opensOnEverything() {
        work(0);

        assertShows(opened(), 0, 500_000);
    }

    @Test
    void show_workOnlyAtBothEnds_opensOnEverything() {
        work(0);
        work(10_000_000);

        assertShows(opened(), 0, 10_500_000);
    }

    @Test
    void show_noDeviceWork_opensOnEverything() {
        chunk.add(host, EventKind.RUNTIME_CALL, 0, 10, chunk.strings().intern("cudaMalloc"), -1, 0);
        chunk.add(host, EventKind.RUNTIME_CALL, 90_000, 10_000, chunk.strings().intern("cudaFree"), -1, 0);

        assertShows(opened(), 0, 100_000);
    }
}
