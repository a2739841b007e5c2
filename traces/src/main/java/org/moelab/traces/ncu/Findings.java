package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.moelab.traces.model.Warning;

/// Warnings as they come up while reading, counted by code.
final class Findings {
    private static final Pattern CHOICE = Pattern.compile("\\{([^|{}]*)\\|([^|{}]*)}");

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, Message> messages = new LinkedHashMap<>();

    /// A format for a count of one, and one for any other.
    private record Message(String one, String many) {
        String of(long count) {
            return String.format(Locale.ROOT, count == 1 ? one : many, count);
        }
    }

    /// Notes one more of a kind.
    ///
    /// @param message a format for the count, with both forms where they differ: `%d {metric is|metrics are} not a number`; the
    ///                first one given for a code stays
    void add(String code, String message) {
        add(code, new Message(CHOICE.matcher(message).replaceAll("$1"), CHOICE.matcher(message).replaceAll("$2")));
    }

    /// Notes something that happens once and names its place.
    void once(String code, String message) {
        String format = message.replace("%", "%%");
        add(code, new Message(format, format));
    }

    private void add(String code, Message message) {
        counts.merge(code, 1L, Long::sum);
        messages.putIfAbsent(code, message);
    }

    List<Warning> warnings() {
        List<Warning> list = new ArrayList<>();
        messages.forEach((code, message) -> {
            long count = counts.getOrDefault(code, 0L);
            list.add(new Warning(code, count, message.of(count)));
        });
        return list;
    }
}
