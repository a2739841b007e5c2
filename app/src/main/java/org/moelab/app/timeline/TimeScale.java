package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Ticks at round times, labelled in the unit that suits the times in view.
///
/// @param stepNs from one labelled tick to the next
/// @param unit the unit of the labels
/// @param decimals digits behind the point that the step needs
public record TimeScale(double stepNs, TimeUnit unit, int decimals) {
    /// A unit of time in labels.
    public enum TimeUnit {
        NANOSECOND("ns", 1), MICROSECOND("µs", 1e3), MILLISECOND("ms", 1e6), SECOND("s", 1e9);

        private final String symbol;
        private final double ns;

        TimeUnit(String symbol, double ns) {
            this.symbol = symbol;
            this.ns = ns;
        }

        /// How many digits behind the point a nanosecond is.
        int digits() {
            return (int) Math.round(Math.log10(ns));
        }

        /// The largest unit that a time is at least one of.
        static TimeUnit fitting(double ns) {
            TimeUnit fitting = NANOSECOND;
            for (TimeUnit unit : values()) {
                if (ns >= unit.ns) {
                    fitting = unit;
                }
            }
            return fitting;
        }
    }

    /// A labelled tick.
    ///
    /// @param timeNs since the start of the trace
    public record Tick(double timeNs, String label) {}

    private static final double[] STEPS = { 1, 2, 5 };

    /// The closest ticks whose labels do not touch.
    ///
    /// @param view the times in view
    /// @param width pixels that they take
    /// @param characterWidth pixels of one character of a label
    public static TimeScale of(Viewport view, double width, double characterWidth) {
        double latest = Math.max(Math.abs(view.fromNs()), Math.abs(view.toNs()));
        TimeUnit unit = TimeUnit.fitting(latest);
        int wholeDigits = (int) Math.max(1, Math.floor(Math.log10(Math.max(1, latest / unit.ns))) + 1);
        for (double decade = 1;; decade *= 10) {
            for (double s : STEPS) {
                double step = s * decade;
                int decimals = (int) Math.max(0, Math.ceil(Math.log10(unit.ns / step) - 1e-9));
                int characters = wholeDigits + (decimals > 0 ? decimals + 1 : 0) + 1 + unit.symbol.length();
                double labelWidth = (characters + 3) * characterWidth;
                if (step / view.spanNs() * width >= labelWidth) {
                    return new TimeScale(step, unit, decimals);
                }
            }
        }
    }

    /// The ticks in view, by rising time.
    public List<Tick> ticks(Viewport view) {
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(view.fromNs() / stepNs); i * stepNs <= view.toNs(); i++) {
            ticks.add(new Tick(i * stepNs, label(i * stepNs)));
        }
        return ticks;
    }

    /// A time as the labels show it.
    public String label(double timeNs) {
        double value = timeNs / unit.ns;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value == 0 ? 0.0 : value, unit.symbol);
    }
}
