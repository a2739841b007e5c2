package org.moelab.gpu.model;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

import tools.jackson.databind.json.JsonMapper;

/// Writes a safetensors file, tensor by tensor, so that no more than one needs to be in memory. The file appears whole or
/// not at all.
final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_BYTES = 64 << 20;

    private SafetensorsWriter() {
    }

    /// Writes tensors in the order given, floating-point ones as bf16.
    ///
    /// @throws IOException where the disk is full or the folder cannot be written; nothing is left behind
    static void write(Path file, List<TensorSpec> specs, TensorSource source) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                writeFully(channel, header(specs));
                for (TensorSpec spec : specs) {
                    MemorySegment bytes = source.bytes(spec);
                    if (bytes.byteSize() != spec.bytes()) {
                        throw new IOException(
                                spec.name() + ": " + bytes.byteSize() + " bytes instead of " + spec.bytes());
                    }
                    for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
                        writeFully(channel,
                                bytes.asSlice(at, Math.min(CHUNK_BYTES, bytes.byteSize() - at)).asByteBuffer());
                    }
                }
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
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

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
