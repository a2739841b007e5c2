package org.moelab.traces.stats.hta;

import java.util.Arrays;

import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.ReportOptions.HtaVariant;

/// When events start and how long they take, by one of the ways to take times.
///
/// Figures are microseconds in double precision, except that [HtaVariant#EXACT] counts whole nanoseconds, which doubles hold
/// and add without loss up to 2^53.
final class RowTimes {
    private final Trace trace;
    private final HtaVariant variant;
    private final double origin;

    /// @param originNs what starts count from: the start of the earliest row of all ranks
    RowTimes(Trace trace, HtaVariant variant, long originNs) {
        this.trace = trace;
        this.variant = variant == HtaVariant.ROUNDED && isWhole(trace) ? HtaVariant.UNROUNDED : variant;
        this.origin = this.variant == HtaVariant.EXACT ? originNs : start(micros(originNs));
    }

    /// HolisticTraceAnalysis does not round a file in which all times are whole numbers.
    private static boolean isWhole(Trace trace) {
        for (int e = 0; e < trace.size(); e++) {
            if (trace.start(e) % 1000 != 0) {
                return false;
            }
        }
        return true;
    }

    /// Where the event starts.
    double start(int event) {
        return variant == HtaVariant.EXACT ? trace.start(event) - origin : start(micros(trace.start(event))) - origin;
    }

    /// How long the event takes.
    double duration(int event) {
        double duration = micros(trace.duration(event));
        return switch (variant) {
            case EXACT -> trace.duration(event);
            case UNROUNDED -> duration;
            case ROUNDED -> {
                double start = micros(trace.start(event));
                yield Math.floor(start + duration) - Math.ceil(start);
            }
        };
    }

    /// Where the event ends.
    double end(int event) {
        return start(event) + duration(event);
    }

    /// A time in microseconds as one of these figures.
    double fromMicros(double micros) {
        return variant == HtaVariant.EXACT ? micros * 1000 : micros;
    }

    /// One of these figures in microseconds.
    double toMicros(double time) {
        return variant == HtaVariant.EXACT ? time / 1000 : time;
    }

    /// Whether figures are free of the artefacts of HolisticTraceAnalysis.
    boolean isExact() {
        return variant == HtaVariant.EXACT;
    }

    /// Positions by rising time. Equal times keep their order, but for the variants of HolisticTraceAnalysis fall into the
    /// one that NumPy happens to give them.
    int[] order(double[] time) {
        if (!isExact()) {
            return NumpyOrder.of(time);
        }
        int[] order = new int[time.length];
        Arrays.setAll(order, i -> i);
        IntSort.sort(order, (a, b) -> Double.compare(time[a], time[b]));
        return order;
    }

    private double start(double micros) {
        return variant == HtaVariant.ROUNDED ? Math.ceil(micros) : micros;
    }

    /// The double that is nearest to the decimal number of microseconds which the file wrote. Dividing the nanoseconds
    /// at once would round twice beyond 2^53.
    static double micros(long ns) {
        long whole = Math.floorDiv(ns, 1000L);
        return whole + Math.floorMod(ns, 1000L) / 1000.0;
    }
}
