package org.moelab.app.expectation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The noise that is supposed of any figure at least, so that a few runs that happened to agree promise nothing: the median over
/// the figures of several runs, which one figure that a busy host disturbed does not move, but not under what is assumed until
/// there are [#ENOUGH_RUNS]. Figures of one run move together, with the machine that it ran on, so that a hundred of them tell no
/// more of the next machine than the runs are many.
///
/// @param ttft of the time to first token
/// @param tpot of the time per output token
/// @param operation of an operation's time
/// @param operationUs of an operation's time in a step, in microseconds and added to the former: short ones vary by more of themselves
public record LeastNoise(Level ttft, Level tpot, Level operation, Level operationUs) {
    /// Operations that take less in a step tell [#operationUs], longer ones [#operation].
    static final double SHORT_US = 50;

    private static final int DIGITS = 4;

    /// Runs from which on a level is what was measured. A standard deviation of so many has a standard error of a third.
    static final int ENOUGH_RUNS = 6;

    // at least what four runs of one build on an H200 each differed by, rounded up: docs/check.md has the figures
    private static final double ASSUMED_TTFT = 0.08;
    private static final double ASSUMED_TPOT = 0.02;
    private static final double ASSUMED_OPERATION = 0.03;
    private static final double ASSUMED_OPERATION_US = 1;

    /// @param value a standard deviation
    /// @param measured whether it was measured; else it is an assumption, and runs were none or too few to go below it
    /// @param degrees degrees of freedom of what was measured, summed over figures
    public record Level(double value, boolean measured, int degrees) {
        public Level {
            if (!(value >= 0)) {
                throw new IllegalArgumentException("a noise of " + value);
            }
        }
    }

    /// One figure's sample standard deviation across runs.
    record Deviation(double value, int degrees) {
        /// Of times over runs, as logarithms; empty for one.
        static Optional<Deviation> ofLogs(List<Double> times) {
            return of(times.stream().map(Math::log).toList());
        }

        static Optional<Deviation> of(List<Double> values) {
            int n = values.size();
            double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
            double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
            return n < 2 ? Optional.empty() : Optional.of(new Deviation(Math.sqrt(squares / (n - 1)), n - 1));
        }

        /// What it would be were it as often too large as too small: half of all samples of so few are under 0.69 to 0.96 of the
        /// truth (Wilson and Hilferty's median of χ²).
        double unbiased() {
            return value / Math.pow(1 - 2.0 / (9 * degrees), 1.5);
        }
    }

    static LeastNoise over(List<Deviation> ttft, List<Deviation> tpot, List<Deviation> operation,
            List<Deviation> operationUs) {
        return new LeastNoise(level(ttft, ASSUMED_TTFT), level(tpot, ASSUMED_TPOT),
                level(operation, ASSUMED_OPERATION), level(operationUs, ASSUMED_OPERATION_US));
    }

    private static Level level(List<Deviation> deviations, double assumed) {
        int degrees = deviations.stream().mapToInt(Deviation::degrees).sum();
        double[] sorted = deviations.stream().mapToDouble(Deviation::unbiased).sorted().toArray();
        double measured = sorted.length == 0
                ? 0
                : Rounding.significant((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2, DIGITS);
        boolean enough = deviations.stream().anyMatch(d -> d.degrees >= ENOUGH_RUNS - 1);
        return enough || measured >= assumed
                ? new Level(measured, true, degrees)
                : new Level(assumed, false, degrees);
    }

    /// The noise of an operation that takes this long in a step.
    double ofOperation(Figure figure) {
        return Math.hypot(figure.noise(operation.value, 0), operationUs.value / figure.median());
    }

    /// Whether anything of it is assumed.
    public boolean assumed() {
        return Stream.of(ttft, tpot, operation, operationUs).anyMatch(l -> !l.measured);
    }

    /// In words.
    public String about() {
        return "TTFT " + percent(ttft) + ", TPOT " + percent(tpot) + ", operations " + percent(operation) + " and "
                + Rounding.significant(operationUs.value, 2) + " µs" + (operationUs.measured ? "" : " (assumed)");
    }

    private static String percent(Level level) {
        return Rounding.significant(100 * level.value, 2) + " %" + (level.measured ? "" : " (assumed)");
    }
}
