package org.moelab.traces;

/// How to read recordings.
///
/// @param maxUnpackedBytes refuse a compressed file that unpacks to more, so that a small file cannot fill the memory
public record ImportOptions(long maxUnpackedBytes) {
    /// Unpacks at most 16 GB.
    public static final ImportOptions DEFAULT = new ImportOptions(16_000_000_000L);
}
