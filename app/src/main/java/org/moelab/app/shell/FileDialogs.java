package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Asks the person for files. An interface, because the system's dialogs need a display.
public interface FileDialogs {
    /// The kind of a file to be written.
    ///
    /// @param title what people call it
    /// @param extension the ending of its name, without the dot
    record FileKind(String title, String extension) {}

    /// Recordings to open; none where the person changed their mind.
    List<Path> recordings();

    /// A run directory to open; none where the person changed their mind.
    Optional<Path> run();

    /// A folder to read from or to write into; none where the person changed their mind.
    ///
    /// @param title what it is for
    default Optional<Path> folder(String title) {
        return Optional.empty();
    }

    /// Where to write a file.
    ///
    /// @param title what is written
    /// @param name a name to start from, with its ending
    /// @param kinds the kinds to choose among, the usual first
    Optional<Path> target(String title, String name, List<FileKind> kinds);
}
