package org.moelab.gpu.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/// Finds numbers that are infinite or not numbers among the many of a tensor, on all cores and a word at a time.
final class NonFinite {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    /// What one core looks through at a time; a multiple of a word.
    private static final long PIECE_BYTES = 1 << 20;

    private static final long EXPONENTS = 0x7F80_7F80_7F80_7F80L; // four bf16 numbers
    private static final long HALF_ONES = 0x0001_0001_0001_0001L;
    private static final long HALF_TOPS = 0x8000_8000_8000_8000L;
    private static final long BYTE_ONES = 0x0101_0101_0101_0101L;
    private static final long BYTE_TOPS = 0x8080_8080_8080_8080L;

    private NonFinite() {
    }

    /// The first MXFP4 scale that stands for not-a-number.
    static OptionalLong scale(MemorySegment scales) {
        // a byte of all ones is a zero byte of the complement
        return first(scales, 1, word -> (~word - BYTE_ONES & word & BYTE_TOPS) != 0,
                index -> (scales.get(ValueLayout.JAVA_BYTE, index) & 0xFF) == 0xFF);
    }

    /// The first number of a floating-point tensor that is not finite.
    static OptionalLong number(Tensor tensor) {
        LongPredicate spoiled = index -> !Float.isFinite(tensor.type().get(tensor.data(), index));
        if (tensor.type() != TensorType.BF16) {
            return LongStream.range(0, tensor.elements()).parallel().filter(spoiled).findFirst();
        }
        return first(tensor.data(), Short.BYTES, word -> {
            long zeroWhereSpoiled = word & EXPONENTS ^ EXPONENTS;
            return (zeroWhereSpoiled - HALF_ONES & ~zeroWhereSpoiled & HALF_TOPS) != 0;
        }, spoiled);
    }

    /// @param width bytes of a number
    /// @param suspect whether a word holds such a number
    /// @param spoiled whether the number at an index is one
    private static OptionalLong first(MemorySegment data, int width, LongPredicate suspect, LongPredicate spoiled) {
        return LongStream.range(0, Math.ceilDiv(data.byteSize(), PIECE_BYTES)).parallel().filter(piece -> {
            long end = Math.min(data.byteSize(), (piece + 1) * PIECE_BYTES);
            long at = piece * PIECE_BYTES;
            for (; at + Long.BYTES <= end; at += Long.BYTES) {
                if (suspect.test(data.get(WORD, at))) {
                    return true;
                }
            }
            return LongStream.range(at / width, end / width).anyMatch(spoiled);
        }).findFirst().stream().flatMap(piece -> LongStream
                .range(piece * PIECE_BYTES / width, Math.min(data.byteSize(), (piece + 1) * PIECE_BYTES) / width)
                .filter(spoiled)).findFirst();
    }
}
