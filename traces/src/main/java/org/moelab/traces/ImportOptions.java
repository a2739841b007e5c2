package org.moelab.traces;

/// How to read recordings.
///
/// @param maxUnpackedBytes refuse a compressed file that unpacks to more, so that a small file cannot fill the memory
public record ImportOptions(long maxUnpackedBytes) {
    /// Unpacks at most 16 GB.
    public static final ImportOptions DEFAULT = new ImportOptions(16_000_000_000L);

    /// Traces and databases shrink to a thirtieth at best.
    private static final long MOST_TIMES_LARGER = 100;
    private static final long ALWAYS_ALLOWED = 1_000_000_000;

    /// How much a compressed file of this size may unpack to. A small file that unpacks to gigabytes is no recording: it is
    /// refused before it fills the disk or takes minutes.
    public long maxUnpackedBytes(long packedBytes) {
        return Math.min(maxUnpackedBytes, Math.max(ALWAYS_ALLOWED, packedBytes * MOST_TIMES_LARGER));
    }
}
