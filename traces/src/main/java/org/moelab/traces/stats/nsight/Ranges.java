package org.moelab.traces.stats.nsight;

import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// Annotated host ranges as `nsys stats` names them.
final class Ranges {
    private Ranges() {
    }

    static IntStream events(Trace trace) {
        return Timeline.events(trace,
                e -> trace.kind(e) == EventKind.RANGE || trace.kind(e) == EventKind.START_END_RANGE);
    }

    /// How the range was made.
    static String style(Trace trace, int event) {
        return trace.kind(event) == EventKind.START_END_RANGE ? "StartEnd" : "PushPop";
    }

    /// The domain, which is empty for the default one, a colon, and the range's name.
    static String label(Trace trace, int event) {
        Optional<Attribute> domains = trace.attribute(AttributeKey.DOMAIN);
        long domain = domains.map(d -> d.valueOr(event, 0)).orElse(0L);
        return trace.strings().get((int) domain) + ":" + trace.name(event);
    }
}
