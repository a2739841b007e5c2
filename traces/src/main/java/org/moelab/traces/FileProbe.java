package org.moelab.traces;

import java.nio.file.Path;

/// The beginning of a file, unpacked where it was compressed, for importers to recognise it by.
///
/// @param file the file, as the user named it
/// @param size its size on disk in bytes
/// @param compression how it is packed
/// @param head up to 64 KiB of its unpacked content
@SuppressWarnings("ArrayRecordComponent") // a buffer to look at, never compared
public record FileProbe(Path file, long size, Compression compression, byte[] head) {
    /// How a file is packed, by its magic number.
    public enum Compression {
        NONE, GZIP, ZSTD
    }

    /// Whether the content begins with these bytes.
    public boolean startsWith(byte[] magic) {
        return head.length >= magic.length && java.util.Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }
}
