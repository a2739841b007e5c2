package org.moelab.gpu.bench;

import java.util.Optional;

import org.moelab.gpu.capture.Capture;
import org.moelab.gpu.capture.CapturedRun;
import org.moelab.gpu.capture.GraphNodes;
import org.moelab.gpu.engine.OperationListener;
import org.moelab.gpu.engine.Session;

/// A prompt and some decode steps, captured.
///
/// @param run what was recorded; the prompt lies in a step [#PROMPT], each decode step with its choice in a step [#TOKEN]
/// @param steps how many decode steps
/// @param decodeMs time of one, by the device's clock; absent without steps
record CapturedSteps(CapturedRun run, int steps, Optional<Double> decodeMs) {
    /// The names of the outermost steps.
    static final String PROMPT = "prompt";
    static final String TOKEN = "token";

    /// Runs twice what is to be captured, first to warm up.
    ///
    /// @param session empty; it tells the capture's listener
    /// @param steps decode steps, for which the session must have room
    static CapturedSteps of(Session session, Capture capture, Workload workload, int[][] prompts, int steps) {
        walk(session, OperationListener.NONE, workload, prompts, steps);
        session.clear();
        CapturedRun run;
        Optional<Double> decodeMs;
        try (capture) {
            capture.start();
            decodeMs = walk(session, capture.listener(), workload, prompts, steps);
            run = capture.stop(GraphNodes.NONE);
        }
        return new CapturedSteps(run, steps, decodeMs);
    }

    /// @return milliseconds a decode step, when all work is done
    private static Optional<Double> walk(Session session, OperationListener listener, Workload workload,
            int[][] prompts, int steps) {
        Session.Mark begin = session.mark();
        listener.beginStep(PROMPT);
        TokenTimer.feed(session, workload, prompts);
        session.choose();
        listener.endStep();
        Session.Mark first = session.mark();
        for (int i = 0; i < steps; i++) {
            listener.beginStep(TOKEN);
            session.feedChosen();
            session.choose();
            listener.endStep();
        }
        double decodeMs = session.mark().millisSince(steps == 0 ? begin : first);
        return steps == 0 ? Optional.empty() : Optional.of(decodeMs / steps);
    }
}
