package org.moelab.traces.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Which source line each instruction of a module was made from, as `nvcc -lineinfo` leaves it in the section
/// `.debug_line`: the line number program of DWARF 2 to 4 (dwarfstd.org, DWARF 4, section 6.2), whose sequences each begin at
/// a function. Of a call that was inlined the line is that of the function called.
///
/// Nothing in the table is trusted: of a damaged unit, what comes before the place is kept.
public final class LineTable {
    private static final String SECTION = ".debug_line";
    private static final int FIRST_WITH_OPERATIONS = 4;
    private static final int LAST_VERSION = 4;

    private final Map<String, NavigableMap<Integer, Optional<Line>>> lines;

    private LineTable(Map<String, NavigableMap<Integer, Optional<Line>>> lines) {
        this.lines = lines;
    }

    /// A line of a source file.
    ///
    /// @param path as the compiler knew it, without `.` and `..`
    /// @param line from 1
    /// @param fileBytes the file's size when it was compiled; 0 where unknown
    public record Line(String path, int line, long fileBytes) {}

    /// The table of a module; without lines where the module was compiled without them.
    public static LineTable of(Cubin cubin) {
        Map<String, NavigableMap<Integer, Optional<Line>>> lines = new HashMap<>();
        cubin.section(SECTION).ifPresent(section -> {
            Map<Integer, String> functions = cubin.relocations(SECTION);
            int at = 0;
            while (at <= section.limit() - 4) {
                long length = Integer.toUnsignedLong(section.getInt(at));
                if (length > section.limit() - at - 4) {
                    return;
                }
                ByteBuffer unit = section.slice(at, 4 + (int) length).order(ByteOrder.LITTLE_ENDIAN);
                try {
                    new Unit(unit, at, functions, lines).read();
                } catch (BufferUnderflowException _) {
                    // the unit ends within an entry: its whole entries stay
                }
                at += 4 + (int) length;
            }
        });
        return new LineTable(lines);
    }

    /// The line that the instruction was made from; empty where the table does not tell.
    ///
    /// @param function mangled
    /// @param offset from the function's first instruction, in bytes
    public Optional<Line> at(String function, int offset) {
        NavigableMap<Integer, Optional<Line>> of = lines.get(function);
        return Optional.ofNullable(of == null ? null : of.floorEntry(offset)).flatMap(Entry::getValue);
    }

    /// Whether the module has no lines at all.
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /// A path without `.` and `..`.
    public static String plain(String path) {
        try {
            return Path.of(path).normalize().toString().replace('\\', '/');
        } catch (InvalidPathException _) {
            return path;
        }
    }

    private record File(String path, long bytes) {}

    /// One unit of the table: a header, then a program that an abstract machine runs.
    private static final class Unit {
        private final ByteBuffer in;
        private final int start;
        private final Map<Integer, String> functions;
        private final Map<String, NavigableMap<Integer, Optional<Line>>> lines;
        private final List<File> files = new ArrayList<>();

        private int step;
        private int lineBase;
        private int lineRange;
        private byte[] operands = {};

        private Optional<String> function = Optional.empty();
        private long address;
        private int file = 1;
        private int line = 1;

        Unit(ByteBuffer in, int start, Map<Integer, String> functions,
                Map<String, NavigableMap<Integer, Optional<Line>>> lines) {
            this.in = in;
            this.start = start;
            this.functions = functions;
            this.lines = lines;
        }

        void read() {
            in.getInt();
            int version = in.getShort();
            long headerBytes = Integer.toUnsignedLong(in.getInt());
            long program = in.position() + headerBytes;
            if (version < 2 || version > LAST_VERSION || program > in.limit()) {
                return;
            }
            readHeader(version);
            in.position((int) program);
            while (in.hasRemaining()) {
                int operation = Byte.toUnsignedInt(in.get());
                if (operation > operands.length) {
                    special(operation - operands.length - 1);
                } else if (operation == 0) {
                    extended();
                } else {
                    standard(operation);
                }
            }
        }

        private void readHeader(int version) {
            step = Byte.toUnsignedInt(in.get());
            if (version >= FIRST_WITH_OPERATIONS) {
                in.get();
            }
            in.get();
            lineBase = in.get();
            lineRange = Math.max(1, Byte.toUnsignedInt(in.get()));
            operands = new byte[Math.max(0, Byte.toUnsignedInt(in.get()) - 1)];
            in.get(operands);
            List<String> folders = new ArrayList<>();
            for (String folder = string(); !folder.isEmpty(); folder = string()) {
                folders.add(folder);
            }
            for (String name = string(); !name.isEmpty(); name = string()) {
                readFile(name, folders);
            }
        }

        private void readFile(String name, List<String> folders) {
            long folder = unsigned();
            unsigned();
            long bytes = unsigned();
            files.add(new File(folder >= 1 && folder <= folders.size()
                    ? plain(folders.get((int) folder - 1) + "/" + name)
                    : plain(name), bytes));
        }

        private void special(int adjusted) {
            address += (long) (adjusted / lineRange) * step;
            line += lineBase + adjusted % lineRange;
            keep();
        }

        private void standard(int operation) {
            switch (operation) {
                case 1 -> keep();
                case 2 -> address += unsigned() * step;
                case 3 -> line += (int) signed();
                case 4 -> file = (int) unsigned();
                case 8 -> address += (long) ((255 - operands.length - 1) / lineRange) * step;
                case 9 -> address += Short.toUnsignedInt(in.getShort());
                default -> {
                    for (int i = 0; i < operands[operation - 1]; i++) {
                        unsigned();
                    }
                }
            }
        }

        private void extended() {
            long length = unsigned();
            if (length == 0) {
                return;
            }
            if (length < 0 || length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            int end = in.position() + (int) length;
            switch (Byte.toUnsignedInt(in.get())) {
                case 1 -> {
                    function.ifPresent(f -> of(f).put((int) address, Optional.empty()));
                    function = Optional.empty();
                    address = 0;
                    file = 1;
                    line = 1;
                }
                case 2 -> {
                    function = Optional.ofNullable(functions.get(start + in.position()));
                    address = length == 9 ? in.getLong() : 0;
                }
                default -> {
                    // such as a call's place where it was inlined
                }
            }
            in.position(end);
        }

        private void keep() {
            if (file >= 1 && file <= files.size() && address >= 0 && address <= Integer.MAX_VALUE) {
                File in = files.get(file - 1);
                function.ifPresent(f -> of(f).put((int) address, line > 0
                        ? Optional.of(new Line(in.path(), line, in.bytes()))
                        : Optional.empty()));
            }
        }

        private NavigableMap<Integer, Optional<Line>> of(String name) {
            return lines.computeIfAbsent(name, _ -> new TreeMap<>());
        }

        private String string() {
            int from = in.position();
            int length = 0;
            while (in.get() != 0) {
                length++;
            }
            byte[] bytes = new byte[length];
            in.get(from, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private long unsigned() {
            long value = 0;
            int shift = 0;
            byte b;
            do {
                b = in.get();
                value |= shift < 64 ? (b & 0x7FL) << shift : 0;
                shift += 7;
            } while (b < 0);
            return value;
        }

        private long signed() {
            long value = 0;
            int shift = 0;
            byte b;
            do {
                b = in.get();
                value |= shift < 64 ? (b & 0x7FL) << shift : 0;
                shift += 7;
            } while (b < 0);
            return (b & 0x40) != 0 && shift < 64 ? value | -1L << shift : value;
        }
    }
}
