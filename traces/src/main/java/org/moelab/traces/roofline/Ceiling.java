package org.moelab.traces.roofline;

/// The most that a machine can do of something, and how that is known.
///
/// @param perSecond bytes or floating-point operations a second
/// @param origin how it is known
/// @param source where the figure comes from: a vendor's document, a measurement, the profiler's metrics
public record Ceiling(double perSecond, Origin origin, String source) {
    public Ceiling {
        if (!(perSecond > 0 && Double.isFinite(perSecond))) {
            throw new IllegalArgumentException("a ceiling of " + perSecond + " a second: " + source);
        }
    }

    /// How a ceiling is known.
    public enum Origin {
        /// A vendor states it.
        DATASHEET("datasheet"),
        /// A program reached it.
        MEASURED("measured"),
        /// The profiler knows it for the device at the clocks of the profiled run.
        PROFILER("profiler's peak");

        private final String title;

        Origin(String title) {
            this.title = title;
        }

        /// What people read.
        public String title() {
            return title;
        }
    }
}
