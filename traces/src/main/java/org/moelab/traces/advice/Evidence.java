package org.moelab.traces.advice;

import org.moelab.traces.model.Unit;

/// A figure that a finding follows from.
///
/// @param label what it is
/// @param value in the base unit of `unit`
/// @param formula how it was computed, in a sentence
public record Evidence(String label, double value, Unit unit, String formula) {
    /// A whole figure: below 2^53, and so exact.
    public Evidence(String label, long value, Unit unit, String formula) {
        this(label, (double) value, unit, formula);
    }

    /// The figure with its unit.
    public String text() {
        return unit.format(value);
    }
}
