package org.moelab.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

class SourceTreeTest {
    private static final SourceTree TREE = new SourceTree(Map.of(
            "gemm/gemv.cu", """
                    #include "../common/numeric.cuh"
                    # include "size.cuh"
                    #include <missing.h>
                    #ifndef TECHNIQUE_VECTORISED_LOADS
                    #define TECHNIQUE_VECTORISED_LOADS 1
                    #endif
                    #if TECHNIQUE_VECTORISED_LOADS && TECHNIQUE_TILING
                    #endif
                    """,
            "gemm/size.cuh", "#include \"common/numeric.cuh\"\nint gemm;\n",
            "moe/size.cuh", "int moe;\n",
            "moe/rows.cu", "#include \"./size.cuh\"\n",
            "common/numeric.cuh", "#pragma once\n  #  ifndef TECHNIQUE_ILP\n#define TECHNIQUE_ILP 1\n#endif\n",
            "common/unused.cuh", "#ifndef TECHNIQUE_FUSION\n#endif\n"));

    @Test
    void withHeaders_nestedIncludes_followsThemFromTheirOwnFolderAndFromTheRoot() {
        assertThat(TREE.withHeaders("gemm/gemv.cu"))
                .containsExactly("gemm/gemv.cu", "common/numeric.cuh", "gemm/size.cuh");
    }

    @Test
    void withHeaders_headersThatIncludeEachOther_ends() {
        SourceTree circle = new SourceTree(Map.of("a.cuh", "#include \"b.cuh\"\n", "b.cuh", "#include \"a.cuh\"\n"));

        assertThat(circle.withHeaders("a.cuh")).containsExactly("a.cuh", "b.cuh");
    }

    @Test
    void switches_ofTheSourceAndItsHeaders_areIdsInOrder() {
        assertThat(TREE.switches("gemm/gemv.cu")).containsExactly("ilp", "vectorised-loads");
        assertThat(TREE.switches("moe/rows.cu")).isEmpty();
    }

    @Test
    void additions_switchesThatAreOffByDefault_areThoseAlone() {
        SourceTree tree = new SourceTree(Map.of("a.cu", """
                #include "b.cuh"
                #ifndef TECHNIQUE_ILP
                #define TECHNIQUE_ILP 1
                #endif
                #ifndef SIZE_QUERY_WIDTH
                #define SIZE_QUERY_WIDTH 0
                #endif
                """, "b.cuh", "#ifndef TECHNIQUE_LATENCY_HIDING\n  # define TECHNIQUE_LATENCY_HIDING 0\n#endif\n"));

        assertThat(tree.switches("a.cu")).containsExactly("ilp", "latency-hiding");
        assertThat(tree.additions("a.cu")).containsExactly("latency-hiding");
        assertThat(tree.sizes("a.cu")).containsExactly("query-width");
        assertThat(tree.sizes("b.cuh")).isEmpty();
    }

    @Test
    void selfContained_headersOfOneName_areToldApartAndLinesStay() {
        SourceTree part = TREE.selfContained("gemm/gemv.cu");

        assertThat(part.files()).containsOnlyKeys("gemm/gemv.cu", "common/numeric.cuh", "gemm/size.cuh");
        assertThat(part.text("gemm/gemv.cu").lines().limit(4)).containsExactly("#include \"common/numeric.cuh\"",
                "# include \"gemm/size.cuh\"", "#include <missing.h>", "#ifndef TECHNIQUE_VECTORISED_LOADS");
        assertThat(TREE.selfContained("moe/rows.cu").text("moe/rows.cu")).isEqualTo("#include \"moe/size.cuh\"\n");
    }

    @Test
    void selfContained_includeThatTheTreeLacks_isLeftToTheCompiler() {
        SourceTree tree = new SourceTree(Map.of("a/b.cu", "#include \"../c$1.cuh\"\n"));

        assertThat(tree.selfContained("a/b.cu")).isEqualTo(tree);
    }

    @Test
    void text_unknownSource_namesIt() {
        assertThatThrownBy(() -> TREE.text("gemm/other.cu")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no source gemm/other.cu among the kernels' sources");
    }
}
