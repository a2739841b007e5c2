package org.moelab.gpu.cuda;

import java.lang.foreign.MemorySegment;

/// Work of a stream that was recorded once ([CudaStream#record]) and is put in as a whole by one call, any number of times:
/// the same kernels with the same parameters on the same memory.
public final class CudaGraph implements AutoCloseable {
    private final GraphCalls calls;
    private final MemorySegment executable;
    private boolean open = true;

    /// @param executable a `CUgraphExec`, the graph's own from now on
    CudaGraph(GraphCalls calls, MemorySegment executable) {
        this.calls = calls;
        this.executable = executable;
    }

    /// Puts all of it into a stream. A graph is not done side by side with itself: it waits for its launch before.
    public void launch(CudaStream stream) {
        Results.check("cuGraphLaunch", calls.launch().call(executable, stream.segment()));
    }

    /// Frees it, once the launches so far are done.
    @Override
    public void close() {
        if (open) {
            open = false;
            Results.check("cuGraphExecDestroy", calls.destroyExecutable().call(executable));
        }
    }
}
