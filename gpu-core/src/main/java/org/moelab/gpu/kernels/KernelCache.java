package org.moelab.gpu.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.moelab.gpu.host.Host;
import org.moelab.kernels.KernelManifest;

/// Compiled code on disk, by a checksum of all that it was made from; what is there under a key is never out of date.
///
/// A file is the checksum of the code and then the code, put in place whole: any number of processes may read and write.
/// A damaged file counts as none. Where the disk does not take a file, the code is compiled again the next time.
final class KernelCache {
    private static final int CHECKSUM_BYTES = 32;

    private final Optional<Path> folder;
    private final Consumer<String> warnings;
    private final AtomicBoolean warned = new AtomicBoolean();

    /// @param folder where the files are, made at need; none to keep nothing
    /// @param warnings told once, in a line, where something cannot be read or kept
    KernelCache(Optional<Path> folder, Consumer<String> warnings) {
        this.folder = folder;
        this.warnings = warnings;
    }

    /// The folder of compiled kernels in the lab's cache folder ([Host#cacheFolder]).
    static Optional<Path> folder(Host host) {
        return host.cacheFolder().map(cache -> cache.resolve("kernels"));
    }

    /// The code kept under a key, if it is there and whole.
    Optional<byte[]> find(String key) {
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] file = Files.readAllBytes(folder.get().resolve(key));
            if (file.length <= CHECKSUM_BYTES) {
                return Optional.empty();
            }
            byte[] code = Arrays.copyOfRange(file, CHECKSUM_BYTES, file.length);
            return Arrays.equals(file, 0, CHECKSUM_BYTES, checksum(code), 0, CHECKSUM_BYTES)
                    ? Optional.of(code)
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            warn(e);
            return Optional.empty();
        }
    }

    /// Keeps code under a key, in place of what is there.
    void keep(String key, byte[] code) {
        if (folder.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(folder.get());
            Path unfinished = Files.createTempFile(folder.get(), key.substring(0, 8), ".unfinished");
            try {
                byte[] file = Arrays.copyOf(checksum(code), CHECKSUM_BYTES + code.length);
                System.arraycopy(code, 0, file, CHECKSUM_BYTES, code.length);
                Files.write(unfinished, file);
                Files.move(unfinished, folder.get().resolve(key), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            warn(e);
        }
    }

    private static byte[] checksum(byte[] code) {
        return HexFormat.of().parseHex(KernelManifest.sha256(code));
    }

    private void warn(IOException e) {
        if (warned.compareAndSet(false, true)) {
            warnings.accept("compiled kernels are not kept, because " + folder.map(Path::toString).orElse("")
                    + " cannot be used (" + e + "): they are compiled again in the next run");
        }
    }
}
