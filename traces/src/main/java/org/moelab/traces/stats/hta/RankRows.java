package org.moelab.traces.stats.hta;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelType;

/// The rows of one rank that the reports count, in the order in which HolisticTraceAnalysis has them.
///
/// A device row is an event that names a stream; a host row is any other event with a correlation id. Where the last step
/// is dropped, an event is a device row once for each host row that shares its correlation id: usually once.
final class RankRows {
    private final int rank;
    private final RowFacts facts;
    private final RowTimes times;
    private final int[] device;
    private final int[] host;
    private final int first;
    private final EventGroups deviceByCorrelation;
    private final EventGroups hostByCorrelation;

    RankRows(int rank, RowFacts facts, RowTimes times, int[] device, int[] host, int first) {
        this.rank = rank;
        this.facts = facts;
        this.times = times;
        this.device = device;
        this.host = host;
        this.first = first;
        Trace trace = facts.trace();
        this.deviceByCorrelation = EventGroups
                .of(IntStream.of(device).filter(e -> trace.correlation(e) >= 0).toArray(), trace::correlation);
        this.hostByCorrelation = EventGroups.of(host, trace::correlation);
    }

    /// The number that the `rank` columns show.
    int rank() {
        return rank;
    }

    Trace trace() {
        return facts.trace();
    }

    /// What is known of an event beyond the trace.
    RowFacts facts() {
        return facts;
    }

    RowTimes times() {
        return times;
    }

    /// The device rows.
    int[] device() {
        return device.clone();
    }

    /// The device rows that the predicate takes.
    int[] device(IntPredicate included) {
        return IntStream.of(device).filter(included).toArray();
    }

    /// The host rows.
    int[] host() {
        return host.clone();
    }

    /// The device rows with a correlation id.
    EventGroups deviceByCorrelation() {
        return deviceByCorrelation;
    }

    /// The host rows by correlation id.
    EventGroups hostByCorrelation() {
        return hostByCorrelation;
    }

    /// The call that launched the event, or -1. Where several calls share its correlation id, the last of them in the file.
    ///
    /// For work that was launched before the recording began, HolisticTraceAnalysis takes the file's first event instead
    /// (it looks up row 0, its mark for "no such call"); so does this unless exact figures are asked for.
    int launchOf(int event) {
        long correlation = trace().correlation(event);
        int[] calls = hostByCorrelation.get(correlation);
        if (calls.length > 0) {
            return calls[calls.length - 1];
        }
        return correlation >= 0 ? first : -1;
    }

    /// Where all device rows lie.
    Spans spans() {
        return spans(device);
    }

    /// Where the device rows of a type lie.
    Spans spans(KernelType type) {
        return spans(device(e -> facts.type(e) == type));
    }

    private Spans spans(int[] events) {
        return Spans.union(IntStream.of(events).mapToDouble(times::start).toArray(),
                IntStream.of(events).mapToDouble(times::end).toArray());
    }

    /// The events by rising start, equal ones as [RowTimes#order] says.
    int[] byStart(int[] events) {
        return IntStream.of(times.order(IntStream.of(events).mapToDouble(times::start).toArray())).map(i -> events[i])
                .toArray();
    }
}
