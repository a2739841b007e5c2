package org.moelab.app.launch;

import java.util.Locale;
import java.util.OptionalLong;

/// One of the things that a run measures: a layer, or a technique in one way.
///
/// @param name as the run calls it
/// @param stage how far it is
/// @param text what it does now, what it gave, or why it gave nothing
/// @param begunNs when it began, by the clock of the model; empty before
/// @param tookNs how long it took; empty until it has ended, and where it never began
record Part(String name, Stage stage, String text, OptionalLong begunNs, OptionalLong tookNs) {
    /// How far a part is.
    enum Stage {
        WAITING("waiting"), RUNNING("running"), DONE("done"), FAILED("failed"), LEFT_OUT("left out"), NOT_RUN(
                "not run");

        private final String label;

        Stage(String label) {
            this.label = label;
        }

        /// The word for people.
        String label() {
            return label;
        }
    }

    static Part waiting(String name) {
        return new Part(name, Stage.WAITING, "", OptionalLong.empty(), OptionalLong.empty());
    }

    boolean isOpen() {
        return stage == Stage.WAITING || stage == Stage.RUNNING;
    }

    Part running(String step, long nowNs) {
        return new Part(name, Stage.RUNNING, step, OptionalLong.of(begunNs.orElse(nowNs)), OptionalLong.empty());
    }

    /// The same while another is worked on: a layer that was checked waits for its timed runs.
    Part paused() {
        return new Part(name, Stage.WAITING, text + ": done", OptionalLong.empty(), OptionalLong.empty());
    }

    Part ended(Stage how, String result, long nowNs) {
        return new Part(name, how, result, begunNs,
                begunNs.isPresent() ? OptionalLong.of(nowNs - begunNs.getAsLong()) : OptionalLong.empty());
    }

    /// How long it took, or has taken by now; empty before it has begun.
    OptionalLong elapsedNs(long nowNs) {
        return stage == Stage.RUNNING && begunNs.isPresent() ? OptionalLong.of(nowNs - begunNs.getAsLong()) : tookNs;
    }

    /// What is told of an event's figures.
    static String result(RunEvent.Measured m) {
        return String.format(Locale.ROOT, "%sTTFT %.3f ms, prefill %,.1f tok/s",
                m.decodeTokensPerSecond().map(rate -> String.format(Locale.ROOT, "decode %,.1f tok/s, ", rate))
                        .orElse(""),
                m.ttftMs(), m.prefillTokensPerSecond());
    }

    /// What is told of an event's figures.
    static String result(RunEvent.Compared c) {
        String bounds = String.format(Locale.ROOT, "(%+.1f to %+.1f)", percent(c.low()), percent(c.high()));
        return c.low() <= 1 && c.high() >= 1
                ? c.figure() + ": no clear effect " + bounds
                : String.format(Locale.ROOT, "%s without it %+.1f %% %s", c.figure(), percent(c.factor()), bounds);
    }

    private static double percent(double factor) {
        return (factor - 1) * 100;
    }
}
