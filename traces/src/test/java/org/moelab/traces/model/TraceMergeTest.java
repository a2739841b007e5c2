package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

class TraceMergeTest {
    private static final AttributeKey LABEL = new AttributeKey("label", AttributeKey.Type.STRING, Unit.NONE);

    /// A rank with an operator, a call, the kernel that it launched, a counter and an arrow.
    private static Trace rank(int rank, OptionalLong epochNs, int gridX) {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(100 + rank, "p", OptionalInt.of(rank)));
        int thread = builder.track(Locus.NONE, TrackKind.THREAD, "thread", Locus.thread(process, 1), 0);
        int ops = builder.track(thread, TrackKind.OPS, "ops", Locus.thread(process, 1), 0);
        int calls = builder.track(thread, TrackKind.API, "calls", Locus.thread(process, 1), 1);
        int stream = builder.track(Locus.NONE, TrackKind.STREAM, "stream", Locus.stream(process, 0, 0, 7), 2);
        EventChunk chunk = builder.chunk();
        int op = chunk.strings().intern("op of " + rank);
        chunk.attribute(chunk.add(ops, EventKind.CPU_OP, 10, 50, op, -1, 1), LABEL,
                (long) chunk.strings().intern("label " + rank));
        chunk.add(calls, EventKind.RUNTIME_CALL, 20, 5, chunk.strings().intern("launch"), 9, 2);
        int kernel = chunk.add(stream, EventKind.KERNEL, 30, 5, chunk.strings().intern("kernel"), 9, 3);
        builder.launchConfig(new LaunchConfig(9 + rank, 1, 1, 1, 1, 1, 0, 0, 0));
        chunk.attribute(kernel, AttributeKey.LAUNCH_CONFIG,
                (long) builder.launchConfig(new LaunchConfig(gridX, 1, 1, 32, 1, 1, 0, 0, 0)));
        builder.add(chunk);
        builder.counter(new CounterSeries(stream, "load", "", new long[] { 7 }, new double[] { rank }));
        builder.flowPoint(ops, 15, 1, "f", true);
        builder.flowPoint(stream, 31, 1, "f", false);
        builder.warn("odd", 1, "something");
        return builder.build(new RecordingInfo(List.of(Path.of("rank" + rank + ".json")), TraceFormat.KINETO, "", "1",
                epochNs, List.of(new DeviceInfo(0, "gpu", Map.of())), Map.of("rank", "" + rank, "world", "2")),
                ImportMonitor.NONE);
    }

    @Test
    void ranks_mergedOutOfOrder_keepTheirEventsApartOnOneClock() {
        Trace merged = TraceMerge.merge(List.of(rank(1, OptionalLong.of(5000), 4), rank(0, OptionalLong.of(4000), 4)));

        assertThat(merged.processes()).extracting(ProcessInfo::pid).containsExactly(100L, 101L);
        assertThat(merged.info().epochNs()).hasValue(4000);
        assertThat(merged.info().files()).containsExactly(Path.of("rank0.json"), Path.of("rank1.json"));
        assertThat(merged.info().properties()).containsOnly(Map.entry("world", "2"));
        assertThat(merged.info().devices()).hasSize(1);
        assertThat(merged.size()).isEqualTo(6);
        for (int r = 0; r < 2; r++) {
            int op = 3 * r;
            int kernel = 3 * r + 2;
            assertThat(merged.name(op)).isEqualTo("op of " + r);
            assertThat(merged.start(op)).isEqualTo(10 + 1000L * r);
            assertThat(merged.track(op).locus().process()).isEqualTo(r);
            assertThat(merged.tracks().get(merged.track(op).parent()).kind()).isEqualTo(TrackKind.THREAD);
            assertThat(merged.link(kernel)).isEqualTo(3 * r + 1);
            assertThat(merged.launchConfig(kernel)).contains(new LaunchConfig(4, 1, 1, 32, 1, 1, 0, 0, 0));
            assertThat(merged.strings().get((int) merged.attribute(LABEL).orElseThrow().valueOr(op, 0)))
                    .isEqualTo("label " + r);
            assertThat(merged.flows().get(r)).isEqualTo(new Flow(op, kernel, "f"));
            assertThat(merged.counters().get(r).timeNs()).containsExactly(7 + 1000L * r);
            assertThat(merged.tracks().get(merged.counters().get(r).track()).locus().process()).isEqualTo(r);
            assertThat(merged.file(kernel)).isEqualTo(Path.of("rank" + r + ".json"));
        }
        assertThat(merged.warnings()).extracting(Warning::message).containsExactly("rank0.json: something",
                "rank1.json: something");
    }

    @Test
    void clocks_notAllKnown_stayAsTheyAreWithAWarning() {
        Trace merged = TraceMerge.merge(List.of(rank(0, OptionalLong.of(5000), 4), rank(1, OptionalLong.empty(), 8)));

        assertThat(merged.start(0)).isEqualTo(10);
        assertThat(merged.start(3)).isEqualTo(10);
        assertThat(merged.info().epochNs()).isEmpty();
        assertThat(merged.warnings()).extracting(Warning::code).contains("unaligned-clocks");
    }

    @Test
    void oneTrace_staysAsItIs() {
        Trace trace = rank(0, OptionalLong.empty(), 4);

        assertThat(TraceMerge.merge(List.of(trace))).isSameAs(trace);
    }
}
