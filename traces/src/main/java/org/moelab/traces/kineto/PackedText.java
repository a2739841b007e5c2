package org.moelab.traces.kineto;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

import org.moelab.traces.FileProbe.Compression;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;

/// A file's text, unpacked while it is read. Packed data that breaks off or is damaged ends the text there; [#damage]
/// says so.
final class PackedText implements AutoCloseable {
    private static final int RAW_BUFFER = 1 << 18;

    private final Path file;
    private final Compression compression;
    private final long maxUnpackedBytes;
    private final Counted raw;
    private final InputStream in;
    private long unpacked;
    private String damage = "";

    /// Opens a file.
    ///
    /// @param maxUnpackedBytes refuse a packed file that unpacks to more
    PackedText(Path file, Compression compression, long maxUnpackedBytes) throws TraceReadException {
        this.file = file;
        this.compression = compression;
        this.maxUnpackedBytes = maxUnpackedBytes;
        try {
            raw = new Counted(Files.newInputStream(file));
            in = Recordings.unpack(raw, compression);
        } catch (NoSuchFileException e) {
            throw new TraceReadException(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw new TraceReadException(file, "permission denied", e);
        } catch (IOException e) {
            throw new TraceReadException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /// Fills a stretch of the buffer and gives how much of it; less than asked for only at the end of the text.
    int fill(byte[] buffer, int from, int length) throws TraceReadException {
        int filled = 0;
        try {
            while (filled < length) {
                int n = in.read(buffer, from + filled, length - filled);
                if (n < 0) {
                    break;
                }
                filled += n;
            }
        } catch (EOFException e) {
            damage = "the packed data ends too early";
        } catch (ZipException e) {
            damage = "the packed data is damaged (" + e.getMessage() + ")";
        } catch (IOException e) {
            if (compression == Compression.NONE) {
                throw new TraceReadException(file, "cannot be read: " + e.getMessage(), e);
            }
            damage = "the packed data cannot be unpacked further (" + e.getMessage() + ")";
        }
        unpacked += filled;
        if (compression != Compression.NONE && unpacked > maxUnpackedBytes) {
            throw new TraceReadException(file,
                    "unpacks to more than " + maxUnpackedBytes + " bytes, which no recording of its size does");
        }
        return filled;
    }

    /// Skips text.
    void skip(long length) throws TraceReadException {
        try {
            in.skipNBytes(length);
        } catch (IOException e) {
            throw new TraceReadException(file, "ends before byte " + length + ": it changed since it was read", e);
        }
    }

    /// Why the text ends before its packed data is complete, or the empty string.
    String damage() {
        return damage;
    }

    /// Bytes of the file read so far.
    long packedBytes() {
        return raw.count;
    }

    @Override
    public void close() throws TraceReadException {
        try {
            in.close();
        } catch (IOException e) {
            throw new TraceReadException(file, "cannot be closed: " + e.getMessage(), e);
        }
    }

    /// Counts what passes, in large reads.
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(new java.io.BufferedInputStream(in, RAW_BUFFER));
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int n = super.read(buffer, from, length);
            count += Math.max(0, n);
            return n;
        }

        @Override
        public long skip(long length) throws IOException {
            long n = super.skip(length);
            count += n;
            return n;
        }
    }
}
