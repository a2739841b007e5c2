package org.moelab.app.timeline;

/// A moment that a person marked.
///
/// @param timeNs on the trace's own clock
/// @param label the time as the ruler showed it
/// @param note what the person wrote, or the empty string
public record Mark(long timeNs, String label, String note) {
    /// What stands at it on the ruler.
    String text() {
        return note.isEmpty() ? label : note;
    }

    /// The same moment with another note.
    Mark noted(String text) {
        return new Mark(timeNs, label, text);
    }
}
