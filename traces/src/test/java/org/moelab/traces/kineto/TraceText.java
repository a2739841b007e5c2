package org.moelab.traces.kineto;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.Trace;

/// Everything in a trace as text, a line a fact, to compare traces by.
final class TraceText {
    private TraceText() {
    }

    static String of(Trace trace) {
        StringBuilder out = new StringBuilder();
        out.append(trace.info()).append('\n');
        trace.warnings().forEach(w -> out.append(w).append('\n'));
        trace.processes().forEach(p -> out.append(p).append('\n'));
        trace.tracks().forEach(t -> out.append(t).append('\n'));
        for (int e = 0; e < trace.size(); e++) {
            out.append(e).append(' ').append(trace.trackId(e)).append(' ').append(trace.kind(e)).append(' ')
                    .append(trace.start(e)).append('+').append(trace.duration(e)).append(" depth ")
                    .append(trace.depth(e)).append(" corr ").append(trace.correlation(e)).append(" link ")
                    .append(trace.link(e)).append(" src ").append(trace.source(e)).append(' ').append(trace.name(e))
                    .append(' ').append(trace.launchConfig(e));
            int event = e;
            trace.attributes().stream().filter(a -> a.has(event) && !a.key().equals(AttributeKey.LAUNCH_CONFIG))
                    .map(a -> " " + a.key().name() + "=" + a.valueOr(event, -1)).sorted().forEach(out::append);
            out.append('\n');
        }
        trace.flows().forEach(f -> out.append(f).append('\n'));
        for (CounterSeries c : trace.counters()) {
            out.append(c.track()).append(' ').append(c.name()).append(' ').append(c.unit()).append(' ')
                    .append(java.util.Arrays.toString(c.timeNs())).append(java.util.Arrays.toString(c.values()))
                    .append('\n');
        }
        return out.toString();
    }
}
