package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaModule;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.Nvrtc;
import org.moelab.gpu.cuda.ParameterBlock;
import org.moelab.gpu.host.Host;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.SourceTree;
import org.moelab.kernels.Variant;

/// What NVRTC compiles, on a GPU.
@RequiresGpu
class RuntimeKernelsTest {
    private static final String KERNEL = """
            #ifndef TECHNIQUE_ILP
            #define TECHNIQUE_ILP 1
            #endif
            #ifndef MOELAB_VARIANT
            extern "C" __global__ void mark(int* out) { out[threadIdx.x] = 100 + TECHNIQUE_ILP; }
            #else
            extern "C" __global__ void mark__without_ilp(int* out) { out[threadIdx.x] = 100 + TECHNIQUE_ILP; }
            #endif
            """;

    @TempDir
    Path cache;

    @Test
    void cubin_fullAndVariant_runWhatTheyWereCompiledFrom() throws CudaUnavailableException {
        LibraryFinder finder = requireNvrtc();
        try (CudaContext context = RequiresGpu.Condition.open()) {
            RuntimeCompiler compiler = RuntimeCompiler.of(Nvrtc.open(finder), context.device().capability().target(),
                    new SourceTree(Map.of("mark.cu", KERNEL)), new KernelCache(Optional.of(cache), _ -> {
                    }));

            for (int round = 0; round < 2; round++) { // compiled, then from the cache
                assertThat(run(context, compiler, Variant.FULL)).isEqualTo(101);
                assertThat(run(context, compiler, Variant.without(List.of("ilp")))).isEqualTo(100);
            }
        }
    }

    @Test
    void load_buildWithoutBinaries_compilesEveryKernelAndEveryVariant() throws CudaUnavailableException, IOException {
        requireNvrtc();
        KernelManifest built = KernelManifest.load();
        KernelManifest sourcesOnly = new KernelManifest(KernelManifest.VERSION, "left out by the test", "", List.of(),
                built.kernels(), built.sources());
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put("MOELAB_CACHE", cache.toString());

        try (CudaContext context = RequiresGpu.Condition.open();
                KernelLibrary kernels = KernelLibrary.load(sourcesOnly, context, new Host(variables, Path.of("/")))) {
            for (Kernel kernel : built.kernels()) {
                assertThat(kernels.function(kernel.name()).registers()).as(kernel.name()).isPositive();
                assertThat(kernels.function(kernel.name(), Set.of()).name())
                        .isEqualTo(kernels.name(kernel.name(), Set.of()));
            }
        }
        assertThat(cache.resolve("kernels")).isNotEmptyDirectory();
    }

    private static int run(CudaContext context, RuntimeCompiler compiler, Variant variant) {
        String name = variant.nameOf("mark");
        try (Arena arena = Arena.ofConfined();
                CudaStream stream = context.stream();
                CudaModule module = context.load(name, compiler.cubin("mark.cu", variant));
                DeviceBuffer buffer = context.allocate("mark", Integer.BYTES)) {
            module.function(name).launch(LaunchShape.of(1, 1), ParameterBlock.builder().pointer(buffer).build(arena),
                    stream);
            MemorySegment result = arena.allocate(ValueLayout.JAVA_INT);
            buffer.download(result, 0, stream);
            stream.synchronize();
            return result.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private static LibraryFinder requireNvrtc() {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        if (finder.find(CudaLibrary.RTC).isEmpty()) {
            abort("NVRTC is not installed: nothing can be compiled here");
        }
        return finder;
    }
}
