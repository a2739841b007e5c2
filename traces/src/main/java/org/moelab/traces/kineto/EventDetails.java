package org.moelab.traces.kineto;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

import org.moelab.traces.FileProbe;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;

/// Reads one event again from its file, whole.
final class EventDetails {
    private static final int FIRST_READ = 1 << 16;
    private static final int MAX_EVENT_BYTES = 1 << 28;
    private static final int MAX_VALUE_BYTES = 1 << 20;

    private final JsonCursor cursor;
    private final SequencedMap<String, String> facts = new LinkedHashMap<>();

    private EventDetails(JsonCursor cursor) {
        this.cursor = cursor;
    }

    /// Every member of the event, then every argument, by the producer's names. Text is given unescaped, a nested value as
    /// its JSON without needless white space. An argument named like a member gets `args.` before its name.
    ///
    /// @param place byte offset of the event in the unpacked text
    /// @param name the event's name, to recognise it by
    /// @throws TraceReadException where the file is gone, or holds another event there
    static SequencedMap<String, String> read(Path file, long place, String name) throws TraceReadException {
        FileProbe probe = Recordings.probe(file);
        try (PackedText text = new PackedText(file, probe.compression(), Long.MAX_VALUE)) {
            text.skip(place);
            byte[] bytes = new byte[0];
            int length = 0;
            while (true) {
                int size = Math.max(FIRST_READ, length * 4);
                bytes = Arrays.copyOf(bytes, size + JsonCursor.PADDING);
                length += text.fill(bytes, length, size - length);
                EventDetails details = new EventDetails(new JsonCursor(bytes, 0, length));
                try {
                    details.read();
                    if (!details.facts.getOrDefault("name", "").equals(name)) {
                        throw changed(file, place);
                    }
                    return details.facts;
                } catch (JsonFault e) {
                    if (!e.atEnd() || length < size || length > MAX_EVENT_BYTES) {
                        throw changed(file, place);
                    }
                }
            }
        }
    }

    private static TraceReadException changed(Path file, long place) {
        return new TraceReadException(file,
                "byte " + place + ": expected an event that was there: the file changed since it was read");
    }

    private void read() throws JsonFault {
        if (cursor.peek() != '{') {
            throw cursor.fault("an event");
        }
        SequencedMap<String, String> arguments = new LinkedHashMap<>();
        cursor.forEachMember(member -> {
            if (member.equals("args") && cursor.peek() == '{') {
                cursor.forEachMember(argument -> arguments.put(argument, value()));
            } else {
                facts.put(member, value());
            }
        });
        arguments.forEach((argument, value) -> facts
                .put(facts.containsKey(argument) ? "args." + argument : argument, value));
    }

    private String value() throws JsonFault {
        int next = cursor.peek();
        int from = cursor.position();
        if (next == '"') {
            cursor.string();
            return cursor.stringText();
        }
        cursor.skipValue();
        int to = Math.min(cursor.position(), from + MAX_VALUE_BYTES);
        return compact(new String(cursor.bytes(), from, to - from, StandardCharsets.UTF_8));
    }

    /// Takes white space out, but for one space behind a comma or colon, outside of strings.
    private static String compact(String json) {
        StringBuilder out = new StringBuilder(json.length());
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString && c == '\\' && i + 1 < json.length()) {
                out.append(c).append(json.charAt(++i));
                continue;
            }
            inString ^= c == '"';
            if (inString || c > ' ') {
                out.append(c);
            }
            if (!inString && (c == ',' || c == ':')) {
                out.append(' ');
            }
        }
        return out.toString();
    }
}
