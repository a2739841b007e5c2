package org.moelab.app.language;

/// What is sent, all of it.
///
/// @param instructions how to answer
/// @param summary the measurements in words
public record Question(String instructions, String summary) {
    /// Both, as a person is shown them.
    public String shown() {
        return instructions + "\n\n" + summary;
    }
}
