package org.moelab.app.expectation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// Which of many differences are more than noise: Holm's method (Scandinavian Journal of Statistics 6, 1979), so that the
/// chance to call any at all where nothing changed is bounded, however many are looked at.
final class Significance {
    /// The chance that a run which did not change fails, at most, as far as noise is normal.
    static final double ALARM = 0.01;

    private Significance() {
    }

    /// Those whose widths are above what noise explains.
    ///
    /// @param widths the difference over its standard deviation, positive where it counts
    static <T> Set<T> beyondNoise(List<T> all, ToDoubleFunction<T> widths) {
        List<T> largestFirst = all.stream()
                .sorted((a, b) -> Double.compare(widths.applyAsDouble(b), widths.applyAsDouble(a))).toList();
        Set<T> beyond = new HashSet<>();
        for (T one : largestFirst) {
            if (upperTail(widths.applyAsDouble(one)) > ALARM / (all.size() - beyond.size())) {
                break;
            }
            beyond.add(one);
        }
        return beyond;
    }

    /// The widths that the largest of so many differences must have to be called.
    static double threshold(int comparisons) {
        double low = 1;
        double high = 40;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (upperTail(middle) > ALARM / Math.max(1, comparisons)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /// The chance that a normal variable is above this many standard deviations, by Laplace's continued fraction; 1 below one
    /// deviation, where the fraction converges slowly and nothing is ever called.
    static double upperTail(double deviations) {
        if (deviations < 1) {
            return 1;
        }
        if (Double.isInfinite(deviations)) {
            return 0;
        }
        double fraction = deviations;
        for (int k = 200; k >= 1; k--) {
            fraction = deviations + k / fraction;
        }
        return Math.exp(-deviations * deviations / 2) / Math.sqrt(2 * Math.PI) / fraction;
    }
}
