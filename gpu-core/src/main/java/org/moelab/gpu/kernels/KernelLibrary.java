package org.moelab.gpu.kernels;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.CudaModule;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;

/// The lab's kernels on one device: the fatbin compiled for it, loaded.
public final class KernelLibrary implements AutoCloseable {
    /// Techniques that a kernel's source can leave out.
    private static final Set<String> SWITCHES = Set.of("coalesced-access", "ilp", "latency-hiding", "read-only-cache",
            "register-pressure", "shared-memory", "vectorised-loads");

    private final KernelManifest manifest;
    private final CudaModule module;

    private KernelLibrary(KernelManifest manifest, CudaModule module) {
        this.manifest = manifest;
        this.module = module;
    }

    /// Loads the kernels of the class path that were compiled for the context's device.
    ///
    /// @throws CudaUnavailableException where there are none for it, or the jar is damaged
    public static KernelLibrary load(CudaContext context) throws CudaUnavailableException {
        try {
            KernelManifest manifest = KernelManifest.load();
            Binary binary = choose(manifest, context.device().capability());
            return new KernelLibrary(manifest, context.load(binary.resource(), manifest.image(binary)));
        } catch (IOException e) {
            throw new CudaUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The binary that runs on a device. Code is compiled for one generation, with what only that has, and runs on no
    /// other.
    ///
    /// @throws CudaUnavailableException where the build has none, naming those that it has
    static Binary choose(KernelManifest manifest, ComputeCapability capability) throws CudaUnavailableException {
        if (manifest.binaries().isEmpty()) {
            throw new CudaUnavailableException("this build holds no compiled kernels: " + manifest.absent());
        }
        return manifest.binaryFor(capability.architecture())
                .orElseThrow(() -> new CudaUnavailableException("this build has no kernels for "
                        + capability.architecture() + ", only for " + manifest.binaries().stream()
                                .map(Binary::architecture).collect(Collectors.joining(" and "))));
    }

    /// What the library holds.
    public KernelManifest manifest() {
        return manifest;
    }

    /// A kernel by name.
    ///
    /// @throws org.moelab.gpu.cuda.CudaException where this device's binary lacks it
    public CudaFunction function(String name) {
        return module.function(name);
    }

    /// The variant of a kernel that applies those of its techniques that are on.
    ///
    /// @param on the techniques that are on, by id
    /// @throws CudaException where this device's binary lacks it
    public CudaFunction function(String name, Set<String> on) {
        List<String> off = manifest.kernel(name).stream().flatMap(kernel -> kernel.techniques().stream())
                .filter(SWITCHES::contains).filter(technique -> !on.contains(technique)).toList();
        if (!off.isEmpty()) {
            throw new CudaException("the variant of " + name + " without " + String.join(" and ", off), 801,
                    "CUDA_ERROR_NOT_SUPPORTED", "this build compiles no variants");
        }
        return module.function(name);
    }

    @Override
    public void close() {
        module.close();
    }
}
