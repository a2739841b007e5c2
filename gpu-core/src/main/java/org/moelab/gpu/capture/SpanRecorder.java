package org.moelab.gpu.capture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.moelab.gpu.engine.Operation;
import org.moelab.gpu.engine.OperationListener;

/// Notes the steps and operations that a session starts, and has each one's driver calls marked with its id. One thread.
///
/// Between [#stop] and [#start] it does nothing; what was begun before is not noted.
final class SpanRecorder implements OperationListener {
    private final LongSupplier clock;
    private final Correlator correlator;
    private final List<Span> done = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private boolean recording;
    private long nextId = 1;

    /// Marks the calling thread's driver calls.
    interface Correlator {
        /// From now on with this id.
        void push(long id);

        /// No longer with the id pushed last.
        void pop();
    }

    private record Open(long id, long parent, String name, Optional<Operation> operation, List<Operation> graph,
            long startNs) {}

    SpanRecorder(LongSupplier clock, Correlator correlator) {
        this.clock = clock;
        this.correlator = correlator;
    }

    void start() {
        recording = true;
    }

    /// Ends the noting.
    ///
    /// @return what was noted, by rising id; that is, each after the step that it lies in
    List<Span> stop() {
        recording = false;
        while (!open.isEmpty()) {
            close();
        }
        List<Span> spans = done.stream().sorted(Comparator.comparingLong(Span::id)).toList();
        done.clear();
        nextId = 1;
        return spans;
    }

    @Override
    public void beginStep(String name) {
        open(name, Optional.empty());
    }

    @Override
    public void endStep() {
        close();
    }

    @Override
    public void begin(Operation operation) {
        open(operation.name(), Optional.of(operation));
    }

    @Override
    public void end(Operation operation) {
        close();
    }

    @Override
    public void replay(List<Operation> work) {
        if (!open.isEmpty()) {
            Open step = open.removeLast();
            open.addLast(new Open(step.id, step.parent, step.name, step.operation, work, step.startNs));
        }
    }

    private void open(String name, Optional<Operation> operation) {
        if (recording) {
            long parent = open.isEmpty() ? 0 : open.getLast().id;
            open.addLast(new Open(nextId, parent, name, operation, List.of(), clock.getAsLong()));
            correlator.push(nextId);
            nextId++;
        }
    }

    private void close() {
        if (!open.isEmpty()) {
            Open span = open.removeLast();
            correlator.pop();
            done.add(new Span(span.id, span.parent, span.name, span.operation, span.graph, span.startNs,
                    clock.getAsLong()));
        }
    }
}
