package org.moelab.gpu.engine;

import java.util.List;
import java.util.Optional;

import org.moelab.gpu.cuda.CudaStream;

/// Steps that a session does one after the other, again and again, as one launch of one graph: the device does not wait
/// between them for a launch, and kernels overlap across the seam.
///
/// To a listener it is a step in which each of the steps lies; the launch follows them.
final class StepChain implements AutoCloseable {
    private final String name;
    private final List<Link> links;
    private Optional<StepGraph> graph = Optional.empty();

    /// A step of the chain.
    ///
    /// @param name what a listener is to call it
    record Link(String name, PlannedStep step) {}

    /// @param name what a listener is to call all of it
    StepChain(String name, List<Link> links) {
        this.name = name;
        this.links = List.copyOf(links);
    }

    /// Whether it can be put in: a graph can hold each of its steps.
    boolean isReady() {
        return links.stream().allMatch(link -> link.step.isRecordable());
    }

    /// Puts all steps into a stream, always the same one.
    void into(CudaStream stream, Operation.Step step, OperationListener listener) {
        if (graph.isEmpty()) { // outside of what the listener hears: recording does nothing yet
            graph = Optional.of(StepGraph.record(links.stream().map(link -> link.step.operations()).toList(), step,
                    stream));
        }
        List<List<Operation>> work = graph.get().work();
        listener.beginStep(name);
        try {
            for (int i = 0; i < links.size(); i++) {
                listener.beginStep(links.get(i).name);
                listener.replay(work.get(i));
                listener.endStep();
            }
            graph.get().launch(stream);
        } finally {
            listener.endStep();
        }
    }

    @Override
    public void close() {
        graph.ifPresent(StepGraph::close);
        graph = Optional.empty();
    }
}
