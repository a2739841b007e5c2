package org.moelab.app.report;

import org.moelab.app.run.Speedup;

/// What a difference between two runs is worth.
final class Verdict {
    // spaces that do not break: a column is as wide as its longest word
    static final String NOISE = "within\u00a0noise";
    private static final String FASTER = "B\u00a0faster";
    private static final String SLOWER = "B\u00a0slower";

    private Verdict() {
    }

    /// Of a phase's times: whether repeats alone explain the difference.
    static String of(Speedup speedup) {
        if (!speedup.repeated()) {
            return "one run: no noise known";
        }
        return speedup.withinNoise() ? NOISE : speedup.factor() > 1 ? FASTER : SLOWER;
    }

    /// Of an operation's captured times, which are of one run each: whether both, spread as the repeats of the phase spread,
    /// still have something in common.
    ///
    /// @param phase the speedup of the phase that the operation is of
    static String of(double timeA, double timeB, Speedup phase) {
        if (!phase.repeated()) {
            return "no noise known";
        }
        double factor = timeA / timeB;
        double low = factor * phase.low() / phase.factor();
        double high = factor * phase.high() / phase.factor();
        return low <= 1 && high >= 1 ? NOISE : factor > 1 ? FASTER : SLOWER;
    }
}
