package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.moelab.traces.model.Warning;

/// Warnings as they come up while reading, counted by code.
final class Findings {
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Map<String, String> messages = new LinkedHashMap<>();

    /// Notes one more of a kind.
    ///
    /// @param message a format for the count: `%d metrics are not numbers`; the first one given for a code stays
    void add(String code, String message) {
        counts.merge(code, 1L, Long::sum);
        messages.putIfAbsent(code, message);
    }

    /// Notes something that happens once and names its place.
    void once(String code, String message) {
        add(code, message.replace("%", "%%"));
    }

    List<Warning> warnings() {
        List<Warning> list = new ArrayList<>();
        counts.forEach((code, count) -> list
                .add(new Warning(code, count, String.format(Locale.ROOT, messages.get(code), count))));
        return list;
    }
}
