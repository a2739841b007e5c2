package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

class TraceBuilderTest {
    @Test
    void events_addedInAnyOrder_comeOutByTrackThenStartThenFallingDuration() {
        TraceBuilder builder = Traces.oneRow(TrackKind.OPS);
        int second = builder.track(Locus.NONE, TrackKind.OPS, "second", Locus.thread(0, 2), 1);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("op");
        chunk.add(second, EventKind.CPU_OP, 5, 1, name, -1, 0);
        chunk.add(0, EventKind.CPU_OP, 20, 5, name, -1, 1);
        chunk.add(0, EventKind.CPU_OP, 10, 3, name, -1, 2);
        chunk.add(0, EventKind.CPU_OP, 10, 8, name, -1, 3);
        builder.add(chunk);
        Trace trace = Traces.build(builder);

        assertThat(new long[] { trace.source(0), trace.source(1), trace.source(2), trace.source(3) }).containsExactly(3,
                2, 1, 0);
        assertThat(trace.trackBegin(second)).isEqualTo(3);
        assertThat(trace.startNs()).isEqualTo(5);
        assertThat(trace.endNs()).isEqualTo(25);
    }

    @Test
    void depth_ofNestedEvents_isTheirNestingAndLeadsToTheParent() {
        TraceBuilder builder = Traces.oneRow(TrackKind.OPS);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("op");
        chunk.add(0, EventKind.CPU_OP, 0, 100, name, -1, 0);
        chunk.add(0, EventKind.CPU_OP, 10, 40, name, -1, 1);
        chunk.add(0, EventKind.CPU_OP, 20, 10, name, -1, 2);
        chunk.add(0, EventKind.CPU_OP, 60, 40, name, -1, 3);
        chunk.add(0, EventKind.CPU_OP, 100, 5, name, -1, 4);
        builder.add(chunk);
        Trace trace = Traces.build(builder);

        assertThat(List.of(trace.depth(0), trace.depth(1), trace.depth(2), trace.depth(3), trace.depth(4)))
                .containsExactly(0, 1, 2, 1, 0);
        assertThat(List.of(trace.parent(0), trace.parent(1), trace.parent(2), trace.parent(3), trace.parent(4)))
                .containsExactly(-1, 0, 1, 0, -1);
        assertThat(trace.lanes(0)).hasSize(3);
    }

    @Test
    void overlappingKernelsOfOneStream_getLanesOfTheirOwn() {
        TraceBuilder builder = Traces.oneRow(TrackKind.STREAM);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("k");
        for (int i = 0; i < 40; i++) {
            chunk.add(0, EventKind.KERNEL, i, 10, name, -1, i);
        }
        builder.add(chunk);
        Trace trace = Traces.build(builder);

        assertThat(trace.lanes(0)).hasSize(10);
        for (Lane lane : trace.lanes(0)) {
            for (int i = 1; i < lane.size(); i++) {
                assertThat(trace.start(lane.event(i))).isGreaterThanOrEqualTo(trace.end(lane.event(i - 1)));
            }
        }
    }

    @Test
    void deviceWork_sharingProcessAndCorrelationWithACall_isLinkedBothWays() {
        TraceBuilder builder = new TraceBuilder();
        int a = builder.process(new ProcessInfo(1, "a", OptionalInt.of(0)));
        int b = builder.process(new ProcessInfo(2, "b", OptionalInt.of(1)));
        int callsA = builder.track(Locus.NONE, TrackKind.API, "api", Locus.thread(a, 1), 0);
        int callsB = builder.track(Locus.NONE, TrackKind.API, "api", Locus.thread(b, 1), 0);
        int streamA = builder.track(Locus.NONE, TrackKind.STREAM, "stream", Locus.stream(a, 0, 1, 7), 0);
        int streamB = builder.track(Locus.NONE, TrackKind.STREAM, "stream", Locus.stream(b, 0, 1, 7), 0);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("x");
        chunk.add(callsA, EventKind.DRIVER_CALL, 0, 2, name, 9, 100);
        chunk.add(callsA, EventKind.RUNTIME_CALL, 1, 2, name, 9, 101);
        chunk.add(callsB, EventKind.RUNTIME_CALL, 1, 2, name, 9, 102);
        chunk.add(streamA, EventKind.KERNEL, 10, 1, name, 9, 103);
        chunk.add(streamA, EventKind.KERNEL, 12, 1, name, 9, 104);
        chunk.add(streamB, EventKind.MEMCPY, 10, 1, name, 9, 105);
        chunk.add(streamB, EventKind.KERNEL, 14, 1, name, 8, 106);
        chunk.add(streamB, EventKind.KERNEL, 16, 1, name, -1, 107);
        builder.add(chunk);
        Trace trace = Traces.build(builder);

        assertThat(trace.source(trace.link(eventOf(trace, 103)))).isEqualTo(101);
        assertThat(trace.source(trace.link(eventOf(trace, 105)))).isEqualTo(102);
        assertThat(trace.link(eventOf(trace, 106))).isEqualTo(-1);
        assertThat(trace.link(eventOf(trace, 107))).isEqualTo(-1);
        assertThat(trace.correlation(eventOf(trace, 107))).isEqualTo(-1);
        List<Long> launched = new ArrayList<>();
        trace.forEachLaunched(eventOf(trace, 101), e -> launched.add(trace.source(e)));
        assertThat(launched).containsExactly(103L, 104L);
        assertThat(trace.launchedCount(eventOf(trace, 100))).isZero();
    }

    @Test
    void attributes_ofSeveralChunks_stayWithTheirEventsAndTheirStrings() {
        TraceBuilder builder = Traces.oneRow(TrackKind.STREAM);
        for (int c = 0; c < 3; c++) {
            EventChunk chunk = new EventChunk();
            for (int i = 0; i < 50; i++) {
                int name = chunk.strings().intern("name " + (49 - i));
                int row = chunk.add(0, EventKind.MEMCPY, 1000L * (49 - i) + c, 1, name, -1, 100L * c + i);
                if (i % 3 == c) {
                    chunk.attribute(row, AttributeKey.BYTES, (1L << 33) + 100L * c + i);
                    chunk.attribute(row, AttributeKey.DOMAIN, chunk.strings().intern("domain " + c + " " + i));
                }
            }
            builder.add(chunk);
        }
        Trace trace = Traces.build(builder);

        Attribute bytes = trace.attribute(AttributeKey.BYTES).orElseThrow();
        Attribute domain = trace.attribute(AttributeKey.DOMAIN).orElseThrow();
        for (int e = 0; e < trace.size(); e++) {
            long source = trace.source(e);
            int c = (int) (source / 100);
            int i = (int) (source % 100);
            assertThat(trace.name(e)).isEqualTo("name " + (49 - i));
            assertThat(bytes.has(e)).isEqualTo(i % 3 == c);
            if (bytes.has(e)) {
                assertThat(bytes.valueOr(e, -1)).isEqualTo((1L << 33) + source);
                assertThat(trace.strings().get((int) domain.valueOr(e, -1))).isEqualTo("domain " + c + " " + i);
            }
        }
    }

    @Test
    void flowEnds_attachToTheInnermostEventAtTheirTime() {
        TraceBuilder builder = Traces.oneRow(TrackKind.OPS);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("op");
        chunk.add(0, EventKind.CPU_OP, 0, 100, name, -1, 0);
        chunk.add(0, EventKind.CPU_OP, 10, 20, name, -1, 1);
        chunk.add(0, EventKind.CPU_OP, 200, 20, name, -1, 2);
        builder.add(chunk);
        builder.flowPoint(0, 15, 4, "fwdbwd", true);
        builder.flowPoint(0, 210, 4, "fwdbwd", false);
        builder.flowPoint(0, 210, 5, "fwdbwd", false);
        builder.flowPoint(0, 500, 4, "fwdbwd", false);

        assertThat(Traces.build(builder).flows()).containsExactly(new Flow(1, 2, "fwdbwd"));
    }

    @Test
    void negativeDuration_isRefused() {
        EventChunk chunk = new EventChunk();
        assertThatThrownBy(() -> chunk.add(0, EventKind.KERNEL, 0, -1, 0, -1, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1 ns");
    }

    @Test
    void build_whenCancelled_stops() {
        ImportMonitor cancelled = new ImportMonitor() {
            @Override
            public void update(double fraction, String phase) {
                // only the cancelling is of interest here
            }

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> Traces.oneRow(TrackKind.OPS).build(Traces.INFO, cancelled))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void emptyTrace_hasNoEventsAndAnEmptyRange() {
        Trace trace = Traces.build(new TraceBuilder());
        assertThat(trace.size()).isZero();
        assertThat(trace.startNs()).isEqualTo(trace.endNs());
    }

    private static int eventOf(Trace trace, long source) {
        for (int e = 0; e < trace.size(); e++) {
            if (trace.source(e) == source) {
                return e;
            }
        }
        throw new AssertionError("no event " + source);
    }
}
