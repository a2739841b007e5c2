package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.moelab.kernels.SourceTree;

class FusedGroupTest {
    private static final SourceTree SOURCES = new SourceTree(Map.of("norm/rows.cuh", """
            /// Adds.
            /// @row add_residual
            struct AddResidual {
                float* x;
                const float* delta;
                int hidden;

                void operator()(Row& row) const {
                    int hidden_of_another = 0;
                }
            };

            /// @row rms_norm
            struct RmsNorm {
                Bf16* out;
                const float* x;
                int hidden;
                float epsilon;

            };
            """, "common/dependent.cuh", "", "common/kernel.cuh", "", "common/rows.cuh", "", "norm/other.cu", ""));

    @Test
    void text_ofTwoOperations_callsThemWithTheirKernelsParametersAndSizesAsConstants() {
        FusedGroup group = group("add_residual", "rms_norm");

        SourceTree all = group.into(SOURCES);

        assertThat(all.text(group.path())).isEqualTo("""
                // add_residual, then rms_norm.
                #ifndef SIZE_HIDDEN
                #define SIZE_HIDDEN 0
                #endif
                #ifndef SIZE_THREADS
                #define SIZE_THREADS 0
                #endif
                #include "common/dependent.cuh"
                #include "common/kernel.cuh"
                #include "common/rows.cuh"
                #include "norm/rows.cuh"

                extern "C" __global__ void __launch_bounds__(SIZE_THREADS, 4) KERNEL_NAME(add_residual__then__rms_norm)(
                    float* x_0,
                    const float* delta_0,
                    int hidden_0,
                    Bf16* out_1,
                    const float* x_1,
                    int hidden_1,
                    float epsilon_1) {
                    __shared__ float scratch[kWarpSize];
                    wait_for_previous();
                    let_next_begin();
                    row_group<SIZE_HIDDEN, SIZE_THREADS>(scratch,
                        AddResidual{given(x_0), given(delta_0), SIZE_HIDDEN},
                        RmsNorm{given(out_1), given(x_1), SIZE_HIDDEN, epsilon_1});
                }
                """);
        assertThat(all.files()).containsAllEntriesOf(SOURCES.files());
    }

    @Test
    void variant_ofAGroup_isNamedAfterTheSizesThatItsOperationsTake() {
        FusedGroup group = group("add_residual", "rms_norm");

        assertThat(group.variant(group.into(SOURCES)).nameOf(FusedGroup.name(group.operations())))
                .isEqualTo("add_residual__then__rms_norm__for_hidden_2880_threads_256");
    }

    @Test
    void group_ofAnOperationThatNoHeaderKnows_isRefusedByItsName() {
        assertThatIllegalArgumentException().isThrownBy(() -> group("add_residual", "rope").into(SOURCES))
                .withMessage("no header says what rope does to a row");
    }

    private static FusedGroup group(String... operations) {
        return new FusedGroup(List.of(operations), new TreeMap<>(Map.of("hidden", 2880, "chosen", 4)), 256);
    }
}
