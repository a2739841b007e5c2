package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A model's weights as the tensors of a checkpoint: read, or made from their seeds on all cores.
public final class WeightContent implements TensorSource {
    /// What one core makes at a time: many pieces a core, so that no core waits long for the last.
    private static final int PIECE_BYTES = 1 << 20;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final WeightSource source;
    private final Map<String, StoredTensor> tensors;

    /// @param layout of the checkpoint that is written
    public WeightContent(WeightSource source, CheckpointLayout layout) {
        this.source = source;
        this.tensors = layout.stored(source.config()).stream()
                .collect(Collectors.toUnmodifiableMap(stored -> stored.spec().name(), Function.identity()));
    }

    /// How many tensors hold numbers of other types, which writing rounds to bf16.
    public long roundedTensors() {
        return tensors.values().stream().filter(stored -> !stored.spec().packed())
                .filter(stored -> source.data(stored.tensor(),
                        stored.layer()) instanceof TensorData.Host(List<Tensor> parts)
                        && parts.stream().anyMatch(part -> part.type() != TensorType.BF16))
                .count();
    }

    @Override
    public void fill(TensorSpec spec, long from, MemorySegment target) {
        StoredTensor stored = Objects.requireNonNull(tensors.get(spec.name()), spec.name());
        TensorData data = source.data(stored.tensor(), stored.layer());
        int pieces = Math.toIntExact(Math.ceilDiv(target.byteSize(), PIECE_BYTES));
        IntStream.range(0, pieces).parallel().forEach(i -> {
            long at = (long) i * PIECE_BYTES;
            MemorySegment piece = target.asSlice(at, Math.min(PIECE_BYTES, target.byteSize() - at));
            switch (data) {
                case TensorData.RandomBf16 random -> numbers(random, stored.first() + (from + at) / 2, piece);
                case TensorData.RandomBytes random -> words(random, (stored.first() + from + at) / 8, piece);
                case TensorData.RandomScales random -> scales(random, stored.first() + from + at, piece);
                case TensorData.Host(List<Tensor> parts) when spec.packed() ->
                    bytes(parts, stored.first() + from + at, piece);
                case TensorData.Host(List<Tensor> parts) -> rounded(parts, stored.first() + (from + at) / 2, piece);
            }
        });
    }

    private static void numbers(TensorData.RandomBf16 random, long first, MemorySegment target) {
        for (long i = 0; i < target.byteSize() / 2; i++) {
            target.set(SHORT, 2 * i, RandomNumbers.bf16(random.seed(), first + i, random.mean(), random.deviation()));
        }
    }

    private static void words(TensorData.RandomBytes random, long first, MemorySegment target) {
        for (long i = 0; i < target.byteSize() / 8; i++) {
            target.set(LONG, 8 * i, RandomNumbers.bytes(random.seed(), first + i));
        }
    }

    private static void scales(TensorData.RandomScales random, long first, MemorySegment target) {
        for (long i = 0; i < target.byteSize(); i++) {
            target.set(ValueLayout.JAVA_BYTE, i,
                    RandomNumbers.scale(random.seed(), first + i, random.base(), random.mask()));
        }
    }

    private static void bytes(List<Tensor> parts, long first, MemorySegment target) {
        long begin = 0; // of the part, among all bytes
        for (Tensor part : parts) {
            long end = begin + part.data().byteSize();
            long from = Math.max(first, begin);
            long to = Math.min(first + target.byteSize(), end);
            if (from < to) {
                MemorySegment.copy(part.data(), from - begin, target, from - first, to - from);
            }
            begin = end;
        }
    }

    private static void rounded(List<Tensor> parts, long first, MemorySegment target) {
        long begin = 0; // of the part, among all numbers
        for (Tensor part : parts) {
            long end = begin + part.elements();
            long from = Math.max(first, begin);
            long to = Math.min(first + target.byteSize() / 2, end);
            if (from < to && part.type() == TensorType.BF16) {
                MemorySegment.copy(part.data(), 2 * (from - begin), target, 2 * (from - first), 2 * (to - from));
            } else {
                for (long i = from; i < to; i++) {
                    target.set(SHORT, 2 * (i - first),
                            RandomNumbers.toBf16(part.type().get(part.data(), i - begin)));
                }
            }
            begin = end;
        }
    }
}
