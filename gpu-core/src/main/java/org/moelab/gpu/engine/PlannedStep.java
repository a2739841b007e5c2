package org.moelab.gpu.engine;

import java.util.List;
import java.util.Optional;

import org.moelab.gpu.cuda.CudaStream;

/// A step that a session does again and again: operation by operation, or as one launch of a graph.
///
/// A graph is recorded when the step is done for the second time. The first time it is done as it is, because libraries and
/// the driver load kernels and choose algorithms when they first need them, which must not happen while a stream records.
final class PlannedStep implements AutoCloseable {
    private final List<Operation> operations;
    private final boolean repeatable;
    private boolean done;
    private Optional<StepGraph> graph = Optional.empty();

    /// @param graph whether to make a graph of it, where each operation allows that
    PlannedStep(List<Operation> operations, boolean graph) {
        this.operations = List.copyOf(operations);
        this.repeatable = graph && operations.stream().allMatch(Operation::steady);
    }

    List<Operation> operations() {
        return operations;
    }

    /// Whether a graph can hold it by now: each operation allows that, and it was done before.
    boolean isRecordable() {
        return repeatable && done;
    }

    /// Puts the step into a stream, always the same one.
    ///
    /// @param name what the listener is to call it
    void into(CudaStream stream, String name, Operation.Step step, OperationListener listener) {
        if (isRecordable() && graph.isEmpty()) { // outside of what the listener hears: recording does nothing yet
            graph = Optional.of(StepGraph.record(List.of(operations), step, stream));
        }
        listener.beginStep(name);
        try {
            if (graph.isPresent()) {
                listener.replay(graph.get().work().getFirst());
                graph.get().launch(stream);
            } else {
                operations.forEach(operation -> start(operation, stream, step, listener));
            }
        } finally {
            listener.endStep();
        }
        done = true;
    }

    private static void start(Operation operation, CudaStream stream, Operation.Step step,
            OperationListener listener) {
        listener.begin(operation);
        try {
            operation.launch().into(stream, step);
        } finally {
            listener.end(operation);
        }
    }

    @Override
    public void close() {
        graph.ifPresent(StepGraph::close);
        graph = Optional.empty();
    }
}
