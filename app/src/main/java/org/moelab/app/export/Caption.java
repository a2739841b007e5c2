package org.moelab.app.export;

import java.time.LocalDate;

/// Where an exported picture comes from: written below its title and into the file's metadata.
///
/// @param source the recording's file name, or several
/// @param measured how it was measured: `Nsight Systems 2025.3.1`, and the time range where it is not the whole
/// @param date the day of the export
public record Caption(String source, String measured, LocalDate date) {
    /// The line below the title.
    public String line() {
        return source + " · " + measured + " · " + date;
    }
}
