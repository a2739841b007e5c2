package org.moelab.gpu.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

import tools.jackson.databind.json.JsonMapper;

/// Writes a safetensors file in parts of tensors: while one part is written, the next is made. No more than two parts are in
/// memory.
final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int PART_BYTES = 64 << 20;

    private SafetensorsWriter() {
    }

    /// Writes tensors in the order given, floating-point ones as bf16.
    ///
    /// @param written hears how many bytes each part has
    /// @throws IOException where the disk is full or the file cannot be written; the file is then not whole
    static void write(Path file, List<TensorSpec> specs, TensorSource source, LongConsumer written)
            throws IOException {
        long part = Math.clamp(specs.stream().mapToLong(TensorSpec::bytes).max().orElse(0), 1, PART_BYTES);
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ExecutorService writer = Executors.newSingleThreadExecutor()) {
            MemorySegment[] rooms = { arena.allocate(part, 64), arena.allocate(part, 64) };
            Future<?> pending = writer.submit(() -> writeFully(channel, header(specs)));
            int turn = 0;
            for (TensorSpec spec : specs) {
                for (long at = 0; at < spec.bytes(); at += part) {
                    MemorySegment room = rooms[turn++ % 2].asSlice(0, Math.min(part, spec.bytes() - at));
                    source.fill(spec, at, room);
                    await(pending);
                    pending = writer.submit(() -> writeFully(channel, room.asByteBuffer()));
                    written.accept(room.byteSize());
                }
            }
            await(pending);
        }
    }

    private static void await(Future<?> pending) throws IOException {
        try {
            pending.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static ByteBuffer header(List<TensorSpec> specs) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("__metadata__", Map.of("format", "pt"));
        long at = 0;
        for (TensorSpec spec : specs) {
            SequencedMap<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", (spec.packed() ? TensorType.U8 : TensorType.BF16).name());
            entry.put("shape", spec.shape());
            entry.put("data_offsets", List.of(at, at + spec.bytes()));
            json.put(spec.name(), entry);
            at += spec.bytes();
        }
        byte[] text = JsonMapper.shared().writeValueAsBytes(json);
        // readers map the tensors: spaces after the header align them
        int padded = Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    /// @return nothing, so that it can be submitted with its exception
    private static boolean writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return true;
    }
}
