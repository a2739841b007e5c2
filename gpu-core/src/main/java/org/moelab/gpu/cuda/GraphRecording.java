package org.moelab.gpu.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;

/// The time in which what is put into a stream is recorded and not done. The thread that records must neither wait for the
/// stream nor take memory meanwhile. A recording that is closed before it is finished leaves nothing behind.
public final class GraphRecording implements AutoCloseable {
    /// `CU_STREAM_CAPTURE_MODE_THREAD_LOCAL`: other threads may do what they like.
    private static final int THREAD_LOCAL = 1;
    /// `CU_GRAPH_NODE_TYPE_MEMSET`; kernels and copies have smaller numbers, what is no work on the device larger ones.
    private static final int LAST_TYPE_OF_DEVICE_WORK = 2;
    private static final long NO_FLAGS = 0;

    private final GraphCalls calls;
    private final CudaStream stream;
    private final Set<Long> seen = new HashSet<>();
    private int deviceWork;
    private boolean open = true;

    GraphRecording(GraphCalls calls, CudaStream stream) {
        this.calls = calls;
        this.stream = stream;
        Results.check("cuStreamBeginCapture", calls.beginCapture().call(stream.segment(), THREAD_LOCAL));
    }

    /// How many kernels, copies and fills have been recorded so far: a call of a library may be several, or none.
    public int deviceWork() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Results.check("cuStreamGetCaptureInfo", calls.captureInfo().call(stream.segment(), arena.allocate(
                    ValueLayout.JAVA_INT), MemorySegment.NULL, out, MemorySegment.NULL, MemorySegment.NULL,
                    MemorySegment.NULL));
            MemorySegment graph = out.get(ValueLayout.ADDRESS, 0);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            Results.check("cuGraphGetNodes", calls.nodes().call(graph, MemorySegment.NULL, count));
            long nodes = count.get(ValueLayout.JAVA_LONG, 0);
            MemorySegment handles = arena.allocate(ValueLayout.ADDRESS, Math.max(1, nodes));
            Results.check("cuGraphGetNodes", calls.nodes().call(graph, handles, count));
            MemorySegment type = arena.allocate(ValueLayout.JAVA_INT);
            for (long i = 0; i < nodes; i++) {
                MemorySegment node = handles.getAtIndex(ValueLayout.ADDRESS, i);
                if (seen.add(node.address())) {
                    Results.check("cuGraphNodeGetType", calls.nodeType().call(node, type));
                    deviceWork += type.get(ValueLayout.JAVA_INT, 0) <= LAST_TYPE_OF_DEVICE_WORK ? 1 : 0;
                }
            }
        }
        return deviceWork;
    }

    /// Ends the recording.
    ///
    /// @return what was recorded
    /// @throws CudaException where something was put in that cannot be recorded
    public CudaGraph finish() {
        open = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Results.check("cuStreamEndCapture", calls.endCapture().call(stream.segment(), out));
            MemorySegment graph = out.get(ValueLayout.ADDRESS, 0);
            try {
                Results.check("cuGraphInstantiate", calls.instantiate().call(out, graph, NO_FLAGS));
            } finally {
                calls.destroy().call(graph); // what can be launched is a copy
            }
            return new CudaGraph(calls, out.get(ValueLayout.ADDRESS, 0));
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
                // fails where the recording has failed, which has been told; the stream records no more either way
                if (calls.endCapture().call(stream.segment(), out) == 0) {
                    calls.destroy().call(out.get(ValueLayout.ADDRESS, 0));
                }
            }
        }
    }
}
