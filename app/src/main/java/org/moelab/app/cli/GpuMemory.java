package org.moelab.app.cli;

import java.util.Optional;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;

/// The memory of the GPU at hand.
///
/// @param gpu the GPU's name
/// @param freeBytes what nobody holds
record GpuMemory(String gpu, long freeBytes) {
    /// Asks the first GPU; nothing where there is none.
    static Optional<GpuMemory> look() {
        try {
            CudaDriver driver = CudaDriver.open(LibraryFinder.of(Host.current()));
            if (driver.devices().isEmpty()) {
                return Optional.empty();
            }
            try (CudaContext context = driver.context(driver.devices().getFirst())) {
                return Optional.of(new GpuMemory(context.device().name(), context.freeMemoryBytes()));
            }
        } catch (CudaUnavailableException | CudaException _) {
            return Optional.empty(); // who needs a GPU says so with the reason
        }
    }
}
