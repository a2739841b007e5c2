package org.moelab.traces.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A module of device code: a 64-bit little-endian ELF file whose `.text.NAME` sections hold a function each.
///
/// The layout is that of the System V ABI's ELF-64 object file format. Nothing in the file is trusted: places that it
/// names outside of itself count as absent.
public final class Cubin {
    private static final int HEADER_BYTES = 64;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final String CODE = ".text.";

    private final byte[] elf;
    private final List<Function> functions;

    /// A function's place in the file.
    ///
    /// @param name mangled
    /// @param offset of its first instruction from the start of the file
    /// @param bytes length of its code
    public record Function(String name, int offset, int bytes) {}

    /// @param elf the file; the array is kept
    public Cubin(byte[] elf) {
        this.elf = elf;
        this.functions = isElf64(elf) ? functionsOf(elf) : List.of();
    }

    /// Size of the file in bytes.
    public int bytes() {
        return elf.length;
    }

    /// The functions in the order of their sections; empty where the file is not one that can be read.
    public List<Function> functions() {
        return functions;
    }

    /// The function of this mangled name.
    public Optional<Function> function(String mangled) {
        return functions.stream().filter(f -> f.name().equals(mangled)).findFirst();
    }

    /// The function's machine code, read-only, little endian.
    public ByteBuffer code(Function function) {
        return ByteBuffer.wrap(elf, function.offset(), function.bytes()).slice().asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Writes the file, for `cuobjdump`, `nvdisasm` and the like.
    public void writeTo(OutputStream out) throws IOException {
        out.write(elf);
    }

    private static boolean isElf64(byte[] elf) {
        return elf.length >= HEADER_BYTES && elf[0] == 0x7F && elf[1] == 'E' && elf[2] == 'L' && elf[3] == 'F'
                && elf[4] == 2 && elf[5] == 1;
    }

    private static List<Function> functionsOf(byte[] file) {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long table = elf.getLong(40);
        int entrySize = Short.toUnsignedInt(elf.getShort(58));
        int count = Short.toUnsignedInt(elf.getShort(60));
        int namesIndex = Short.toUnsignedInt(elf.getShort(62));
        long limit = elf.limit();
        if (entrySize < SECTION_HEADER_BYTES || table < HEADER_BYTES || table > limit
                || count > (limit - table) / entrySize || namesIndex >= count) {
            return List.of();
        }
        int first = (int) table;
        int names = first + namesIndex * entrySize;
        long namesOffset = elf.getLong(names + 24);
        long namesSize = elf.getLong(names + 32);
        if (!inside(namesOffset, namesSize, limit)) {
            return List.of();
        }
        List<Function> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = first + i * entrySize;
            String name = string(file, namesOffset, namesSize, Integer.toUnsignedLong(elf.getInt(header)));
            long offset = elf.getLong(header + 24);
            long size = elf.getLong(header + 32);
            if (name.startsWith(CODE) && inside(offset, size, limit)) {
                found.add(new Function(name.substring(CODE.length()), (int) offset, (int) size));
            }
        }
        return List.copyOf(found);
    }

    private static boolean inside(long offset, long size, long limit) {
        return offset >= 0 && size >= 0 && offset <= limit && size <= limit - offset;
    }

    private static String string(byte[] elf, long tableOffset, long tableSize, long index) {
        if (index >= tableSize) {
            return "";
        }
        int from = (int) (tableOffset + index);
        int to = from;
        while (to < tableOffset + tableSize && elf[to] != 0) {
            to++;
        }
        return new String(elf, from, to - from, StandardCharsets.UTF_8);
    }
}
