package org.moelab.app.profile;

import org.moelab.traces.model.Unit;

/// A figure of a profiled kernel.
///
/// @param section what it belongs to
/// @param label what it is
/// @param value in the base unit of `unit`; NaN where it is text
/// @param text for people, with the unit
/// @param metric the metric's name in Nsight Compute, or how it follows from metrics
record Measure(Section section, String label, double value, Unit unit, String text, String metric) {
    /// The parts of a profile.
    enum Section {
        SPEED_OF_LIGHT("speed of light"), OCCUPANCY("occupancy"), STALLS("stall reasons"), MEMORY("memory"), LAUNCH(
                "launch");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        /// The words for people and for tables.
        String title() {
            return title;
        }
    }

    static Measure of(Section section, String label, double value, Unit unit, String metric) {
        return new Measure(section, label, value, unit, unit.format(value), metric);
    }

    static Measure text(Section section, String label, String text, String origin) {
        return new Measure(section, label, Double.NaN, Unit.NONE, text, origin);
    }
}
