package org.moelab.app.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a run directory for one run: a lock on a file in it, which the system takes back however the process ends. Made folders
/// that nothing was put into are taken back, too.
final class RunLock implements AutoCloseable {
    private static final String NAME = ".lock";

    private static final int ATTEMPTS = 3;
    /// The folders that runs of this very process have.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path held;
    private final Path file;
    private final FileChannel channel;
    private final Deque<Path> made;

    private RunLock(Path folder, Path held, FileChannel channel, Deque<Path> made) {
        this.folder = folder;
        this.held = held;
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
                .orElseThrow(
                        () -> new CommandFailure(folder + ": another run is writing into it; name another folder"));
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
        Path held = folder.toRealPath();
        if (!HELD.add(held)) {
            return Optional.empty(); // and untouched: a process that closes a file gives back all its locks on it
        }
        Optional<FileChannel> channel = Optional.empty();
        try {
            for (int attempt = 0; attempt < ATTEMPTS && channel.isEmpty(); attempt++) {
                channel = lock(folder.resolve(NAME));
            }
            return channel.map(locked -> new RunLock(folder, held, locked, made));
        } finally {
            if (channel.isEmpty()) {
                HELD.remove(held);
            }
        }
    }

    /// Locks a file that keeps its name: the run before takes its file away in the end, and whoever opened it before that would
    /// lock what nobody sees.
    private static Optional<FileChannel> lock(Path file) throws IOException {
        Optional<Object> before = key(file);
        if (before.isEmpty()) {
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException _) {
                return Optional.empty(); // another run has begun in between
            }
            before = key(file);
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (NoSuchFileException _) {
            return Optional.empty(); // the run before has just ended
        }
        boolean locked = false;
        try {
            locked = Optional.ofNullable(channel.tryLock()).isPresent() && before.isPresent()
                    && before.equals(key(file));
            return locked ? Optional.of(channel) : Optional.empty();
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    /// What tells a file from another of the same name; empty where there is none.
    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// The folder.
    Path folder() {
        return folder;
    }

    /// Takes the file of the lock away as the process ends, which gives the lock back.
    void abandon() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // it stays, and locks nothing
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file); // before the lock is given back: nobody else has the folder until then
        channel.close();
        HELD.remove(held);
        for (Path path : made) {
            try {
                Files.delete(path);
            } catch (DirectoryNotEmptyException | NoSuchFileException _) {
                break; // a run was kept in it
            }
        }
    }
}
