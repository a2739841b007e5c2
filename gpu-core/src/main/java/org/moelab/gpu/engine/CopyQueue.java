package org.moelab.gpu.engine;

import java.util.Optional;
import java.util.Set;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaStream;

/// A queue for copies beside a queue for kernels, so that the copy engine works while kernels run. Where one depends on what
/// the other does, it waits for a mark.
///
/// @param copies the queue for copies, its own
/// @param byDevice whether the device waits for marks; else the thread that puts work in does
record CopyQueue(CudaStream copies, boolean byDevice) implements AutoCloseable {
    /// The queue that some techniques ask for. Copies run beside kernels only from and to page-locked memory.
    static Optional<CopyQueue> of(CudaContext context, Set<String> techniques) {
        return techniques.containsAll(Set.of("async-copies", "streams", "pinned-memory"))
                ? Optional.of(new CopyQueue(context.stream(), techniques.contains("stream-events")))
                : Optional.empty();
    }

    /// Lets what is put into one of the queues from now on come after a mark in the other.
    void await(CudaStream waiting, CudaEvent mark) {
        if (byDevice) {
            waiting.await(mark);
        } else {
            mark.synchronize();
        }
    }

    @Override
    public void close() {
        copies.close();
    }
}
