package org.moelab.traces.roofline;

import java.util.Optional;

/// The most that a machine can do of something, and how that is known.
///
/// @param perSecond bytes or floating-point operations a second
/// @param origin how it is known
/// @param source where the figure comes from: a vendor's document, a measurement, the profiler's metrics
/// @param readAt the page that the figure was read at, where that is not the source itself
public record Ceiling(double perSecond, Origin origin, String source, Optional<String> readAt) {
    public Ceiling {
        if (!(perSecond > 0 && Double.isFinite(perSecond))) {
            throw new IllegalArgumentException("a ceiling of " + perSecond + " a second: " + source);
        }
    }

    /// A ceiling that was read at its source.
    public Ceiling(double perSecond, Origin origin, String source) {
        this(perSecond, origin, source, Optional.empty());
    }

    /// The source, and the page that quotes it.
    public String citation() {
        return source + readAt.map(page -> " (read at " + page + ")").orElse("");
    }

    /// How a ceiling is known.
    public enum Origin {
        /// A vendor states it.
        DATASHEET("datasheet"),
        /// Others publish it; the vendor's own document was not seen.
        PUBLISHED("published by others"),
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
