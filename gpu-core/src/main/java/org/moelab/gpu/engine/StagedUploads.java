package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaEvent;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.PinnedBuffer;

/// Uploads through two page-locked buffers and a queue of their own: while one buffer is copied from, the host fills the
/// other, and kernels work on what came before.
final class StagedUploads implements Uploads {
    private static final int ROOMS = 2;
    private static final int STAGES = 2;
    private static final long STAGE_BYTES = 16L << 20;

    private final CudaContext context;
    private final CudaStream kernels;
    private final CopyQueue queue;
    private final Held held = new Held();
    private final CudaEvent uploaded;
    /// Behind the last kernels that read each room.
    private final List<CudaEvent> read = new ArrayList<>();
    /// Taken with the first upload: weights that are made on the device need none.
    private final List<Stage> stages = new ArrayList<>();
    private int next;

    /// A page-locked buffer.
    ///
    /// @param copied behind the last copy from it
    private record Stage(PinnedBuffer memory, CudaEvent copied) {}

    /// @param queue the uploads' to close
    StagedUploads(CudaContext context, CudaStream kernels, CopyQueue queue) {
        this.context = context;
        this.kernels = kernels;
        this.queue = held.take(queue, CopyQueue::close);
        this.uploaded = held.take(context.signal(), CudaEvent::close);
        for (int room = 0; room < ROOMS; room++) {
            read.add(held.take(context.signal(), CudaEvent::close));
        }
    }

    @Override
    public int rooms() {
        return ROOMS;
    }

    @Override
    public void claim(int room) {
        queue.await(queue.copies(), read.get(room));
    }

    @Override
    public void upload(DeviceBuffer target, long offset, MemorySegment content) {
        for (long at = 0; at < content.byteSize(); at += STAGE_BYTES) {
            long bytes = Math.min(STAGE_BYTES, content.byteSize() - at);
            Stage stage = nextStage();
            stage.copied.synchronize(); // before the buffer is filled anew
            MemorySegment staged = stage.memory.segment().asSlice(0, bytes);
            staged.copyFrom(content.asSlice(at, bytes));
            target.upload(staged, offset + at, queue.copies());
            stage.copied.record(queue.copies());
        }
    }

    private Stage nextStage() {
        if (stages.size() < STAGES) {
            PinnedBuffer memory = held.take(context.pinned("loading", STAGE_BYTES), PinnedBuffer::close);
            stages.add(new Stage(memory, held.take(context.signal(), CudaEvent::close)));
            return stages.getLast();
        }
        Stage stage = stages.get(next);
        next = (next + 1) % STAGES;
        return stage;
    }

    @Override
    public void handOver() {
        uploaded.record(queue.copies());
        queue.await(kernels, uploaded);
    }

    @Override
    public void release(int room) {
        read.get(room).record(kernels);
    }

    @Override
    public void close() {
        try {
            queue.copies().synchronize(); // also where loading failed half-way
        } finally {
            held.close();
        }
    }
}
