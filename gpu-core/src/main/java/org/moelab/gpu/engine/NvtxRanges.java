package org.moelab.gpu.engine;

import java.util.List;

import org.moelab.gpu.cuda.Nvtx;

/// Shows steps and operations to profilers as ranges of the host's time, which tools project onto the device's work.
final class NvtxRanges implements OperationListener {
    private final Nvtx nvtx;

    NvtxRanges(Nvtx nvtx) {
        this.nvtx = nvtx;
    }

    @Override
    public void begin(Operation operation) {
        nvtx.push(operation.name());
    }

    @Override
    public void end(Operation operation) {
        nvtx.pop();
    }

    /// The step's range holds the launch; ranges of operations would hold nothing.
    @Override
    public void replay(List<Operation> work) {
    }

    @Override
    public void beginStep(String name) {
        nvtx.push(name);
    }

    @Override
    public void endStep() {
        nvtx.pop();
    }
}
