package org.moelab.app.cli;

import java.util.Locale;

/// Text from files and messages, made fit for a line of a terminal.
final class PlainText {
    private PlainText() {
    }

    /// An enum constant as words: `RUNTIME_CALL` is a runtime call.
    static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// A message in one line.
    static String oneLine(String text) {
        return printable(text.strip().replaceAll("\\R+\\s*", "; "));
    }

    /// The text with blanks in place of control characters, which would move the terminal's cursor, or worse.
    static String printable(String text) {
        return text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
