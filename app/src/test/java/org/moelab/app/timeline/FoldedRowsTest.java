package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

/// How much is shown of ranges that lie above the work of devices.
class FoldedRowsTest {
    private static final int LEVELS = 6;
    /// Room for one device with its ranges short, and for two with all of their ranges.
    private static final double SOME = 150;
    private static final double MUCH = 400;

    /// Two devices with a stream each, below ranges that are nested.
    private static Trace trace() {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(1, "app", OptionalInt.empty()));
        EventChunk chunk = builder.chunk();
        for (int d = 0; d < 2; d++) {
            Locus at = Locus.device(process, d);
            int device = builder.track(Locus.NONE, TrackKind.DEVICE, "GPU " + d, at, d);
            int ranges = builder.track(device, TrackKind.DEVICE_RANGES, "NVTX on GPU", at, 0);
            int stream = builder.track(device, TrackKind.STREAM, "stream 7", Locus.stream(process, d, 1, 7), 1);
            for (int level = 0; level < LEVELS; level++) {
                chunk.add(ranges, EventKind.DEVICE_RANGE, level, 1_000 - 2 * level, chunk.strings().intern("in"), -1,
                        0);
            }
            chunk.add(stream, EventKind.KERNEL, 100, 800, chunk.strings().intern("gemm"), -1, 0);
        }
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(Path.of("t")), TraceFormat.NSYS, "", "", OptionalLong.empty(),
                List.of(), Map.of()), ImportMonitor.NONE);
    }

    private static List<Row> rows(TimelineViewModel view, TrackKind kind) {
        return view.sourceProperty().get().orElseThrow().tree().rows().stream().filter(r -> r.track().kind() == kind)
                .toList();
    }

    private static List<RowState> ranges(TimelineViewModel view) {
        return rows(view, TrackKind.DEVICE_RANGES).stream().map(view::state).toList();
    }

    private static double bottom(TimelineViewModel view, Row row) {
        RowLayout layout = view.request().orElseThrow().layout();
        int place = layout.placeOf(row.id());
        return layout.top(place) + layout.height(place);
    }

    private static TimelineViewModel opened(double height) {
        Selection selection = new Selection();
        TimelineViewModel view = new TimelineViewModel(selection, Runnable::run, Runnable::run);
        view.resize(1_000, FrameRequest.HEADER_HEIGHT + height);
        selection.recordingProperty().set(Optional.of(trace()));
        return view;
    }

    @Test
    void rangesAboveWork_byTheRoom_leaveTheWorkOfADeviceInSight() {
        TimelineViewModel much = opened(MUCH);
        assertThat(ranges(much)).containsOnly(RowState.OPEN);
        assertThat(bottom(much, rows(much, TrackKind.STREAM).getLast())).isLessThanOrEqualTo(MUCH);

        TimelineViewModel some = opened(SOME);
        assertThat(ranges(some)).containsOnly(RowState.SHORT);
        assertThat(bottom(some, rows(some, TrackKind.STREAM).getFirst())).isLessThanOrEqualTo(SOME);
        assertThat(rows(some, TrackKind.DEVICE_RANGES).getFirst().shownLanes(RowState.SHORT)).isBetween(1, LEVELS - 1);

        TimelineViewModel little = opened(70);
        assertThat(ranges(little)).containsOnly(RowState.FOLDED);
        assertThat(bottom(little, rows(little, TrackKind.STREAM).getFirst())).isLessThanOrEqualTo(70);
    }

    @Test
    void rangesAboveWork_whenTheRoomGrows_areShownMore() {
        TimelineViewModel view = opened(SOME);
        view.resize(1_000, FrameRequest.HEADER_HEIGHT + MUCH);
        assertThat(ranges(view)).containsOnly(RowState.OPEN);
    }

    @Test
    void rangesAboveWork_thatAPersonOpened_stayOpen() {
        TimelineViewModel view = opened(SOME);
        view.toggle(rows(view, TrackKind.DEVICE_RANGES).getFirst());
        view.resize(1_000, FrameRequest.HEADER_HEIGHT + 70);
        assertThat(ranges(view)).containsExactly(RowState.OPEN, RowState.SHORT);
    }

    @Test
    void eventChosenBeforeTheFirstLayout_isInSightAfterIt() {
        Selection selection = new Selection();
        TimelineViewModel view = new TimelineViewModel(selection, Runnable::run, Runnable::run);
        Trace trace = trace();
        selection.recordingProperty().set(Optional.of(trace));
        int last = trace.trackBegin(rows(view, TrackKind.STREAM).getLast().track().id());
        selection.eventProperty().set(OptionalInt.of(last));

        view.resize(1_000, FrameRequest.HEADER_HEIGHT + 70);

        double bottom = bottom(view, rows(view, TrackKind.STREAM).getLast()) - view.scrollY();
        assertThat(bottom).isBetween(RowLayout.LANE_HEIGHT, 70.0);
        assertThat(ranges(view)).as("nobody opened a row").containsOnly(RowState.FOLDED);
    }
}
