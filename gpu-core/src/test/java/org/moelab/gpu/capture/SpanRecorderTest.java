package org.moelab.gpu.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.engine.Operation;

class SpanRecorderTest {
    private static final Operation QKV = Fixture.operation("layer 3/attention/qkv", "dense matmul");

    private final List<String> calls = new ArrayList<>();
    private long now;

    private final SpanRecorder recorder = new SpanRecorder(() -> ++now, new SpanRecorder.Correlator() {
        @Override
        public void push(long id) {
            calls.add("push " + id);
        }

        @Override
        public void pop() {
            calls.add("pop");
        }
    });

    @Test
    void spans_ofNestedSteps_knowWhatTheyLieIn() {
        recorder.start();
        recorder.beginStep("token");
        recorder.beginStep("decode");
        recorder.begin(QKV);
        recorder.end(QKV);
        recorder.endStep();
        recorder.endStep();

        assertThat(recorder.stop()).containsExactly(new Span(1, 0, "token", Optional.empty(), List.of(), 1, 6),
                new Span(2, 1, "decode", Optional.empty(), List.of(), 2, 5),
                new Span(3, 2, "layer 3/attention/qkv", Optional.of(QKV), List.of(), 3, 4));
        assertThat(calls).containsExactly("push 1", "push 2", "push 3", "pop", "pop", "pop");
    }

    @Test
    void span_ofAStepThatReplaysAGraph_knowsItsWork() {
        recorder.replay(List.of(QKV)); // outside of a capture
        recorder.start();
        recorder.beginStep("decode");
        recorder.replay(List.of(QKV, QKV));
        recorder.endStep();
        assertThat(recorder.stop())
                .containsExactly(new Span(1, 0, "decode", Optional.empty(), List.of(QKV, QKV), 1, 2));
        assertThat(calls).containsExactly("push 1", "pop");
    }

    @Test
    void spans_beforeStartAndAfterStop_areNotNoted() {
        recorder.beginStep("warm up");
        recorder.start();
        recorder.endStep();
        recorder.beginStep("decode");
        assertThat(recorder.stop()).extracting(Span::name).containsExactly("decode");
        recorder.endStep();
        recorder.begin(QKV);
        assertThat(recorder.stop()).isEmpty();
        assertThat(calls).containsExactly("push 1", "pop");
    }

    @Test
    void spans_ofASecondCapture_countFromOneAgain() {
        for (int i = 0; i < 2; i++) {
            recorder.start();
            recorder.beginStep("decode");
            recorder.endStep();
            assertThat(recorder.stop()).extracting(Span::id).containsExactly(1L);
        }
    }
}
