package org.moelab.app.expectation;

import java.util.Optional;

/// An expected time and how it varied. Noise is the standard deviation of the natural logarithm of the time: 0.01 is one per cent.
///
/// @param median over the runs, in the unit that the field says
/// @param runs how many runs it comes from
/// @param acrossRuns how it differed between runs; absent for one run
/// @param repeats how it differed between the repeats within a run; absent where it was measured once
public record Figure(double median, int runs, Optional<Double> acrossRuns, Optional<Double> repeats) {
    public Figure {
        if (!(median > 0) || runs < 1) {
            throw new IllegalArgumentException("a time of " + median + " from " + runs + " runs");
        }
    }

    /// The noise of one more run: across runs, but not under the least, and within.
    ///
    /// @param least the least noise across runs
    /// @param ownRepeats how the repeats of the run that is compared differed, zero where unknown
    double noise(double least, double ownRepeats) {
        return Math.hypot(Math.max(acrossRuns.orElse(0.0), least), Math.max(repeats.orElse(0.0), ownRepeats));
    }

    /// Where a run that did not change is in 19 of 20 cases, as far as noise is normal.
    Range range(double least) {
        double width = 1.96 * noise(least, 0) * Math.sqrt(1 + 1.0 / runs);
        return new Range(median * Math.exp(-width), median, median * Math.exp(width));
    }

    /// A time and where it is expected.
    public record Range(double low, double median, double high) {}
}
