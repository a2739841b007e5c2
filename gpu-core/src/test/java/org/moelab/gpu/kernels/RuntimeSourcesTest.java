package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.Nvrtc;
import org.moelab.gpu.host.Host;
import org.moelab.kernels.SourceTree;
import org.moelab.kernels.Variant;

/// The lab's own sources through NVRTC: runs where it is installed and is reported as skipped elsewhere; needs no GPU.
class RuntimeSourcesTest {
    private static final Path SOURCES = Path.of("../kernels/src/main/cuda");
    private static final String KERNEL = """
            #include "../common/kernel.cuh"
            #ifndef TECHNIQUE_ILP
            #define TECHNIQUE_ILP 1
            #endif
            #define ADD(TYPE)                                                               \\
                extern "C" __global__ void KERNEL_NAME(add_##TYPE)(TYPE * x) {              \\
                    if constexpr (TECHNIQUE_ILP) {                                          \\
                        x[2 * threadIdx.x + 1] += 1;                                        \\
                    }                                                                       \\
                    x[threadIdx.x] += 1;                                                    \\
                }
            ADD(int)
            ADD(float)
            """;

    private Optional<Nvrtc> nvrtc = Optional.empty();

    @BeforeEach
    void requireNvrtc() throws CudaUnavailableException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        if (finder.find(CudaLibrary.RTC).isEmpty()) {
            abort("NVRTC is not installed: nothing can be compiled here");
        }
        nvrtc = Optional.of(Nvrtc.open(finder));
    }

    @Test
    void cubin_variantOfASourceWithSwitches_namesItsKernelsAfterIt() throws IOException {
        RuntimeCompiler compiler = compiler(new SourceTree(Map.of("test/add.cu", KERNEL, "common/kernel.cuh",
                Files.readString(SOURCES.resolve("common/kernel.cuh")))));

        assertThat(kernels(compiler.cubin("test/add.cu", Variant.FULL)))
                .contains(".text.add_int\0", ".text.add_float\0")
                .doesNotContain("__without");
        assertThat(kernels(compiler.cubin("test/add.cu", Variant.without(List.of("ilp")))))
                .contains(".text.add_int__without_ilp\0", ".text.add_float__without_ilp\0");
    }

    @Test
    void cubin_everySourceOfTheLab_compilesWithAndWithoutEachTechnique() throws IOException {
        SourceTree sources = sources();
        RuntimeCompiler compiler = compiler(sources);

        assertThat(compiler.cubins()).hasSameSizeAs(sources.compiled());
        for (String source : sources.compiled()) {
            List<String> added = sources.additions(source);
            List<String> off = sources.switches(source).stream().filter(t -> !added.contains(t)).toList();
            for (String technique : off) {
                assertThat(kernels(compiler.cubin(source, Variant.without(List.of(technique)))))
                        .contains("__without_" + technique.replace('-', '_'));
            }
            for (String technique : added) {
                assertThat(kernels(compiler.cubin(source, new Variant(List.of(), List.of(technique), new TreeMap<>()))))
                        .contains("__with_" + technique.replace('-', '_'));
            }
            if (!off.isEmpty()) {
                assertThat(compiler.cubin(source, new Variant(off, added, new TreeMap<>()))).isNotEmpty();
            }
        }
    }

    @Test
    void cubin_sourcesThatTakeSizes_compileForAModelUnderItsName() throws IOException {
        SourceTree sources = sources();
        RuntimeCompiler compiler = compiler(sources);
        List<String> taking = sources.compiled().stream().filter(path -> !sources.sizes(path).isEmpty()).toList();

        assertThat(taking).contains("moe/expert_gemv_mxfp4.cu", "gemm/dense_async_fp8.cu");
        for (String source : taking) {
            TreeMap<String, Integer> sizes = new TreeMap<>(Map.of("chosen", 4, "hidden", 2880, "intermediate", 2880,
                    "kv-heads", 8, "query-heads", 64, "query-width", 4096));
            assertThat(sizes.keySet()).as(source).containsAll(sources.sizes(source));
            sizes.keySet().retainAll(sources.sizes(source));
            Variant variant = new Variant(List.of(), List.of(), sizes);
            String code = kernels(compiler.cubin(source, variant));
            assertThat(code).as(source).contains(variant.nameOf("") + "\0");
        }
    }

    @Test
    void cubin_groupsOfRowWiseOperations_compileForAModelUnderTheirNames() throws IOException {
        RuntimeCompiler compiler = compiler(sources());

        for (String first : List.of("add_residual", "combine_experts", "embed_tokens")) {
            for (int threads : new int[] { 64, 256, 736 }) {
                FusedGroup group = new FusedGroup(List.of(first, "rms_norm"),
                        new TreeMap<>(Map.of("chosen", 4, "hidden", 2880)), threads);
                assertThat(kernels(compiler.cubin(group))).contains(".text." + first + "__then__rms_norm__for_"
                        + (first.equals("combine_experts") ? "chosen_4_" : "") + "hidden_2880_threads_" + threads
                        + "\0");
            }
        }
    }

    /// The names in a cubin lie in it as plain text.
    private static String kernels(byte[] cubin) {
        return new String(cubin, StandardCharsets.ISO_8859_1);
    }

    private RuntimeCompiler compiler(SourceTree sources) {
        return RuntimeCompiler.of(nvrtc.orElseThrow(), "sm_90a", sources, new KernelCache(Optional.empty(), _ -> {
        }));
    }

    private static SourceTree sources() throws IOException {
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(SOURCES.relativize(file).toString(), Files.readString(file));
            }
        }
        return new SourceTree(files);
    }
}
