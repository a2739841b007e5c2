package org.moelab.app.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;

/// Keeps a run directory for one run: a lock on a file in it, which the system takes back however the process ends. Made folders
/// that nothing was put into are taken back, too.
final class RunLock implements AutoCloseable {
    private static final String NAME = ".lock";

    private final Path folder;
    private final Path file;
    private final FileChannel channel;
    private final Deque<Path> made;

    private RunLock(Path folder, FileChannel channel, Deque<Path> made) {
        this.folder = folder;
        this.file = folder.resolve(NAME);
        this.channel = channel;
        this.made = made;
    }

    /// Takes a folder, which is made where it is missing.
    ///
    /// @throws CommandFailure where another run has it
    static RunLock take(Path folder) throws IOException, CommandFailure {
        Deque<Path> made = make(folder);
        return lock(folder, made)
                .orElseThrow(() -> new CommandFailure(folder + ": another run is writing into it; name another folder"));
    }

    /// Takes a new folder of this name, with a number behind it where there is one already.
    static RunLock takeNew(Path wanted) throws IOException, CommandFailure {
        for (int number = 1;; number++) {
            Path folder = number == 1 ? wanted : wanted.resolveSibling(wanted.getFileName() + "-" + number);
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException _) {
                continue; // another run's of the same second
            }
            Deque<Path> made = new ArrayDeque<>();
            made.push(folder);
            Optional<RunLock> lock = lock(folder, made);
            if (lock.isPresent()) {
                return lock.get();
            }
        }
    }

    /// The missing folders of a path, made; the innermost first.
    private static Deque<Path> make(Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = folder.toAbsolutePath(); path != null && Files.notExists(path); path = path.getParent()) {
            missing.addLast(path);
        }
        Files.createDirectories(folder);
        return missing;
    }

    private static Optional<RunLock> lock(Path folder, Deque<Path> made) throws IOException {
        Path file = folder.resolve(NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = hold(channel) && isStill(channel, file);
            return locked ? Optional.of(new RunLock(folder, channel, made)) : Optional.empty();
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static boolean hold(FileChannel channel) throws IOException {
        try {
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            return lock.isPresent();
        } catch (OverlappingFileLockException _) {
            return false; // a run of this very process
        }
    }

    /// Whether the name still stands for what was locked: the run before takes its file away in the end, and whoever opened it
    /// before that would lock what nobody sees.
    private static boolean isStill(FileChannel channel, Path file) throws IOException {
        byte[] mine = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mine), 0);
        try {
            return Arrays.equals(mine, Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /// The folder.
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file); // before the lock is given back: nobody else has the folder until then
        channel.close();
        for (Path path : made) {
            try {
                Files.delete(path);
            } catch (DirectoryNotEmptyException | NoSuchFileException _) {
                break; // a run was kept in it
            }
        }
    }
}
