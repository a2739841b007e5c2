package org.moelab.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.kernels.KernelManifest.Kernel;

class VariantTest {
    private static final Kernel KERNEL = new Kernel("gemv", "gemm", "sources/gemm/gemv.cu", "Multiplies.",
            List.of("decode-gemv", "ilp"), List.of("ilp", "prefetch", "vectorised-loads"), List.of("prefetch"),
            List.of("hidden", "query-width"), "0",
            "0", "bytes", 0, 0, List.of());

    @Test
    void of_everySwitchOn_isTheBuildsOwn() {
        Variant variant = Variant.of(KERNEL, Set.of("vectorised-loads", "ilp", "fusion"));

        assertThat(variant).isEqualTo(Variant.FULL);
        assertThat(variant.nameOf("gemv")).isEqualTo("gemv");
        assertThat(variant.definitions()).isEmpty();
    }

    @Test
    void of_oneSwitchOff_namesItToCompilerAndTimeline() {
        Variant variant = Variant.of(KERNEL, Set.of("ilp"));

        assertThat(variant.full()).isFalse();
        assertThat(variant.nameOf("gemv")).isEqualTo("gemv__without_vectorised_loads");
        assertThat(variant.definitions()).containsExactly("-DTECHNIQUE_VECTORISED_LOADS=0",
                "-DMOELAB_VARIANT=__without_vectorised_loads");
    }

    @Test
    void of_nothingOn_sortsWhatIsOff() {
        Variant variant = Variant.of(KERNEL, Set.of());

        assertThat(variant.nameOf("gemv")).isEqualTo("gemv__without_ilp_vectorised_loads");
        assertThat(variant.difference()).isEqualTo("without ilp and vectorised-loads");
        assertThat(Variant.without(List.of("vectorised-loads", "ilp", "ilp"))).isEqualTo(variant);
    }

    @Test
    void of_techniqueOnRequest_isAddedOnlyWhereItIsOn() {
        Variant asked = Variant.of(KERNEL, Set.of("vectorised-loads", "prefetch"));

        assertThat(asked.full()).isFalse();
        assertThat(asked.nameOf("gemv")).isEqualTo("gemv__without_ilp__with_prefetch");
        assertThat(asked.difference()).isEqualTo("without ilp, with prefetch");
        assertThat(asked.definitions()).containsExactly("-DTECHNIQUE_ILP=0", "-DTECHNIQUE_PREFETCH=1",
                "-DMOELAB_VARIANT=__without_ilp__with_prefetch");
        assertThat(Variant.of(KERNEL, Set.of("vectorised-loads", "ilp"))).isEqualTo(Variant.FULL);
    }

    @Test
    void sized_forAModel_namesTheSizesThatTheKernelTakes() {
        Variant sized = Variant.of(KERNEL, Set.of("ilp"))
                .sized(KERNEL, Map.of("query-width", 4096, "hidden", 2880, "experts", 32));

        assertThat(sized.full()).isFalse();
        assertThat(sized.nameOf("gemv"))
                .isEqualTo("gemv__without_vectorised_loads__for_hidden_2880_query_width_4096");
        assertThat(sized.difference()).isEqualTo("without vectorised-loads, for hidden 2880 and query-width 4096");
        assertThat(sized.definitions()).containsExactly("-DTECHNIQUE_VECTORISED_LOADS=0", "-DSIZE_HIDDEN=2880",
                "-DSIZE_QUERY_WIDTH=4096",
                "-DMOELAB_VARIANT=__without_vectorised_loads__for_hidden_2880_query_width_4096");
        assertThat(Variant.FULL.sized(KERNEL, Map.of("experts", 32))).isEqualTo(Variant.FULL);
    }
}
