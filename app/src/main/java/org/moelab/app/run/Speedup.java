package org.moelab.app.run;

import org.moelab.gpu.bench.Spread;

/// How many times shorter one time is than another: the medians' ratio, and between what it may lie by the repeats.
///
/// @param factor median before over median after
/// @param low shortest before over longest after
/// @param high longest before over shortest after
/// @param repeated whether both were measured more than once; low and high say nothing otherwise
public record Speedup(double factor, double low, double high, boolean repeated) {
    /// From one spread of times to another.
    public static Speedup of(Spread before, Spread after) {
        return new Speedup(before.p50() / after.p50(), before.min() / after.max(), before.max() / after.min(),
                before.count() > 1 && after.count() > 1);
    }

    /// Whether repeats alone explain the difference from 1.
    public boolean withinNoise() {
        return repeated && low <= 1 && high >= 1;
    }
}
