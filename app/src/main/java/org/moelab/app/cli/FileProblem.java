package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/// What a user reads when a file or folder cannot be written.
final class FileProblem {
    private FileProblem() {
    }

    /// The file and what is wrong with it, in one line.
    static String describe(IOException problem) {
        if (!(problem instanceof FileSystemException f) || f.getFile() == null) {
            return Objects.requireNonNullElse(problem.getMessage(), problem.toString());
        }
        return f.getFile() + ": " + Objects.requireNonNullElseGet(f.getReason(), () -> reason(f));
    }

    private static String reason(FileSystemException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "is in the way: a folder was expected";
            case NotDirectoryException _ -> "is not a folder";
            default -> problem.toString();
        };
    }
}
