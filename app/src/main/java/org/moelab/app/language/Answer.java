package org.moelab.app.language;

/// What a language model wrote.
///
/// @param text its text
/// @param model as the endpoint names it, else as it was asked for
/// @param host of the endpoint
/// @param cut whether it was cut off at its longest
public record Answer(String text, String model, String host, boolean cut) {
    /// What every text by a language model is marked with.
    public static final String MARK = "Written by a language model, not measured";

    /// The mark with who wrote it.
    public String mark() {
        return MARK + " (" + model + " at " + host + (cut ? "; cut off" : "") + ")";
    }
}
