package org.moelab.traces.nsys;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.moelab.traces.FileProbe;
import org.moelab.traces.FileProbe.Compression;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;

/// A capture as a SQLite file: the file itself, or a copy in a folder of its own that is deleted on closing.
final class PlainDatabase implements AutoCloseable {
    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPORT = "NVIDIA Tegra Profiler Report".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final boolean copied;

    private PlainDatabase(Path path, boolean copied) {
        this.path = path;
        this.copied = copied;
    }

    static boolean isSqlite(FileProbe probe) {
        return probe.startsWith(SQLITE);
    }

    static boolean isReport(FileProbe probe) {
        return probe.startsWith(REPORT);
    }

    /// Makes a SQLite file of what the probe found, unpacking and exporting as needed.
    ///
    /// @throws TraceReadException where it unpacks to more than the options allow, or `nsys` is needed and missing
    static PlainDatabase of(FileProbe probe, Supplier<Optional<NsysTool>> nsys, ImportOptions options,
            ImportMonitor monitor) throws TraceReadException {
        if (isSqlite(probe) && probe.compression() == Compression.NONE) {
            return new PlainDatabase(probe.file(), false);
        }
        PlainDatabase copy = new PlainDatabase(newFolder(probe).resolve("capture.sqlite"), true);
        boolean done = false;
        try {
            if (isSqlite(probe)) {
                unpack(probe, copy.path, options, monitor);
            } else {
                export(probe, nsys, copy.path, options, monitor);
            }
            done = true;
            return copy;
        } finally {
            if (!done) {
                copy.close();
            }
        }
    }

    private static Path newFolder(FileProbe probe) throws TraceReadException {
        try {
            return Files.createTempDirectory("moelab-nsys-" + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new TraceReadException(probe.file(), "no temporary folder to unpack it into: " + e.getMessage(), e);
        }
    }

    private static void export(FileProbe probe, Supplier<Optional<NsysTool>> nsys, Path target, ImportOptions options,
            ImportMonitor monitor)
            throws TraceReadException {
        NsysTool tool = nsys.get()
                .orElseThrow(() -> new TraceReadException(probe.file(),
                        "a .nsys-rep report opens only through nsys; nsys was not found (PATH, " + NsysTool.VARIABLE
                                + ", /opt/nvidia): where it is installed, run " + NsysTool.command(probe.file())));
        Path report = probe.file();
        if (probe.compression() != Compression.NONE) {
            report = target.resolveSibling("capture.nsys-rep");
            unpack(probe, report, options, monitor);
        }
        tool.export(report, target, monitor);
        delete(target.resolveSibling("nsys.log"));
        delete(target.resolveSibling("capture.nsys-rep"));
    }

    private static void unpack(FileProbe probe, Path target, ImportOptions options, ImportMonitor monitor)
            throws TraceReadException {
        monitor.update(Double.NaN, "unpacking");
        long limit = options.maxUnpackedBytes(probe.size());
        try (InputStream raw = Files.newInputStream(probe.file());
                InputStream in = Recordings.unpack(raw, probe.compression());
                OutputStream out = Files.newOutputStream(target)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            int n;
            while ((n = in.read(buffer)) > 0) {
                monitor.checkCancelled();
                total += n;
                if (total > limit) {
                    throw new TraceReadException(probe.file(),
                            "unpacks to more than " + limit + " bytes, which no recording of its size does");
                }
                out.write(buffer, 0, n);
            }
        } catch (java.io.EOFException | java.util.zip.ZipException _) {
            // what came out before the damage is a truncated database, which is read as far as it goes
        } catch (IOException e) {
            throw new TraceReadException(probe.file(), "cannot be unpacked: " + e.getMessage(), e);
        }
    }

    /// Has the copy deleted when the program ends, if it is not closed before.
    void deleteOnExit() {
        Path folder = path.getParent();
        if (copied && folder != null) {
            folder.toFile().deleteOnExit();
            path.toFile().deleteOnExit();
        }
    }

    /// The SQLite file.
    Path path() {
        return path;
    }

    @Override
    public void close() {
        Path folder = path.getParent();
        if (!copied || folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(PlainDatabase::delete);
        } catch (IOException | UncheckedIOException _) {
            // then the folder stays too, and the system clears its temporary files
        }
        delete(folder);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // the system clears its temporary files; what was wanted of this one has been read
        }
    }
}
