package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.Nvrtc.Program;
import org.moelab.kernels.SourceTree;
import org.moelab.kernels.Variant;

class RuntimeCompilerTest {
    private static final Map<String, String> SOURCES = Map.of("gemm/gemv.cu", "#include \"../common/numeric.cuh\"\n",
            "norm/rms.cu", "norm\n", "common/numeric.cuh", "numeric\n");
    private static final Variant WITHOUT_ILP = Variant.without(List.of("ilp"));

    private final Queue<Program> compiled = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    @Test
    void cubin_aVariant_handsTheCompilerEverythingItNeeds() {
        byte[] code = compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("gemm/gemv.cu", WITHOUT_ILP);

        assertThat(code).asString(StandardCharsets.UTF_8).isEqualTo("code of gemm/gemv.cu");
        assertThat(compiled).containsExactly(new Program("gemm/gemv.cu", "#include \"common/numeric.cuh\"\n",
                Map.of("common/numeric.cuh", "numeric\n"), "sm_90a", List.of("--std=c++20", "--generate-line-info",
                        "-DTECHNIQUE_ILP=0", "-DMOELAB_VARIANT=__without_ilp")));
    }

    @Test
    void cubin_compiledBefore_comesFromTheCache() {
        byte[] first = compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("gemm/gemv.cu", Variant.FULL);
        byte[] second = compiler("NVRTC 13.0", "sm_90a", changed("norm/rms.cu")).cubin("gemm/gemv.cu", Variant.FULL);

        assertThat(second).isEqualTo(first);
        assertThat(compiled).hasSize(1);
    }

    @Test
    void cubin_anythingThatTheCodeDependsOnDiffers_isCompiledAgain() {
        compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("gemm/gemv.cu", Variant.FULL);
        compiler("NVRTC 13.1", "sm_90a", SOURCES).cubin("gemm/gemv.cu", Variant.FULL);
        compiler("NVRTC 13.0", "sm_100a", SOURCES).cubin("gemm/gemv.cu", Variant.FULL);
        compiler("NVRTC 13.0", "sm_90a", changed("gemm/gemv.cu")).cubin("gemm/gemv.cu", Variant.FULL);
        compiler("NVRTC 13.0", "sm_90a", changed("common/numeric.cuh")).cubin("gemm/gemv.cu", Variant.FULL);
        compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("gemm/gemv.cu", WITHOUT_ILP);
        compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("norm/rms.cu", Variant.FULL);

        assertThat(compiled).hasSize(7);
    }

    @Test
    void cubin_damagedFile_isCompiledAgainAndRepaired() throws IOException {
        compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("norm/rms.cu", Variant.FULL);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.writeString(file, "damaged");
            }
        }

        for (int i = 0; i < 2; i++) {
            assertThat(compiler("NVRTC 13.0", "sm_90a", SOURCES).cubin("norm/rms.cu", Variant.FULL))
                    .asString(StandardCharsets.UTF_8).isEqualTo("code of norm/rms.cu");
        }
        assertThat(compiled).hasSize(2);
    }

    @Test
    void cubins_everySource_isCompiledAndHeadersAreNot() {
        assertThat(compiler("NVRTC 13.0", "sm_90a", SOURCES).cubins()).containsOnlyKeys("gemm/gemv.cu", "norm/rms.cu");
    }

    @Test
    void cubins_sourceWithAnError_failsWithTheCompilersWordAndIsNotKept() {
        RuntimeCompiler broken = new RuntimeCompiler("NVRTC 13.0", program -> {
            throw new CudaException("nvrtcCompileProgram (" + program.name() + ")", 6, "NVRTC_ERROR_COMPILATION", "");
        }, "sm_90a", new SourceTree(Map.of("norm/rms.cu", "norm\n")),
                new KernelCache(Optional.of(folder), _ -> {
                }));

        assertThatThrownBy(broken::cubins).isInstanceOf(CudaException.class)
                .hasMessage("nvrtcCompileProgram (norm/rms.cu): NVRTC_ERROR_COMPILATION (6)");
        assertThat(folder).isEmptyDirectory();
    }

    private static Map<String, String> changed(String path) {
        Map<String, String> files = new HashMap<>(SOURCES);
        files.merge(path, "// changed\n", String::concat);
        return files;
    }

    private RuntimeCompiler compiler(String version, String architecture, Map<String, String> files) {
        return new RuntimeCompiler(version, program -> {
            compiled.add(program);
            return ("code of " + program.name()).getBytes(StandardCharsets.UTF_8);
        }, architecture, new SourceTree(files), new KernelCache(Optional.of(folder), _ -> {
        }));
    }
}
