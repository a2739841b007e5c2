package org.moelab.traces.kineto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The names of the members of an event, and of its arguments, that columns are made from. Each is kept as words, so that
/// eight bytes of text are compared at once; the closing quote belongs to them, so that no name matches the beginning of a
/// longer one.
enum MemberName {
    OTHER(""), PHASE("ph"), CATEGORY("cat"), NAME("name"), PID("pid"), TID("tid"), TIME("ts"), DURATION("dur"), ARGS(
            "args"), ID("id"), ID2("id2"), SCOPE("s"),
    // what follows stands within args
    EXTERNAL_ID("External id"), EXTERNAL_ID_2021("external id"), CORRELATION("correlation"), CORRELATION_ID(
            "correlationId"), DEVICE("device"), CONTEXT("context"), STREAM("stream"), BYTES("bytes"), BANDWIDTH(
                    "memory bandwidth (GB/s)"), GRID("grid"), BLOCK("block"), REGISTERS(
                            "registers per thread"), SHARED_MEMORY("shared memory"), GRAPH_NODE(
                                    "graph node id"), MEMORY_BYTES("Bytes"), TOTAL_ALLOCATED(
                                            "Total Allocated"), TOTAL_RESERVED("Total Reserved"), DEVICE_TYPE(
                                                    "Device Type"), DEVICE_ID(
                                                            "Device Id"), OPERATION("operation"), OPERATION_KIND(
                                                                    "operation kind"), DOMAIN("domain"), LABELS(
                                                                            "labels"), SORT_INDEX("sort_index");

    private static final MemberName[][] BY_FIRST_BYTE = new MemberName[256][0];

    static {
        for (MemberName name : values()) {
            int firstByte = (int) (name.first & 0xFF);
            BY_FIRST_BYTE[firstByte] = append(BY_FIRST_BYTE[firstByte], name);
        }
    }

    private final long first;
    private final long second;
    private final long third;
    private final long lastMask;
    private final int length;

    /// @param name at most 23 bytes
    MemberName(String name) {
        byte[] text = (name + '"').getBytes(StandardCharsets.US_ASCII);
        length = text.length;
        first = word(text, 0);
        second = word(text, 8);
        third = word(text, 16);
        lastMask = length % 8 == 0 ? -1L : (1L << length % 8 * 8) - 1;
    }

    private static long word(byte[] text, int from) {
        long word = 0;
        for (int i = from; i < Math.min(text.length, from + 8); i++) {
            word |= (text[i] & 0xFFL) << (i - from) * 8;
        }
        return word;
    }

    private static MemberName[] append(MemberName[] names, MemberName name) {
        MemberName[] longer = Arrays.copyOf(names, names.length + 1);
        longer[names.length] = name;
        return longer;
    }

    /// Reads a member's name with its colon and leaves the cursor on its value; [#OTHER] for a name not listed here.
    static MemberName read(JsonCursor cursor) throws JsonFault {
        if (cursor.peek() != '"') {
            throw cursor.fault("the name of a member");
        }
        int at = cursor.position() + 1;
        long word = cursor.word(at);
        for (MemberName name : BY_FIRST_BYTE[(int) (word & 0xFF)]) {
            if (name.matches(cursor, at, word)) {
                cursor.moveTo(at + name.length);
                cursor.expect(':', "':' after the name of a member");
                cursor.peek();
                return name;
            }
        }
        cursor.memberName();
        return OTHER;
    }

    private boolean matches(JsonCursor text, int at, long word) {
        if (length <= 8) {
            return (word & lastMask) == first;
        }
        if (word != first || at + length > text.limit()) {
            return false;
        }
        if (length <= 16) {
            return (text.word(at + 8) & lastMask) == second;
        }
        return text.word(at + 8) == second && (text.word(at + 16) & lastMask) == third;
    }
}
