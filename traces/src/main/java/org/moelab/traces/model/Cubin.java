package org.moelab.traces.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A module of device code: a 64-bit little-endian ELF file whose `.text.NAME` sections hold a function each.
///
/// The layout is that of the System V ABI's ELF-64 object file format. Nothing in the file is trusted: places that it
/// names outside of itself count as absent.
public final class Cubin {
    private static final int HEADER_BYTES = 64;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final String CODE = ".text.";

    private static final int RELA = 4;
    private static final int REL = 9;
    private static final int SYMBOL_BYTES = 24;

    private final byte[] elf;
    private final List<Section> sections;
    private final List<Function> functions;

    /// A function's place in the file.
    ///
    /// @param name mangled
    /// @param offset of its first instruction from the start of the file
    /// @param bytes length of its code
    public record Function(String name, int offset, int bytes) {}

    /// A part of the file, wholly inside it.
    private record Section(String name, int type, int offset, int bytes, int link) {}

    /// @param elf the file; the array is kept
    public Cubin(byte[] elf) {
        this.elf = elf;
        this.sections = isElf64(elf) ? sectionsOf(elf) : List.of();
        this.functions = sections.stream().filter(s -> s.name.startsWith(CODE))
                .map(s -> new Function(s.name.substring(CODE.length()), s.offset, s.bytes)).toList();
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
        return bytes(function.offset(), function.bytes());
    }

    /// A section's content, read-only, little endian; empty where the file has none of this name.
    public Optional<ByteBuffer> section(String name) {
        return sections.stream().filter(s -> s.name.equals(name)).findFirst().map(s -> bytes(s.offset, s.bytes));
    }

    /// Which symbol each place of a section awaits the address of, by the place's offset in the section.
    Map<Integer, String> relocations(String section) {
        Map<Integer, String> symbols = new HashMap<>();
        for (Section s : sections) {
            boolean addend = s.type == RELA && s.name.equals(".rela" + section);
            if (addend || s.type == REL && s.name.equals(".rel" + section)) {
                int entry = addend ? 24 : 16;
                ByteBuffer in = bytes(s.offset, s.bytes);
                for (int at = 0; at <= in.limit() - entry; at += entry) {
                    long place = in.getLong(at);
                    long symbol = in.getLong(at + 8) >>> 32;
                    if (place >= 0 && place <= Integer.MAX_VALUE) {
                        symbol(s.link, symbol).ifPresent(name -> symbols.put((int) place, name));
                    }
                }
            }
        }
        return symbols;
    }

    /// The name of a symbol; a section's symbol has the section's.
    private Optional<String> symbol(int table, long index) {
        if (table <= 0 || table >= sections.size()) {
            return Optional.empty();
        }
        Section symbols = sections.get(table);
        if (index < 0 || index >= symbols.bytes / SYMBOL_BYTES || symbols.link <= 0
                || symbols.link >= sections.size()) {
            return Optional.empty();
        }
        Section names = sections.get(symbols.link);
        ByteBuffer in = bytes(symbols.offset, symbols.bytes);
        int at = (int) index * SYMBOL_BYTES;
        String name = string(elf, names.offset, names.bytes, Integer.toUnsignedLong(in.getInt(at)));
        int home = Short.toUnsignedInt(in.getShort(at + 6));
        return Optional.of(name.isEmpty() && home < sections.size() ? sections.get(home).name : name)
                .map(n -> n.startsWith(CODE) ? n.substring(CODE.length()) : n).filter(n -> !n.isEmpty());
    }

    private ByteBuffer bytes(int offset, int length) {
        return ByteBuffer.wrap(elf, offset, length).slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Writes the file, for `cuobjdump`, `nvdisasm` and the like.
    public void writeTo(OutputStream out) throws IOException {
        out.write(elf);
    }

    private static boolean isElf64(byte[] elf) {
        return elf.length >= HEADER_BYTES && elf[0] == 0x7F && elf[1] == 'E' && elf[2] == 'L' && elf[3] == 'F'
                && elf[4] == 2 && elf[5] == 1;
    }

    /// All sections by index; one that lies outside of the file is empty and has no name.
    private static List<Section> sectionsOf(byte[] file) {
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
        List<Section> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int header = first + i * entrySize;
            String name = string(file, namesOffset, namesSize, Integer.toUnsignedLong(elf.getInt(header)));
            long offset = elf.getLong(header + 24);
            long size = elf.getLong(header + 32);
            boolean inside = inside(offset, size, limit);
            found.add(new Section(inside ? name : "", elf.getInt(header + 4), inside ? (int) offset : 0,
                    inside ? (int) size : 0, elf.getInt(header + 40)));
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
