package org.moelab.app.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import org.moelab.traces.model.ImportMonitor;

/// Shows how far long work is in one line of a terminal that rewrites itself, and takes it away when closed.
/// Quick work shows nothing.
final class ProgressLine implements ImportMonitor, AutoCloseable {
    private static final long FIRST_AFTER_NS = 300_000_000;
    private static final long INTERVAL_NS = 100_000_000;
    private static final String ERASE = "\r\u001b[K";

    private final Terminal terminal;
    private final String subject;
    private final BooleanSupplier cancelled;
    private final AtomicLong nextAt = new AtomicLong(System.nanoTime() + FIRST_AFTER_NS);
    private boolean shown;

    /// @param subject what is worked on, at the line's left
    /// @param cancelled whether the work should stop
    ProgressLine(Terminal terminal, String subject, BooleanSupplier cancelled) {
        this.terminal = terminal;
        this.subject = subject;
        this.cancelled = cancelled;
    }

    @Override
    public void update(double fraction, String phase) {
        long due = nextAt.get();
        long now = System.nanoTime();
        if (terminal.interactive() && now - due >= 0 && nextAt.compareAndSet(due, now + INTERVAL_NS)) {
            show(fraction, phase);
        }
    }

    private synchronized void show(double fraction, String phase) {
        PrintWriter err = terminal.err();
        err.print(ERASE + subject + "  " + phase);
        if (!Double.isNaN(fraction)) {
            err.print(String.format(Locale.ROOT, "  %.0f %%", 100 * Math.clamp(fraction, 0, 1)));
        }
        err.flush();
        shown = true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled.getAsBoolean();
    }

    @Override
    public synchronized void close() {
        if (shown) {
            terminal.err().print(ERASE);
            terminal.err().flush();
        }
    }
}
