package org.moelab.app.selection;

/// A span of a recording's clock.
///
/// @param fromNs inclusive
/// @param toNs exclusive, at least `fromNs`
public record TimeRange(long fromNs, long toNs) {
    public TimeRange {
        if (toNs < fromNs) {
            throw new IllegalArgumentException("a range from " + fromNs + " to " + toNs);
        }
    }

    /// Its length in ns.
    public long lengthNs() {
        return toNs - fromNs;
    }
}
