package org.moelab.gpu.bench;

import java.util.List;

/// What something is worth, from runs with it and without it in turns.
///
/// The factor is the geometric mean over the pairs of the time without over the time with: 1.25 is a quarter more time where it is
/// missing. Its bounds are those of the 95 % confidence interval that Student's t gives the mean of the logarithms; one
/// pair has none, and they are then the factor itself.
///
/// @param withMs mean of the times with it
/// @param withoutMs mean of the times without it
/// @param low lower bound of the factor
/// @param high upper bound
/// @param pairs how many there were
public record Effect(double withMs, double withoutMs, double factor, double low, double high, int pairs) {
    /// Quantiles of Student's t for a two-sided interval of 95 %, for 1 to 30 degrees of freedom.
    private static final double[] STUDENT = { 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
            2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060,
            2.056, 2.052, 2.048, 2.045, 2.042 };

    /// The effect that pairs of times show.
    ///
    /// @param with times with it, in milliseconds
    /// @param without times without it, as many
    /// @throws IllegalArgumentException where there is no pair
    public static Effect of(List<Double> with, List<Double> without) {
        int n = with.size();
        if (n == 0 || n != without.size()) {
            throw new IllegalArgumentException(n + " times with it beside " + without.size() + " without");
        }
        double[] logs = new double[n];
        for (int i = 0; i < n; i++) {
            logs[i] = Math.log(without.get(i) / with.get(i));
        }
        double mean = mean(logs);
        double half = n == 1 ? 0 : STUDENT[Math.min(n - 1, STUDENT.length) - 1] * deviation(logs, mean) / Math.sqrt(n);
        return new Effect(mean(values(with)), mean(values(without)), Math.exp(mean), Math.exp(mean - half),
                Math.exp(mean + half), n);
    }

    /// Whether the interval leaves out that there is no effect.
    public boolean clear() {
        return pairs > 1 && (low > 1 || high < 1);
    }

    /// Whether the intervals of this and another have nothing in common.
    public boolean differsFrom(Effect other) {
        return pairs > 1 && other.pairs > 1 && (low > other.high || high < other.low);
    }

    private static double[] values(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(double[] values, double mean) {
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }
}
