package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.moelab.gpu.cuda.CudaGraph;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.GraphRecording;

/// A step as a CUDA graph, and which operation each piece of its device work belongs to.
///
/// What the graph holds was put into one stream, so that its pieces are done one after the other, as they were recorded.
///
/// @param work the operation of each kernel, copy and fill, in their order
record StepGraph(CudaGraph graph, List<Operation> work) implements AutoCloseable {
    StepGraph {
        work = List.copyOf(work);
    }

    /// Records operations, all of them steady.
    static StepGraph record(List<Operation> operations, Operation.Step step, CudaStream stream) {
        List<Operation> work = new ArrayList<>();
        try (GraphRecording recording = stream.record()) {
            for (Operation operation : operations) {
                operation.launch().into(stream, step);
                work.addAll(Collections.nCopies(recording.deviceWork() - work.size(), operation));
            }
            return new StepGraph(recording.finish(), work);
        }
    }

    void launch(CudaStream stream) {
        graph.launch(stream);
    }

    @Override
    public void close() {
        graph.close();
    }
}
