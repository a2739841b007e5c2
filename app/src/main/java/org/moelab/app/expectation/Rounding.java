package org.moelab.app.expectation;

import java.math.BigDecimal;
import java.math.MathContext;

/// Digits that a figure has, so that files stay readable and the same on every machine.
final class Rounding {
    private Rounding() {
    }

    static double significant(double value, int digits) {
        return BigDecimal.valueOf(value).round(new MathContext(digits)).doubleValue();
    }
}
