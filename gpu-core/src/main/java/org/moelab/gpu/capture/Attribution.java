package org.moelab.gpu.capture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.moelab.gpu.capture.ActivityRecord.DeviceWork;
import org.moelab.gpu.capture.ActivityRecord.External;
import org.moelab.gpu.engine.Operation;

/// Joins device work with the steps and operations that launched it: on the id under which the launching call was made, and
/// within CUDA graphs on the executed node.
public final class Attribution {
    private final Map<Long, Span> spans = new HashMap<>();
    private final Map<Long, Span> byCorrelation = new HashMap<>();
    private final GraphNodes nodes;

    Attribution(List<Span> spans, List<ActivityRecord> records, GraphNodes nodes) {
        this.nodes = nodes;
        spans.forEach(span -> this.spans.put(span.id(), span));
        for (ActivityRecord record : records) {
            if (record instanceof External external) {
                Optional.ofNullable(this.spans.get(external.id()))
                        .ifPresent(span -> byCorrelation.put(external.correlation(), span));
            }
        }
    }

    /// The innermost step or operation in which a call with this correlation id was made.
    public Optional<Span> span(long correlation) {
        return Optional.ofNullable(byCorrelation.get(correlation));
    }

    /// The operation that device work belongs to.
    public Optional<Operation> operation(DeviceWork work) {
        Optional<Operation> node = work.graphNode() == 0 ? Optional.empty() : nodes.operation(work.graphNode());
        return node.or(() -> span(work.correlation()).flatMap(Span::operation));
    }

    /// The outermost step in which device work was launched.
    public Optional<Span> root(DeviceWork work) {
        return span(work.correlation()).map(span -> {
            Span outermost = span;
            for (Optional<Span> outer = parent(span); outer.isPresent(); outer = parent(outer.get())) {
                outermost = outer.get();
            }
            return outermost;
        });
    }

    /// The step that a step or operation lies in.
    Optional<Span> parent(Span span) {
        return Optional.ofNullable(spans.get(span.parent()));
    }
}
