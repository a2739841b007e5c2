package org.moelab.traces.nsys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.moelab.traces.FileProbe;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;

/// The database that details were last read from. Details are asked for one event after the other, and unpacking or
/// exporting the file anew for each would take seconds: its copy is kept until another file's details are asked for, or
/// the program ends.
final class KeptCopy {
    private static @Nullable KeptCopy last;

    private final Path file;
    private final long size;
    private final FileTime modified;
    private final PlainDatabase database;

    private KeptCopy(Path file, long size, FileTime modified, PlainDatabase database) {
        this.file = file;
        this.size = size;
        this.modified = modified;
        this.database = database;
    }

    /// Reads from a database.
    @FunctionalInterface
    interface Use<T> {
        T of(Path database) throws TraceReadException;
    }

    /// Reads from a file's database. One use at a time: a copy is not replaced while it is read.
    static synchronized <T> T with(Path file, Supplier<Optional<NsysTool>> nsys, Use<T> use) throws TraceReadException {
        KeptCopy copy = last;
        if (copy == null || !copy.isOf(file)) {
            if (copy != null) {
                last = null;
                copy.database.close();
            }
            copy = make(file, nsys);
            last = copy;
        }
        return use.of(copy.database.path());
    }

    private static KeptCopy make(Path file, Supplier<Optional<NsysTool>> nsys) throws TraceReadException {
        FileProbe probe = Recordings.probe(file);
        PlainDatabase database = PlainDatabase.of(probe, nsys, ImportOptions.DEFAULT, ImportMonitor.NONE);
        database.deleteOnExit();
        try {
            return new KeptCopy(file, probe.size(), Files.getLastModifiedTime(file), database);
        } catch (IOException e) {
            database.close();
            throw new TraceReadException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private boolean isOf(Path other) {
        try {
            return file.equals(other) && Files.size(other) == size && Files.getLastModifiedTime(other).equals(modified);
        } catch (IOException _) {
            return false;
        }
    }
}
