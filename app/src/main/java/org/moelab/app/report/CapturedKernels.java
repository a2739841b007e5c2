package org.moelab.app.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.moelab.app.run.RunPhase;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;

/// The kernels of a timeline that a run captured, by phase, name and operation: one prompt, then decode steps.
///
/// @param rows of all phases, the longest total first
record CapturedKernels(List<Row> rows) {
    /// The range on the device that the first decode step begins with.
    private static final String TOKEN = "token";

    CapturedKernels {
        rows = List.copyOf(rows);
    }

    /// The launches of a kernel for an operation in a phase.
    ///
    /// @param operation without the model's layer; empty where the timeline tells none
    /// @param ns their durations' sum
    record Row(RunPhase phase, String kernel, Optional<String> operation, int calls, long ns) {}

    private record Key(RunPhase phase, String kernel, String operation) {}

    private static final class Sum {
        private int calls;
        private long ns;
    }

    static CapturedKernels of(Trace trace) {
        long decodeFrom = decodeStart(trace).orElse(Long.MAX_VALUE);
        Optional<Attribute> operations = trace.attribute(AttributeKey.OPERATION);
        Map<Key, Sum> sums = new HashMap<>();
        for (int event = 0; event < trace.size(); event++) {
            if (trace.kind(event) == EventKind.KERNEL) {
                Key key = new Key(trace.start(event) < decodeFrom ? RunPhase.PREFILL : RunPhase.DECODE,
                        trace.name(event), operation(trace, operations, event));
                Sum sum = sums.computeIfAbsent(key, _ -> new Sum());
                sum.calls++;
                sum.ns += trace.duration(event);
            }
        }
        List<Row> rows = new ArrayList<>();
        sums.forEach((key, sum) -> rows.add(new Row(key.phase, key.kernel,
                Optional.of(key.operation).filter(o -> !o.isEmpty()), sum.calls, sum.ns)));
        rows.sort(Comparator.comparingLong(Row::ns).reversed().thenComparing(Row::kernel)
                .thenComparing(r -> r.operation().orElse("")));
        return new CapturedKernels(rows);
    }

    private static OptionalLong decodeStart(Trace trace) {
        OptionalLong first = OptionalLong.empty();
        for (int event = 0; event < trace.size(); event++) {
            if (trace.kind(event) == EventKind.DEVICE_RANGE && trace.name(event).equals(TOKEN)
                    && trace.start(event) < first.orElse(Long.MAX_VALUE)) {
                first = OptionalLong.of(trace.start(event));
            }
        }
        return first;
    }

    private static String operation(Trace trace, Optional<Attribute> operations, int event) {
        long id = operations.map(a -> a.valueOr(event, -1)).orElse(-1L);
        return id < 0 ? "" : trace.strings().get((int) id).replaceFirst("^layer \\d+/", "");
    }

    /// The rows of a phase, the longest first.
    List<Row> of(RunPhase phase) {
        return rows.stream().filter(r -> r.phase() == phase).toList();
    }
}
