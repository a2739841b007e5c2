package org.moelab.gpu.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

import jcuda.JCudaVersion;
import jcuda.LibUtils;

/// JCuda's native library, laid whole where JCuda looks for it.
///
/// JCuda unpacks it itself where there is none, and takes what it finds: of two processes that start at once, the second may
/// load what the first has half written, and dies of a bus error; what a full disk left would be taken for ever.
final class JcudaNatives {
    private JcudaNatives() {
    }

    /// Where JCuda looks.
    static Path folder() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /// Lays the library into a folder, unless it is there already. Nobody ever sees a part of it.
    ///
    /// @throws IOException where it cannot be written
    static void lay(Path folder) throws IOException {
        String name = System.mapLibraryName(LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get()));
        byte[] library;
        try (InputStream packed = JcudaNatives.class.getResourceAsStream("/lib/" + name)) {
            if (packed == null) {
                return; // not for this system: JCuda says so
            }
            library = packed.readAllBytes();
        }
        Path target = folder.resolve(name);
        if (Files.isRegularFile(target) && Arrays.equals(Files.readAllBytes(target), library)) {
            return;
        }
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, name, ".part");
        try {
            Files.write(unfinished, library);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
