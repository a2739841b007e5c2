package org.moelab.traces.stats;

import java.util.Arrays;

/// Figures collected one by one, and their statistics. Sums of whole numbers are exact below 2^53
/// (104 days in ns). Statistics of an empty sample are NaN, its sum is 0.
public final class Sample {
    private double[] values = new double[4];
    private int size;
    private boolean sorted;

    /// Adds a figure.
    public void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
        sorted = false;
    }

    /// How many figures there are.
    public int count() {
        return size;
    }

    /// Their sum.
    public double sum() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += values[i];
        }
        return sum;
    }

    /// The arithmetic mean.
    public double mean() {
        return sum() / size;
    }

    /// The smallest figure.
    public double min() {
        return quantile(0);
    }

    /// The largest figure.
    public double max() {
        return quantile(1);
    }

    /// The middle figure, or the mean of the two middle ones.
    public double median() {
        return quantile(0.5);
    }

    /// The standard deviation of a sample: the root of the squared distances from the mean over n − 1.
    /// NaN where there are fewer than two figures.
    public double deviation() {
        if (size < 2) {
            return Double.NaN;
        }
        double mean = mean();
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return Math.sqrt(squares / (size - 1));
    }

    /// The figure below which a share of the sample lies, interpolated linearly between neighbours: the default of
    /// NumPy and pandas, type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996.
    ///
    /// @param share 0 to 1
    public double quantile(double share) {
        if (size == 0) {
            return Double.NaN;
        }
        sort();
        double position = share * (size - 1);
        int below = (int) position;
        double fraction = position - below;
        return fraction == 0 ? values[below] : values[below] + fraction * (values[below + 1] - values[below]);
    }

    private void sort() {
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
    }
}
