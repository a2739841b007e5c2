package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.moelab.gpu.cuda.CudaGraph;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.GraphRecording;

/// A step, or several that follow each other, as a CUDA graph, and which operation each piece of its device work belongs to.
///
/// What the graph holds was put into one stream, so that its pieces are done one after the other, as they were recorded.
///
/// @param work for each step the operation of each kernel, copy and fill, in their order
record StepGraph(CudaGraph graph, List<List<Operation>> work) implements AutoCloseable {
    StepGraph {
        work = work.stream().map(List::copyOf).toList();
    }

    /// Records steps, all of whose operations are steady.
    ///
    /// @param steps the operations of each
    static StepGraph record(List<List<Operation>> steps, Operation.Step step, CudaStream stream) {
        List<List<Operation>> work = new ArrayList<>();
        int recorded = 0;
        try (GraphRecording recording = stream.record()) {
            for (List<Operation> operations : steps) {
                List<Operation> done = new ArrayList<>();
                for (Operation operation : operations) {
                    operation.launch().into(stream, step);
                    int now = recording.deviceWork();
                    done.addAll(Collections.nCopies(now - recorded, operation));
                    recorded = now;
                }
                work.add(done);
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
