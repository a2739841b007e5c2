package org.moelab.traces.kineto;

/// Guesses where an event begins near the end of a buffer. A guess can be wrong, inside a string or a nested array; the
/// parser finds that out.
final class Cut {
    private static final String[] FIRST_MEMBERS = { "\"ph\"", "\"name\"", "\"cat\"", "\"pid\"", "\"tid\"", "\"ts\"",
            "\"args\"", "\"id\"", "\"dur\"" };

    private Cut() {
    }

    /// The index of the brace that begins the last event in a stretch, or -1 where no event but the first seems to begin.
    static int last(byte[] bytes, int from, int to) {
        int likely = last(bytes, from, to, true);
        return likely >= 0 ? likely : last(bytes, from, to, false);
    }

    private static int last(byte[] bytes, int from, int to, boolean known) {
        for (int i = to - 1; i > from; i--) {
            if (bytes[i] == '{' && followsAnEvent(bytes, from, i) && beginsAnEvent(bytes, i + 1, to, known)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean followsAnEvent(byte[] bytes, int from, int brace) {
        int comma = brace - 1;
        while (comma > from && isSpace(bytes[comma])) {
            comma--;
        }
        int end = comma - 1;
        while (end > from && isSpace(bytes[end])) {
            end--;
        }
        return end > from && bytes[comma] == ',' && bytes[end] == '}';
    }

    private static boolean beginsAnEvent(byte[] bytes, int first, int to, boolean known) {
        int quote = first;
        while (quote < to && isSpace(bytes[quote])) {
            quote++;
        }
        if (quote == to || bytes[quote] != '"') {
            return false;
        }
        if (!known) {
            return true;
        }
        for (String member : FIRST_MEMBERS) {
            if (startsWith(bytes, quote, to, member)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int at, int to, String text) {
        if (at + text.length() > to) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
