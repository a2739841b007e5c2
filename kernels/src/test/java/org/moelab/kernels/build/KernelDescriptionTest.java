package org.moelab.kernels.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.Test;

class KernelDescriptionTest {
    private static final String TAGS = """
            /// @techniques ilp, fusion
            /// @bytes 4 * n
            /// @flops n
            /// @floor bytes / bandwidth
            """;

    @Test
    void in_boundsByConstantAndNumber_readsWhatTheDeclarationSays() throws BuildException {
        List<KernelDescription> found = KernelDescription.in("norm/rms.cu", "constexpr int kThreads = 128;\n\n"
                + "/// Scales each row,\n/// in fp32.\n" + TAGS
                + "extern \"C\" __global__ void __launch_bounds__(kThreads, 4)\n    rms_norm(float* out, int n) {\n}\n");

        assertThat(found).containsExactly(new KernelDescription("rms_norm", "norm/rms.cu", "Scales each row, in fp32.",
                List.of(), List.of("ilp", "fusion"), "4 * n", "n", "bytes / bandwidth", 128, 4));
        assertThat(found.getFirst().operation()).isEqualTo("norm");
    }

    @Test
    void in_tagOverSeveralLines_joinsThem() throws BuildException {
        String source = "/// Adds.\n" + TAGS.replace("/// @flops n\n", "/// @flops n\n///   + 1\n")
                + "extern \"C\" __global__ void add(float* out) {\n}\n";

        assertThat(KernelDescription.in("add.cu", source)).extracting(KernelDescription::flops)
                .containsExactly("n + 1");
    }

    @Test
    void isFor_architecturesNamed_needsOneOfThem() throws BuildException {
        String source = "/// Adds.\n/// @architectures sm_100a\n" + TAGS
                + "extern \"C\" __global__ void add(float* out) {\n}\n";
        KernelDescription only = KernelDescription.in("add.cu", source).getFirst();
        KernelDescription all = KernelDescription.in("add.cu", source.replace("/// @architectures sm_100a\n", ""))
                .getFirst();

        assertThat(only.isFor(List.of("90a", "100a"))).isTrue();
        assertThat(only.isFor(List.of("90a"))).isFalse();
        assertThat(all.isFor(List.of("90a"))).isTrue();
    }

    @Test
    void in_kernelsMadeByAMacro_takesTheNamesFromTheTag() throws BuildException {
        String source = "/// Multiplies.\n/// @kernel mul_8, mul_16\n" + TAGS + "MULTIPLY(8)\nMULTIPLY(16);\n";

        assertThat(KernelDescription.in("gemm/mul.cu", source)).extracting(KernelDescription::name)
                .containsExactly("mul_8", "mul_16");
    }

    @Test
    void in_nameOfAVariant_takesThePlainName() throws BuildException {
        String source = "/// Adds.\n" + TAGS
                + "extern \"C\" __global__ void __launch_bounds__(64)\n    KERNEL_NAME( add )(float* out) {\n}\n";

        assertThat(KernelDescription.in("add.cu", source)).singleElement().satisfies(kernel -> {
            assertThat(kernel.name()).isEqualTo("add");
            assertThat(kernel.maxThreads()).isEqualTo(64);
        });
    }

    @Test
    void in_namesOfVariantsInAMacro_takesThemFromTheTag() throws BuildException {
        String source = "/// Multiplies.\n/// @kernel mul_8\n" + TAGS + """
                #define MULTIPLY(N)                       \\
                    extern "C" __global__ void            \\
                        __launch_bounds__(32)             \\
                        KERNEL_NAME(mul_##N)(float* out) {\\
                    }
                MULTIPLY(8)
                """;

        assertThat(KernelDescription.in("gemm/mul.cu", source)).singleElement().satisfies(kernel -> {
            assertThat(kernel.name()).isEqualTo("mul_8");
            assertThat(kernel.maxThreads()).isEqualTo(32);
        });
        KernelDescription.requireVariantNames("gemm/mul.cu", source);
    }

    @Test
    void requireVariantNames_plainName_namesFileAndLine() {
        String source = """
                #define SIZE 1
                extern "C" __global__ void KERNEL_NAME(add)(float* out) {
                }

                extern "C" __global__ void __launch_bounds__(64)
                    scale(float* out) {
                }
                """;

        assertThatThrownBy(() -> KernelDescription.requireVariantNames("add.cu", source))
                .isInstanceOf(BuildException.class)
                .hasMessage("add.cu:6: the source has variants, so the kernel's name is KERNEL_NAME(scale)");
    }

    @Test
    void in_noTechnique_givesAnEmptyList() throws BuildException {
        String source = "/// Adds.\n" + TAGS.replace("ilp, fusion", "none")
                + "extern \"C\" __global__ void add(float* out) {\n}\n";

        assertThat(KernelDescription.in("add.cu", source).getFirst().techniques()).isEmpty();
    }

    @Test
    void in_commentOfADeviceFunction_isNotAKernel() throws BuildException {
        assertThat(KernelDescription.in("a.cu", "/// Rounds.\n__device__ float round(float x) {\n}\n")).isEmpty();
    }

    @Test
    void in_missingFloor_namesFileLineAndTag() {
        String source = "\n\n/// Adds.\n" + TAGS.replace("/// @floor bytes / bandwidth\n", "")
                + "extern \"C\" __global__ void add(float* out) {\n}\n";

        assertThatThrownBy(() -> KernelDescription.in("add.cu", source)).isInstanceOf(BuildException.class)
                .hasMessage("add.cu:3: the description of add has no @floor");
    }
}
