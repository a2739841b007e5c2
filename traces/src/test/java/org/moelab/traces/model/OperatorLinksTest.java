package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorLinksTest {
    private static final int OUTER = 1;
    private static final int INNER = 2;

    /// Two nested operators with their ids, a launch within the inner one, and its kernel with an id.
    private static Trace trace(long kernelId) {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(1, "p", OptionalInt.empty()));
        int thread = builder.track(Locus.NONE, TrackKind.THREAD, "thread", Locus.thread(process, 1), 0);
        int ops = builder.track(thread, TrackKind.OPS, "ops", Locus.thread(process, 1), 0);
        int calls = builder.track(thread, TrackKind.API, "calls", Locus.thread(process, 1), 1);
        int stream = builder.track(Locus.NONE, TrackKind.STREAM, "stream", Locus.stream(process, 0, 0, 7), 2);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("x");
        chunk.attribute(chunk.add(ops, EventKind.CPU_OP, 0, 100, name, -1, OUTER), AttributeKey.EXTERNAL_ID, 501L);
        chunk.attribute(chunk.add(ops, EventKind.CPU_OP, 10, 50, name, -1, INNER), AttributeKey.EXTERNAL_ID, 502L);
        chunk.add(calls, EventKind.RUNTIME_CALL, 20, 5, name, 9, 3);
        chunk.attribute(chunk.add(stream, EventKind.KERNEL, 200, 5, name, 9, 4), AttributeKey.EXTERNAL_ID, kernelId);
        builder.add(chunk);
        return Traces.build(builder);
    }

    @ParameterizedTest
    @CsvSource({ "9, 2", "501, 1", "502, 2", "777, 2" })
    void operatorOfAKernel_isTheOneOfItsId_orElseTheInnermostAroundItsLaunch(long kernelId, int operator) {
        Trace trace = trace(kernelId);
        OperatorLinks links = new OperatorLinks(trace);
        int kernel = trace.trackBegin(trace.tracks().size() - 1);

        assertThat(trace.kind(kernel)).isEqualTo(EventKind.KERNEL);
        assertThat(trace.source(links.operatorOf(kernel))).isEqualTo(operator);
        assertThat(trace.source(links.operatorOf(trace.link(kernel)))).isEqualTo(INNER);
    }
}
