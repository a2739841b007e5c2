package org.moelab.gpu.model;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A safetensors file, mapped into memory: eight bytes with the header's length, a JSON header with each tensor's type,
/// shape and place, then the tensors' bytes. Source: the format's description in the safetensors project.
final class SafetensorsFile {
    /// Far above the headers of real checkpoints, which have less than a megabyte, and far below what would fill memory.
    private static final long MAX_HEADER_BYTES = 16L << 20;
    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Path file;
    private final MemorySegment data;
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

    private SafetensorsFile(Path file, MemorySegment data) {
        this.file = file;
        this.data = data;
    }

    /// Maps a file and reads its header. Every tensor is checked to lie inside the file.
    ///
    /// @param arena how long the mapping lives
    static SafetensorsFile open(Path file, Arena arena) throws CheckpointException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw new CheckpointException(file, "is no safetensors file: it has " + size + " bytes");
            }
            MemorySegment all = channel.map(MapMode.READ_ONLY, 0, size, arena);
            long headerBytes = all.get(LENGTH, 0);
            if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
                throw new CheckpointException(file, "byte 0: expected the length of a header, found " + headerBytes);
            }
            if (headerBytes > size - Long.BYTES) {
                throw new CheckpointException(file, "is cut off: its header ends at byte "
                        + (Long.BYTES + headerBytes) + ", the file at byte " + size);
            }
            SafetensorsFile opened = new SafetensorsFile(file, all.asSlice(Long.BYTES + headerBytes));
            opened.readHeader(all.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE));
            return opened;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// Reads a small JSON file beside the tensors.
    static JsonNode readJson(Path file) throws CheckpointException {
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode node = JSON.readTree(in);
            if (!node.isObject()) {
                throw new CheckpointException(file, "expected a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw new CheckpointException(file, "is not whole JSON: " + e.getOriginalMessage() + at(e), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// The tensors, by name, in the header's order.
    SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    private void readHeader(byte[] header) throws CheckpointException {
        JsonNode root;
        try {
            root = JSON.readTree(header);
        } catch (JacksonException e) {
            throw new CheckpointException(file, "the header is damaged: " + e.getOriginalMessage() + at(e), e);
        }
        if (!root.isObject()) {
            throw new CheckpointException(file, "byte 8: expected a JSON object as the header");
        }
        for (var entry : root.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue()));
            }
        }
        requireNoOverlap();
    }

    /// The format says that tensors lie one behind the other: two that share bytes are one that was written over.
    private void requireNoOverlap() throws CheckpointException {
        String last = "the header";
        long end = data.address();
        for (Tensor tensor : tensors.values().stream().filter(tensor -> tensor.data().byteSize() > 0)
                .sorted(Comparator.comparingLong(tensor -> tensor.data().address())).toList()) {
            long begin = tensor.data().address();
            if (begin < end) {
                throw new CheckpointException(file, "tensor " + tensor.name() + " begins at byte "
                        + (begin - data.address()) + " of the data, within " + last);
            }
            last = tensor.name();
            end = begin + tensor.data().byteSize();
        }
    }

    private Tensor tensor(String name, JsonNode description) throws CheckpointException {
        String typeName = description.path("dtype").asString("");
        Optional<TensorType> type = TensorType.named(typeName);
        if (type.isEmpty()) {
            throw new CheckpointException(file, "tensor " + name + ": the type '" + typeName + "' is not known");
        }
        List<Long> shape = numbers(name, description.path("shape"));
        List<Long> offsets = numbers(name, description.path("data_offsets"));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw new CheckpointException(file, "tensor " + name + ": expected a begin and an end, found " + offsets);
        }
        long bytes = offsets.get(1) - offsets.get(0);
        if (offsets.get(1) > data.byteSize()) {
            throw new CheckpointException(file, "is cut off: tensor " + name + " ends at byte " + offsets.get(1)
                    + " of the data, which has " + data.byteSize());
        }
        if (!holds(bytes, shape, type.get())) {
            throw new CheckpointException(file,
                    "tensor " + name + ": " + bytes + " bytes are not " + type.get() + " of " + shape);
        }
        return new Tensor(name, type.get(), shape, data.asSlice(offsets.get(0), bytes));
    }

    /// Whether so many bytes are what a type and shape need, however large the shape claims to be.
    private static boolean holds(long bytes, List<Long> shape, TensorType type) {
        try {
            return Math.multiplyExact(Tensor.elements(shape), type.bytes()) == bytes;
        } catch (ArithmeticException _) {
            return false;
        }
    }

    private List<Long> numbers(String name, JsonNode array) throws CheckpointException {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : array) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw new CheckpointException(file, "tensor " + name + ": expected a whole number, found " + number);
            }
            numbers.add(number.longValue());
        }
        if (!array.isArray()) {
            throw new CheckpointException(file, "tensor " + name + ": its shape or its place is missing");
        }
        return numbers;
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null || e.getLocation().getByteOffset() < 0
                ? ""
                : " (byte " + e.getLocation().getByteOffset() + ")";
    }

    private static CheckpointException unreadable(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> new CheckpointException(file, "no such file", e);
            case AccessDeniedException _ -> new CheckpointException(file, "permission denied", e);
            default -> new CheckpointException(file, "cannot be read: " + e.getMessage(), e);
        };
    }
}
