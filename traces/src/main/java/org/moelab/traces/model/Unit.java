package org.moelab.traces.model;

import java.util.Locale;

/// The unit of a figure, and the one place where figures become text for people.
/// Files for scripts carry plain numbers; their unit stands in the column's name.
public enum Unit {
    NONE(""), COUNT(""), NANOSECONDS("ns"), MICROSECONDS("µs"), BYTES("B"), BYTES_PER_SECOND("B/s"), PERCENT("%"), FLOP(
            "FLOP"), FLOP_PER_SECOND("FLOP/s"), FLOP_PER_BYTE("FLOP/B"), HERTZ("Hz"), RATIO("×");

    private static final String[] DECIMAL_PREFIXES = { "", "k", "M", "G", "T", "P" };

    private final String symbol;

    Unit(String symbol) {
        this.symbol = symbol;
    }

    /// The unit's symbol without a prefix, empty where there is none.
    public String symbol() {
        return symbol;
    }

    /// The value with a fitting prefix and at most four significant digits, such as `13.42 µs` or `1.25 GB`.
    public String format(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return switch (this) {
            case NONE -> plain(value);
            case COUNT -> String.format(Locale.ROOT, "%,d", Math.round(value));
            case NANOSECONDS -> duration(value);
            case MICROSECONDS -> duration(value * 1e3);
            case PERCENT -> significant(value) + " %";
            case RATIO -> significant(value) + "×";
            case FLOP_PER_BYTE -> significant(value) + " FLOP/B";
            default -> prefixed(value);
        };
    }

    /// A whole number in the same way.
    public String format(long value) {
        return format((double) value);
    }

    /// A number of things with their name: `1 call`, `12,302 calls`.
    ///
    /// @param noun the name of one of them, that an s makes several
    public static String counted(long count, String noun) {
        return COUNT.format(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String duration(double ns) {
        double magnitude = Math.abs(ns);
        if (magnitude < 1e3) {
            return plain(ns) + " ns";
        }
        if (magnitude < 1e6) {
            return significant(ns / 1e3) + " µs";
        }
        if (magnitude < 1e9) {
            return significant(ns / 1e6) + " ms";
        }
        return significant(ns / 1e9) + " s";
    }

    private String prefixed(double value) {
        int prefix = 0;
        double scaled = value;
        while (Math.abs(scaled) >= 1000 && prefix < DECIMAL_PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        return significant(scaled) + " " + DECIMAL_PREFIXES[prefix] + symbol;
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : significant(value);
    }

    private static String significant(double value) {
        double magnitude = Math.abs(value);
        if (magnitude >= 999.95 || value == 0) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        int decimals = magnitude >= 99.995 ? 1 : magnitude >= 9.9995 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
