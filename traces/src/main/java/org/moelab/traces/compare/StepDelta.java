package org.moelab.traces.compare;

import java.util.List;

import org.moelab.traces.stats.Sample;

/// The difference of a row in an average step, against the spread between steps.
///
/// @param meanANs what an average step of A spends
/// @param meanBNs what an average step of B spends
/// @param noiseNs how far two single steps differ by chance: √(sA² + sB²), with the sample standard deviations of the
/// steps' times
public record StepDelta(double meanANs, double meanBNs, double noiseNs) {
    /// The difference of steps, of which there must be two or more on each side for a spread to exist.
    static StepDelta of(List<Long> stepsA, List<Long> stepsB) {
        Sample a = sample(stepsA);
        Sample b = sample(stepsB);
        return new StepDelta(a.mean(), b.mean(), Math.hypot(a.deviation(), b.deviation()));
    }

    private static Sample sample(List<Long> steps) {
        Sample sample = new Sample();
        steps.forEach(ns -> sample.add((double) ns));
        return sample;
    }

    /// What an average step of B spends more.
    public double deltaNs() {
        return meanBNs - meanANs;
    }

    /// Whether the difference is no larger than the noise.
    public boolean withinNoise() {
        return Math.abs(deltaNs()) <= noiseNs;
    }
}
