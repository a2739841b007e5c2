package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/// The constants of `common/tensor_memory.cuh` against the fields that the PTX ISA 9.0 documents: what can be checked of them
/// without the chip. Sections "Shared memory descriptor" and "Instruction descriptor" of the tcgen05 instructions.
class TensorDescriptorsTest {
    private static final Path HEADER = Path.of("../kernels/src/main/cuda/common/tensor_memory.cuh");
    private static final Pattern CONSTANT = Pattern
            .compile("constexpr (?:int|uint32|uint64) (k\\w+) = (0x[0-9A-Fa-f]+|\\d+)(?:u|ull)?;");

    /// A field's value at its lowest bit, which must fit its width.
    private static long field(long value, int lowest, int width) {
        assertThat(value).isBetween(0L, (1L << width) - 1);
        return value << lowest;
    }

    /// A shared memory descriptor without its address. Offsets are in bytes and kept in 16-byte units.
    private static long sharedMemory(int leadingBytes, int strideBytes, int swizzle) {
        return field(leadingBytes / 16, 16, 14) | field(strideBytes / 16, 32, 14) | field(1, 46, 3)
                | field(0, 49, 3) | field(0, 52, 1) | field(swizzle, 61, 3);
    }

    @Test
    void sharedMemoryDescriptors_ofTheHeader_areTheDocumentedFields() throws IOException {
        // eight rows of 128 bytes; swizzle mode 2 is that of 128 bytes. The leading offset is not used: one unit
        assertThat(constant("kSwizzledRows")).isEqualTo(sharedMemory(16, 8 * 128, 2));
        // eight rows of 16 bytes; mode 0 is none
        assertThat(constant("kScaleRows")).isEqualTo(sharedMemory(0, 8 * 16, 0));
    }

    @Test
    void instructionDescriptors_ofTheHeader_areTheDocumentedFields() throws IOException {
        long fp32Sums = field(1, 4, 2);
        long bf16 = field(1, 7, 3) | field(1, 10, 3);
        assertThat(constant("kBf16Types")).isEqualTo(fp32Sums | bf16);
        long e2m1 = field(1, 7, 3) | field(1, 10, 2);
        assertThat(constant("kNvfp4Types")).isEqualTo(e2m1 | field(0, 23, 1));
        assertThat(constant("kMxfp4Types")).isEqualTo(e2m1 | field(1, 23, 1));
    }

    @Test
    void sizesOfInstructions_whereTheHeaderPutsThem_fitTheirFields() throws IOException {
        int columnsShift = Math.toIntExact(constant("kColumnsShift"));
        int rowsShift = Math.toIntExact(constant("kRowsShift"));
        assertThat(Files.readString(HEADER)).contains("columns / 8) << kColumnsShift", "rows / 16) << kRowsShift");
        for (int rows : new int[] { 128, 256 }) {
            assertThat((long) (rows / 16) << rowsShift).isEqualTo(field(rows >> 4, 24, 5));
            // for types of four bits the field is two bits of rows / 128, of which the others are the lower three
            assertThat((long) (rows / 16) << rowsShift).isEqualTo(field(rows >> 7, 27, 2));
            assertThat((long) (rows / 8) << columnsShift).isEqualTo(field(rows >> 3, 17, 6));
        }
    }

    @Test
    void scaleIds_whereTheHeaderPutsThem_meetNoOtherField() throws IOException {
        long ids = field(3, Math.toIntExact(constant("kLeftScaleShift")), 2)
                | field(3, Math.toIntExact(constant("kRightScaleShift")), 2);
        assertThat(ids).isEqualTo(field(3, 29, 2) | field(3, 4, 2));
        long others = constant("kMxfp4Types") | field(32, 17, 6) | field(16, 24, 5);
        assertThat(ids & others).isZero();
    }

    @Test
    void instructionsOfAStage_movedAlongTheRow_stayInTheSwizzledRow() throws IOException {
        long rowBytes = constant("kRowBytes");
        long instruction = constant("kInstructionBytes");
        assertThat(rowBytes).isEqualTo(128);
        // 16 numbers of bf16 and 64 of four bits
        assertThat(instruction).isEqualTo(16 * 2).isEqualTo(64 / 2);
        assertThat(rowBytes % instruction).isZero();
    }

    private static long constant(String name) throws IOException {
        Map<String, Long> constants = new HashMap<>();
        Matcher matcher = CONSTANT.matcher(Files.readString(HEADER));
        while (matcher.find()) {
            constants.put(matcher.group(1), Long.decode(matcher.group(2)));
        }
        return Objects.requireNonNull(constants.get(name), name);
    }
}
