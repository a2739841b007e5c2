package org.moelab.gpu.capture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.gpu.capture.ActivityRecord.DeviceWork;
import org.moelab.gpu.capture.ActivityRecord.External;
import org.moelab.gpu.engine.Operation;

/// Joins device work with the steps and operations that launched it, on the id under which the launching call was made.
///
/// A graph is launched by one call, which tells its step and no more. The work of a launch is done in the order in which it
/// was recorded, so the n-th piece belongs to the operation that recorded the n-th. Where their numbers differ, the work
/// has its step only.
public final class Attribution {
    private final Map<Long, Span> spans = new HashMap<>();
    private final Map<Long, Span> byCorrelation = new HashMap<>();
    private final IdentityHashMap<DeviceWork, InGraph> inGraphs = new IdentityHashMap<>();
    private final long unmatchedGraphs;

    /// What a piece of a graph's work belongs to.
    private record InGraph(Span step, Operation operation) {}

    Attribution(List<Span> spans, List<ActivityRecord> records) {
        spans.forEach(span -> this.spans.put(span.id(), span));
        for (ActivityRecord record : records) {
            if (record instanceof External external) {
                Optional.ofNullable(this.spans.get(external.id()))
                        .ifPresent(span -> byCorrelation.put(external.correlation(), span));
            }
        }
        unmatchedGraphs = matchGraphs(records);
    }

    /// Gives the work of each launched graph its steps and operations.
    ///
    /// @return launches whose work is not what was recorded
    private long matchGraphs(List<ActivityRecord> records) {
        Map<Long, List<InGraph>> recorded = recordedGraphs();
        Map<Long, List<DeviceWork>> done = new HashMap<>();
        for (ActivityRecord record : records) {
            if (record instanceof DeviceWork work) {
                span(work.correlation()).filter(span -> recorded.containsKey(span.id()))
                        .ifPresent(span -> done.computeIfAbsent(span.id(), _ -> new ArrayList<>()).add(work));
            }
        }
        long unmatched = 0;
        for (Map.Entry<Long, List<InGraph>> launch : recorded.entrySet()) {
            List<DeviceWork> work = done.getOrDefault(launch.getKey(), new ArrayList<>());
            if (work.size() == launch.getValue().size()) {
                work.sort(Comparator.comparingLong(DeviceWork::startNs));
                for (int i = 0; i < work.size(); i++) {
                    inGraphs.put(work.get(i), launch.getValue().get(i));
                }
            } else {
                unmatched++;
            }
        }
        return unmatched;
    }

    /// What each launch of a graph is to do, by the id of the step that launched it: of one step its own, of several what
    /// they do one after the other.
    private Map<Long, List<InGraph>> recordedGraphs() {
        Set<Long> calling = byCorrelation.values().stream().map(Span::id).collect(Collectors.toSet());
        Map<Long, List<InGraph>> recorded = new HashMap<>();
        spans.values().stream().filter(span -> !span.graph().isEmpty()).sorted(Comparator.comparingLong(Span::id))
                .forEach(span -> {
                    boolean byParent = !calling.contains(span.id()) && calling.contains(span.parent());
                    List<InGraph> work = recorded.computeIfAbsent(byParent ? span.parent() : span.id(),
                            _ -> new ArrayList<>());
                    span.graph().forEach(operation -> work.add(new InGraph(span, operation)));
                });
        return recorded;
    }

    /// Launches of graphs that did another number of kernels, copies and fills than were recorded: which operation their
    /// work belongs to is not known.
    public long unmatchedGraphs() {
        return unmatchedGraphs;
    }

    /// The innermost step or operation in which a call with this correlation id was made.
    public Optional<Span> span(long correlation) {
        return Optional.ofNullable(byCorrelation.get(correlation));
    }

    /// The innermost step or operation that a piece of device work belongs to.
    ///
    /// @param work one of the records that this was made from
    Optional<Span> span(DeviceWork work) {
        return Optional.ofNullable(inGraphs.get(work)).map(InGraph::step).or(() -> span(work.correlation()));
    }

    /// The operation that a piece of device work belongs to.
    ///
    /// @param work one of the records that this was made from
    public Optional<Operation> operation(DeviceWork work) {
        return Optional.ofNullable(inGraphs.get(work)).map(InGraph::operation)
                .or(() -> span(work.correlation()).flatMap(Span::operation));
    }

    /// The outermost step in which device work was launched.
    public Optional<Span> root(DeviceWork work) {
        return span(work).map(span -> {
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
