package org.moelab.app.report;

import org.moelab.traces.model.ImportMonitor;

/// A part of a work, whose progress is told as that of the whole.
///
/// @param whole hears of it, and can stop it
/// @param from how much is done when the part begins, 0 to 1
/// @param to how much is done when it ends
record Share(ImportMonitor whole, double from, double to) implements ImportMonitor {
    @Override
    public void update(double fraction, String phase) {
        whole.update(from + (to - from) * (Double.isNaN(fraction) ? 0 : Math.clamp(fraction, 0, 1)), phase);
    }

    @Override
    public boolean isCancelled() {
        return whole.isCancelled();
    }

    /// One of several equal steps of this part.
    Share step(int index, int count) {
        double length = (to - from) / count;
        return new Share(whole, from + index * length, from + (index + 1) * length);
    }
}
