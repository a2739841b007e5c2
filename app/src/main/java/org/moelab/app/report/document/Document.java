package org.moelab.app.report.document;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// A report, independent of the file that it becomes.
///
/// @param title what it is about
/// @param subtitle what ran where, in a line
/// @param warning what keeps it from being whole; empty where it is
/// @param made by what it was made, and from what
/// @param date when
public record Document(String title, String subtitle, Optional<String> warning, String made, LocalDate date,
        List<Section> sections) {
    public Document {
        sections = List.copyOf(sections);
    }

    /// The last line of every format.
    public String imprint() {
        return made + " · " + date;
    }
}
