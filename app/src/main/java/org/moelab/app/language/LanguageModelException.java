package org.moelab.app.language;

/// A language model could not be asked, or did not answer. The message is one line for people and holds no key.
public final class LanguageModelException extends Exception {
    private static final long serialVersionUID = 1L;

    LanguageModelException(String line) {
        super(line);
    }

    LanguageModelException(String line, Throwable cause) {
        super(line, cause);
    }
}
