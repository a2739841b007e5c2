package org.moelab.gpu.cuda;

import java.nio.file.Path;

/// A CUDA library found on this machine.
///
/// @param library which one
/// @param file where it lies, links followed
/// @param version as the library tells it, otherwise from its file name, `unknown` where neither says
/// @param problem why it cannot be used, empty where it can
public record InstalledLibrary(CudaLibrary library, Path file, String version, String problem) {
    /// Whether the library loads and answers.
    public boolean usable() {
        return problem.isEmpty();
    }
}
