package org.moelab.kernels.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.build.Toolchain.MissingToolException;

class KernelBuildTest {
    private static final String KERNEL = """
            #include "size.cuh"
            /// Writes each thread's number.
            /// @techniques coalesced-access
            /// @bytes 4 * threads
            /// @flops 0
            /// @floor bytes / bandwidth
            extern "C" __global__ void __launch_bounds__(256) number(int* out) {
                out[blockIdx.x * kSize + threadIdx.x] = blockIdx.x * kSize + threadIdx.x;
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void copyTheBuild() throws IOException {
        for (String file : List.of("CMakeLists.txt", "src/main/cmake/compile.cmake")) {
            Files.createDirectories(project().resolve(file).getParent());
            Files.copy(Path.of(file), project().resolve(file));
        }
        write("test/number.cu", KERNEL);
        write("size.cuh", "constexpr int kSize = 256;\n");
    }

    @Test
    void run_skipped_packsSourcesAndSaysWhyNothingIsCompiled() throws Exception {
        KernelManifest manifest = build().run(true, System.getenv());

        assertThat(manifest.binaries()).isEmpty();
        assertThat(manifest.absent()).isEqualTo("they were left out by -Dkernels.skip");
        assertThat(manifest.kernels()).extracting(Kernel::name).containsExactly("number");
        assertThat(manifest.sources()).containsExactly("sources/size.cuh", "sources/test/number.cu");
        assertThat(output().resolve("sources/test/number.cu")).hasContent(KERNEL);
        assertThat(KernelManifest.read(Files.newInputStream(output().resolve("manifest.json")))).isEqualTo(manifest);
    }

    @Test
    void run_noToolsOnThePath_saysWhichIsMissing() throws Exception {
        KernelManifest manifest = build().run(false, Map.of("PATH", folder.toString()));

        assertThat(manifest.binaries()).isEmpty();
        assertThat(manifest.absent()).contains("was not found");
    }

    @Test
    void run_earlierOutput_removesWhatIsNoLongerMade() throws Exception {
        Files.createDirectories(output());
        Files.writeString(output().resolve("sm_90a.fatbin"), "stale");
        Files.writeString(output().resolve("KernelManifest.class"), "compiled by another step");

        build().run(true, System.getenv());

        assertThat(output().resolve("sm_90a.fatbin")).doesNotExist();
        assertThat(output().resolve("KernelManifest.class")).exists();
    }

    @Test
    void run_withNvcc_linksOneFatbinAnArchitectureAndRebuildsOnlyWhatChanged() throws Exception {
        requireTools();
        KernelManifest first = build().run(false, System.getenv());

        assertThat(first.binaries()).extracting(Binary::architecture).containsExactly("sm_90a");
        assertThat(Files.readAllBytes(output().resolve("sm_90a.fatbin"))).startsWith(0x50, 0xED, 0x55, 0xBA);
        assertThat(first.kernels().getFirst().usage()).isNotEmpty()
                .allSatisfy(usage -> assertThat(usage.registers()).isPositive());
        Path compiled = folder.resolve("work/sm_90a/test/number.cubin");
        Object before = Files.getLastModifiedTime(compiled);

        build().run(false, System.getenv());
        assertThat(Files.getLastModifiedTime(compiled)).isEqualTo(before);

        write("size.cuh", "constexpr int kSize = 128;\n");
        KernelManifest changed = build().run(false, System.getenv());
        assertThat(changed.binaries()).isNotEqualTo(first.binaries());
    }

    @Test
    void run_kernelWithoutADescription_failsWithItsName() throws Exception {
        requireTools();
        write("test/number.cu", "extern \"C\" __global__ void unnamed(int* out) { out[0] = 1; }\n");

        assertThatThrownBy(() -> build().run(false, System.getenv())).isInstanceOf(BuildException.class)
                .hasMessage("kernels without a description above them: unnamed");
    }

    @Test
    void run_kernelOfAnotherArchitecture_isDescribedWithoutWhatItNeeds() throws Exception {
        requireTools();
        String later = "#ifdef __CUDA_ARCH_FEAT_SM100_ALL\n" + KERNEL.replace(" number(", " later(") + "#endif\n";
        write("test/later.cu", later.replace("/// @techniques", "/// @architectures sm_100a\n/// @techniques"));

        assertThat(build().run(false, System.getenv()).kernels())
                .extracting(Kernel::name, kernel -> kernel.usage().size())
                .containsExactly(tuple("later", 0), tuple("number", 1));

        write("test/later.cu", later);
        assertThatThrownBy(() -> build().run(false, System.getenv())).isInstanceOf(BuildException.class)
                .hasMessage("described, but not compiled: later");
    }

    @Test
    void run_sourceWithSwitches_listsThemAndCompilesThePlainNames() throws Exception {
        Files.copy(Path.of("src/main/cuda/common/kernel.cuh"), project().resolve("src/main/cuda/kernel.cuh"));
        write("step.cuh", "#ifndef TECHNIQUE_ILP\n#define TECHNIQUE_ILP 1\n#endif\n");
        write("test/number.cu", KERNEL.replace("\"size.cuh\"", "\"../kernel.cuh\"\n#include \"../step.cuh\"\n"
                + "#include \"size.cuh\"").replace(" number(", " KERNEL_NAME(number)("));

        KernelManifest skipped = build().run(true, System.getenv());
        assertThat(skipped.kernels()).singleElement().satisfies(kernel -> {
            assertThat(kernel.name()).isEqualTo("number");
            assertThat(kernel.switches()).containsExactly("ilp");
        });

        requireTools();
        assertThat(build().run(false, System.getenv()).kernels()).singleElement()
                .satisfies(kernel -> assertThat(kernel.usage()).isNotEmpty());
    }

    @Test
    void run_switchesWithoutTheMacroOfNames_failsWithTheLine() throws Exception {
        write("size.cuh", "constexpr int kSize = 256;\n#ifndef TECHNIQUE_ILP\n#define TECHNIQUE_ILP 1\n#endif\n");

        assertThatThrownBy(() -> build().run(true, System.getenv())).isInstanceOf(BuildException.class)
                .hasMessage("test/number.cu:7: the source has variants, so the kernel's name is KERNEL_NAME(number)");
    }

    private static void requireTools() {
        try {
            Toolchain.find(System.getenv(), List.of("90a"));
        } catch (MissingToolException e) {
            abort("kernels cannot be compiled here: " + e.getMessage());
        }
    }

    private void write(String source, String content) throws IOException {
        Path file = project().resolve("src/main/cuda").resolve(source);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private KernelBuild build() {
        return new KernelBuild(project(), folder.resolve("work"), output(), List.of("90a"));
    }

    private Path project() {
        return folder.resolve("project");
    }

    private Path output() {
        return folder.resolve("output");
    }
}
