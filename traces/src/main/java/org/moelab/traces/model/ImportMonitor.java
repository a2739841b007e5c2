package org.moelab.traces.model;

import java.util.concurrent.CancellationException;

/// Watches long work: hears of progress, and may stop it.
public interface ImportMonitor {
    /// Watches nothing and never cancels.
    ImportMonitor NONE = new ImportMonitor() {
        @Override
        public void update(double fraction, String phase) {
            // nobody watches
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    };

    /// Tells how far the work is. Any thread may call it, often.
    ///
    /// @param fraction done, 0 to 1, or NaN where it cannot be told
    /// @param phase what is being done, a word or two: `reading`, `sorting`
    void update(double fraction, String phase);

    /// Whether the work should stop.
    boolean isCancelled();

    /// @throws CancellationException where the work should stop
    default void checkCancelled() {
        if (isCancelled()) {
            throw new CancellationException("cancelled");
        }
    }
}
