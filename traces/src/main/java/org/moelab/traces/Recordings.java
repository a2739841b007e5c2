package org.moelab.traces;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.moelab.traces.FileProbe.Compression;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TraceMerge;

import com.github.luben.zstd.ZstdInputStream;

/// Opens files as recordings: the importer is chosen by content, never by name.
public final class Recordings {
    private static final int HEAD_BYTES = 1 << 16;

    private Recordings() {
    }

    /// Reads a file with the importer that recognises it.
    ///
    /// @throws TraceReadException where the file cannot be read or no importer knows its content
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    public static Recording open(Path file, ImportOptions options, ImportMonitor monitor) throws TraceReadException {
        FileProbe probe = probe(file);
        return importerOf(probe).read(probe, options, monitor);
    }

    /// Reads several files as one recording: the ranks of a job, say. See [TraceMerge] for how they are put together.
    ///
    /// @param files at least one
    /// @throws TraceReadException where one cannot be read, or where they are not timelines of one format
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    public static Recording openAll(List<Path> files, ImportOptions options, ImportMonitor monitor)
            throws TraceReadException {
        if (files.size() == 1) {
            return open(files.getFirst(), options, monitor);
        }
        List<Trace> traces = new ArrayList<>();
        Set<TraceFormat> formats = Set.of();
        for (Path file : files) {
            FileProbe probe = probe(file);
            TraceImporter importer = importerOf(probe);
            if (!traces.isEmpty() && !importer.formats().equals(formats)) {
                throw new TraceReadException(file,
                        "is a " + importer.format().title() + " file and cannot be put together with "
                                + files.getFirst() + ", which is another kind");
            }
            formats = importer.formats();
            double done = (double) traces.size() / files.size();
            Recording recording = importer.read(probe, options, part(monitor, done, 1.0 / files.size()));
            if (!(recording instanceof Trace trace)) {
                throw new TraceReadException(file, "holds no timeline; only timelines can be put together");
            }
            traces.add(trace);
        }
        return TraceMerge.merge(traces);
    }

    private static ImportMonitor part(ImportMonitor whole, double from, double share) {
        return new ImportMonitor() {
            @Override
            public void update(double fraction, String phase) {
                whole.update(Double.isNaN(fraction) ? fraction : from + fraction * share, phase);
            }

            @Override
            public boolean isCancelled() {
                return whole.isCancelled();
            }
        };
    }

    /// The importer that gives recordings of a format.
    public static TraceImporter importer(TraceFormat format) {
        return importers().stream().filter(i -> i.formats().contains(format)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no importer for " + format));
    }

    private static List<TraceImporter> importers() {
        return ServiceLoader.load(TraceImporter.class).stream().map(ServiceLoader.Provider::get).toList();
    }

    private static TraceImporter importerOf(FileProbe probe) throws TraceReadException {
        return importers().stream().filter(i -> i.mayRead(probe)).max(Comparator.comparingInt(TraceImporter::rank))
                .orElseThrow(() -> new TraceReadException(probe.file(),
                        "not a recording that MoE Lab knows (Nsight Systems .sqlite or .nsys-rep, Nsight Compute .ncu-rep or .csv, PyTorch profiler or Chrome trace .json)"));
    }

    /// Looks at the beginning of a file.
    ///
    /// @throws TraceReadException where it is missing, empty, a directory or cannot be read
    public static FileProbe probe(Path file) throws TraceReadException {
        if (Files.isDirectory(file)) {
            throw new TraceReadException(file, "is a directory; name the files in it");
        }
        try {
            byte[] raw;
            try (InputStream in = Files.newInputStream(file)) {
                raw = in.readNBytes(HEAD_BYTES);
            }
            if (raw.length == 0) {
                throw new TraceReadException(file, "is empty");
            }
            long size = Files.size(file);
            Compression compression = compressionOf(raw);
            byte[] head = compression == Compression.NONE ? raw : unpackHead(file, raw, compression);
            return new FileProbe(file, size, compression, head);
        } catch (NoSuchFileException e) {
            throw new TraceReadException(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw new TraceReadException(file, "permission denied", e);
        } catch (IOException e) {
            throw new TraceReadException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /// Unpacks a stream by the compression that the probe found.
    public static InputStream unpack(InputStream raw, Compression compression) throws IOException {
        return switch (compression) {
            case NONE -> raw;
            case GZIP -> new GZIPInputStream(raw, 1 << 16);
            case ZSTD -> new ZstdInputStream(raw);
        };
    }

    private static Compression compressionOf(byte[] raw) {
        if (raw.length >= 2 && (raw[0] & 0xFF) == 0x1F && (raw[1] & 0xFF) == 0x8B) {
            return Compression.GZIP;
        }
        if (raw.length >= 4 && (raw[0] & 0xFF) == 0x28 && (raw[1] & 0xFF) == 0xB5 && raw[2] == 0x2F
                && (raw[3] & 0xFF) == 0xFD) {
            return Compression.ZSTD;
        }
        return Compression.NONE;
    }

    private static byte[] unpackHead(Path file, byte[] raw, Compression compression) throws TraceReadException {
        byte[] head = new byte[HEAD_BYTES];
        int filled = 0;
        try (InputStream in = unpack(new ByteArrayInputStream(raw), compression)) {
            int n;
            while (filled < head.length && (n = in.read(head, filled, head.length - filled)) > 0) {
                filled += n;
            }
        } catch (EOFException _) {
            // the packed head ends in the middle of a block: what came out so far is enough to recognise it
        } catch (ZipException e) {
            throw new TraceReadException(file, "damaged gzip data: " + e.getMessage(), e);
        } catch (IOException e) {
            if (filled == 0) {
                throw new TraceReadException(file, "cannot be unpacked: " + e.getMessage(), e);
            }
        }
        if (filled == 0) {
            throw new TraceReadException(file, "is empty once unpacked, or cut off at its very start");
        }
        return Arrays.copyOf(head, filled);
    }
}
