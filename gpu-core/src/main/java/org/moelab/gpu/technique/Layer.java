package org.moelab.gpu.technique;

/// A rung of the ladder: its own techniques and all of those below.
///
/// @param number 0 for the baseline, to 6
/// @param name what people call it
/// @param chapters the chapters of the outline that it covers; empty for the baseline
/// @param summary what it is about, in a sentence
public record Layer(int number, String name, String chapters, String summary) {
    /// How a command line names it: `baseline`, `1` … `6`.
    public String id() {
        return number == 0 ? "baseline" : Integer.toString(number);
    }
}
