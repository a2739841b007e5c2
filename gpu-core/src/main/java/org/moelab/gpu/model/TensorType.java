package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.stream.Stream;

/// The element types of safetensors files that the lab knows, by their names there.
public enum TensorType {
    F32(4, true), BF16(2, true), F16(2, true), U8(1, false), I8(1, false), I32(4, false), I64(8, false);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;
    private final boolean floating;

    TensorType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }

    /// Whether it is a floating-point type.
    public boolean floating() {
        return floating;
    }

    /// The element at an index, as fp32: exact for every type of at most 16 bits, and rounded for wide integers.
    public float get(MemorySegment data, long index) {
        return switch (this) {
            case F32 -> Float.intBitsToFloat(data.get(INT, index * 4));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * 2) << 16);
            case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
            case U8 -> data.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
            case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
            case I32 -> (float) data.get(INT, index * 4);
            case I64 -> (float) data.get(LONG, index * 8);
        };
    }

    /// The type of a name, if the lab knows it.
    static Optional<TensorType> named(String name) {
        return Stream.of(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
