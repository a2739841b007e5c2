package org.moelab.app.figure;

import java.util.ArrayList;
import java.util.List;

/// Places positive values on a logarithmic axis.
///
/// @param least the value at `from`
/// @param most the value at `to`
/// @param from where the axis begins, in points
/// @param to where it ends; may be less than `from`
public record LogScale(double least, double most, double from, double to) {
    public LogScale {
        if (!(least > 0 && most > least && Double.isFinite(most))) {
            throw new IllegalArgumentException("a logarithmic axis from " + least + " to " + most);
        }
    }

    /// Where a value lies; values off the axis lie off its ends.
    public double at(double value) {
        return from + (to - from) * Math.log(value / least) / Math.log(most / least);
    }

    /// The powers of ten on the axis.
    public List<Double> decades() {
        List<Double> decades = new ArrayList<>();
        for (int e = (int) Math.ceil(Math.log10(least) - 1e-9); e <= Math.log10(most) + 1e-9; e++) {
            decades.add(Math.pow(10, e));
        }
        return decades;
    }

    /// Twice to nine times each power of ten, for fine lines.
    public List<Double> between() {
        List<Double> fine = new ArrayList<>();
        for (int e = (int) Math.floor(Math.log10(least)); e <= Math.log10(most); e++) {
            for (int digit = 2; digit <= 9; digit++) {
                double value = digit * Math.pow(10, e);
                if (value > least && value < most) {
                    fine.add(value);
                }
            }
        }
        return fine;
    }
}
