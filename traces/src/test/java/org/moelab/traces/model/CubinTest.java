package org.moelab.traces.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

class CubinTest {
    private static final int CODE_OFFSET = 64;
    private static final int CODE_BYTES = 32;
    private static final byte[] NAMES = "\0.text._Zcopy\0.names\0".getBytes(StandardCharsets.UTF_8);

    /// An ELF file of a null section, one function and the section names.
    private static byte[] elf() {
        int names = CODE_OFFSET + CODE_BYTES;
        int headers = names + NAMES.length;
        ByteBuffer elf = ByteBuffer.allocate(headers + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] { 0x7F, 'E', 'L', 'F', 2, 1 });
        elf.putLong(40, headers);
        elf.putShort(58, (short) 64).putShort(60, (short) 3).putShort(62, (short) 2);
        for (int i = 0; i < CODE_BYTES; i++) {
            elf.put(CODE_OFFSET + i, (byte) i);
        }
        elf.put(names, NAMES);
        section(elf, headers + 64, 1, CODE_OFFSET, CODE_BYTES);
        section(elf, headers + 128, 14, names, NAMES.length);
        return elf.array();
    }

    private static void section(ByteBuffer elf, int at, int name, long offset, long size) {
        elf.putInt(at, name).putLong(at + 24, offset).putLong(at + 32, size);
    }

    @Test
    void functions_ofElfFile_haveNameAndCode() {
        Cubin cubin = new Cubin(elf());
        assertThat(cubin.functions()).containsExactly(new Cubin.Function("_Zcopy", CODE_OFFSET, CODE_BYTES));
        ByteBuffer code = cubin.code(cubin.function("_Zcopy").orElseThrow());
        assertThat(code.remaining()).isEqualTo(CODE_BYTES);
        assertThat(code.get(5)).isEqualTo((byte) 5);
        assertThat(cubin.function("other")).isEmpty();
    }

    @Test
    void functions_ofDamagedFile_stayInsideIt() {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] elf = elf();
            for (int n = 0; n < 3; n++) {
                elf[6 + random.nextInt(elf.length - 6)] = (byte) random.nextInt();
            }
            Cubin cubin = new Cubin(elf);
            for (Cubin.Function function : cubin.functions()) {
                assertThat(cubin.code(function).remaining()).isEqualTo(function.bytes());
            }
        }
        assertThat(new Cubin(new byte[0]).functions()).isEmpty();
        assertThat(new Cubin(new byte[] { 0x7F, 'E', 'L', 'F' }).functions()).isEmpty();
    }
}
