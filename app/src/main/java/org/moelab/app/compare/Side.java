package org.moelab.app.compare;

import java.nio.file.Path;
import java.util.Optional;

import org.moelab.traces.model.Recording;

/// A recording that can be compared.
///
/// @param file what it is opened from
/// @param name what people call it
/// @param recording what was read; empty as long as it is not open
public record Side(Path file, String name, Optional<Recording> recording) {
    /// Whether a path means its file.
    public boolean isOf(Path path) {
        return file.toAbsolutePath().normalize().equals(path.toAbsolutePath().normalize());
    }
}
