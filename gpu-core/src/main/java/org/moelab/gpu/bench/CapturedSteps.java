package org.moelab.gpu.bench;

import java.util.Optional;

import org.moelab.gpu.capture.Capture;
import org.moelab.gpu.capture.CapturedRun;
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

    /// Runs twice what is to be captured, first to warm up. Both are captured and the first is forgotten: graphs that the
    /// session makes while it warms up are then made under the eyes of the profiler, which not every version of it can do
    /// without.
    ///
    /// @param session empty; it tells the capture's listener
    /// @param steps decode steps, for which the session must have room
    static CapturedSteps of(Session session, Capture capture, Workload workload, int[][] prompts, int steps) {
        try (capture) {
            capture.start();
            walk(session, OperationListener.NONE, workload, prompts, steps);
            capture.stop();
            session.clear();
            capture.start();
            Optional<Double> decodeMs = walk(session, capture.listener(), workload, prompts, steps);
            return new CapturedSteps(capture.stop(), steps, decodeMs);
        }
    }

    /// @return milliseconds a decode step, when all work is done
    static Optional<Double> walk(Session session, OperationListener listener, Workload workload,
            int[][] prompts, int steps) {
        Session.Mark begin = session.mark();
        prompt(session, listener, workload, prompts);
        Session.Mark first = session.mark();
        decode(session, listener, steps);
        double decodeMs = session.mark().millisSince(steps == 0 ? begin : first);
        return steps == 0 ? Optional.empty() : Optional.of(decodeMs / steps);
    }

    /// The prompts and the choice of the first new tokens.
    static void prompt(Session session, OperationListener listener, Workload workload, int[][] prompts) {
        listener.beginStep(PROMPT);
        TokenTimer.feed(session, workload, prompts);
        session.choose();
        session.bringChosen();
        listener.endStep();
    }

    /// Decode steps, each with its choice.
    static void decode(Session session, OperationListener listener, int steps) {
        for (int i = 0; i < steps; i++) {
            listener.beginStep(TOKEN);
            session.advance();
            session.bringChosen();
            listener.endStep();
        }
    }
}
