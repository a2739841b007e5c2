package org.moelab.traces.export;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/// Writes a file whole or not at all: the content goes to a temporary neighbour, which takes the file's name once it is
/// complete. Where writing fails or is cancelled, a file that was there before stays as it was.
public final class WholeFile {
    private WholeFile() {
    }

    /// Writes content to a sink.
    ///
    /// @param <S> the sink
    @FunctionalInterface
    public interface Content<S> {
        void writeTo(S sink) throws IOException;
    }

    /// Writes UTF-8 text.
    ///
    /// @throws IOException where the file or its folder cannot be written
    public static void writeText(Path file, Content<? super Writer> content) throws IOException {
        writeBytes(file, out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
            content.writeTo(writer);
            writer.flush();
        });
    }

    /// Writes bytes. Where the path names something that is not a plain file, such as a pipe or `/dev/stdout`, they go
    /// straight into it.
    ///
    /// @throws IOException where the file or its folder cannot be written; it names the file
    public static void writeBytes(Path file, Content<? super OutputStream> content) throws IOException {
        try {
            write(file, content);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) { // a stream does not tell its file
            FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static void write(Path file, Content<? super OutputStream> content) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a directory");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                content.writeTo(out);
            }
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(file.toString(), null, "no such folder: " + folder);
        }
        Path part = folder.resolve(
                "." + target.getFileName() + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        part.toFile().deleteOnExit(); // where the process is ended in between
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 1 << 16)) {
                content.writeTo(out);
            }
            replace(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void replace(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
