package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.moelab.traces.model.StringTable;

/// The database's table of strings, and the place of those that are used in the trace's own.
final class NsysStrings {
    /// Longer strings are the profiled program's output, never a name.
    private static final int LONGEST_NAME = 1 << 16;
    private static final String TABLE = "StringIds";

    private final Map<Long, String> texts = new HashMap<>();
    private final Map<Long, Integer> names = new HashMap<>();
    private final Map<Long, Integer> callNames = new HashMap<>();
    private final StringTable.Builder strings;
    private long missing;

    private NsysStrings(StringTable.Builder strings) {
        this.strings = strings;
    }

    /// Reads the strings of a database. What the profiled program printed is stored there too and is left alone.
    static NsysStrings read(NsysDatabase database, StringTable.Builder strings) throws SQLException {
        NsysStrings read = new NsysStrings(strings);
        String condition = "length(value) <= " + LONGEST_NAME
                + (database.has("ProcessStreams", "contentId")
                        ? " AND id NOT IN (SELECT contentId FROM ProcessStreams WHERE contentId IS NOT NULL)"
                        : "");
        if (database.has(TABLE, "id") && database.has(TABLE, "value")) {
            try (Rows rows = database.query(TABLE, condition, "id", "value")) {
                while (rows.next()) {
                    read.texts.put(rows.number("id"), rows.text("value"));
                }
            }
        }
        return read;
    }

    /// The string of an id, or what `absent` makes of an id that has none.
    String text(long id, UnaryOperator<String> absent) {
        String text = texts.get(id);
        return text == null ? absent.apply("string " + id) : text;
    }

    boolean has(long id) {
        return texts.containsKey(id);
    }

    /// The trace's index of a string; an id that has none gets a name of its own and is counted.
    int name(long id) {
        Integer known = names.get(id);
        if (known != null) {
            return known;
        }
        int index = intern(text(id, this::unnamed));
        names.put(id, index);
        return index;
    }

    /// The trace's index of the name of an API call. As in `nsys stats` a version of four digits is cut off:
    /// `cudaLaunchKernel_v7000` is `cudaLaunchKernel`, and `cudaGraphLaunch_v10000` stays.
    int callName(long id) {
        Integer known = callNames.get(id);
        if (known != null) {
            return known;
        }
        int index = intern(withoutVersion(text(id, this::unnamed)));
        callNames.put(id, index);
        return index;
    }

    /// The trace's index of a string of our own.
    int intern(String text) {
        return strings.intern(text);
    }

    /// How many ids that events use have no string.
    long missing() {
        return missing;
    }

    private String unnamed(String label) {
        missing++;
        return "(" + label + ")";
    }

    private static String withoutVersion(String call) {
        int at = call.length() - 6;
        return at >= 0 && call.startsWith("_v", at) ? call.substring(0, at) : call;
    }
}
