package org.moelab.traces.export;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Figures as digits without an exponent, so that any tool reads them.
final class Numerals {
    private Numerals() {
    }

    /// The number in plain decimal notation.
    ///
    /// @param decimals digits after the point, or -1 for the fewest that give the same double again
    static String plain(double value, int decimals) {
        return Double.isFinite(value) ? decimal(value, decimals).toPlainString() : Double.toString(value);
    }

    /// The finite number as a decimal, rounded from its exact binary value as C's `printf` does.
    static BigDecimal decimal(double value, int decimals) {
        return decimals < 0
                ? new BigDecimal(Double.toString(value))
                : new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    }

    /// The digits before the point in groups of three.
    static String grouped(String plain) {
        int point = plain.indexOf('.');
        int end = point < 0 ? plain.length() : point;
        StringBuilder grouped = new StringBuilder(plain);
        for (int i = end - 3; i > 0 && Character.isDigit(plain.charAt(i - 1)); i -= 3) {
            grouped.insert(i, ',');
        }
        return grouped.toString();
    }
}
