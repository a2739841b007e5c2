package org.moelab.traces.export;

import org.moelab.traces.model.ImportMonitor;

/// Tells a monitor now and then how many events are done, and hears whether to stop.
final class Progress {
    private static final int EVERY = 1 << 14;

    private final ImportMonitor monitor;
    private final int total;
    private int done;

    Progress(ImportMonitor monitor, int total) {
        this.monitor = monitor;
        this.total = total;
    }

    /// One more event is written.
    ///
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    void step() {
        if (done++ % EVERY == 0) {
            monitor.checkCancelled();
            monitor.update((double) done / total, "writing");
        }
    }
}
