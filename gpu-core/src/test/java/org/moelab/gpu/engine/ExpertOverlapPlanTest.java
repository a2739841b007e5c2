package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.kernels.KernelManifest;

/// What the overlap of the experts' products changes of a step: their kernels and nothing else.
class ExpertOverlapPlanTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final String ID = WarpgroupExperts.OVERLAP;
    private static final Set<String> TOP = CATALOGUE.topWith(ID);
    private static final List<String> OVERLAPPING = List.of("sort_rows", "expert_gate_up_warpgroup_mxfp4",
            "expert_down_warpgroup_mxfp4");

    @ParameterizedTest
    @CsvSource({ "1, 65", "1, 500", "3, 40" })
    void plan_ofWarpgroupProducts_overlapsThemAndNoOthers(int sequences, int added) {
        for (Set<String> on : List.of(TOP, CATALOGUE.alone(ID))) {
            List<Draft> drafts = plan(on, sequences, added);
            assertThat(drafts).filteredOn(draft -> draft.techniques().contains(ID))
                    .hasSize(OVERLAPPING.size() * CONFIG.layers()).extracting(Draft::implementation)
                    .containsOnly(OVERLAPPING.toArray(String[]::new));
            assertThat(drafts).extracting(Draft::implementation).as("the same kernels, in a variant")
                    .isEqualTo(plan(without(on), sequences, added).stream().map(Draft::implementation).toList());
        }
    }

    @Test
    void plan_ofADecodingStepOfManySequences_isTheSameEveryTime() {
        assertThat(plan(TOP, 65, 1)).allMatch(Draft::steady).anyMatch(draft -> draft.techniques().contains(ID));
    }

    @ParameterizedTest
    @CsvSource({ "1, 1", "8, 1", "1, 64" })
    void plan_ofFewerTokens_hasNothingToOverlap(int sequences, int added) {
        assertThat(plan(TOP, sequences, added)).noneMatch(draft -> draft.techniques().contains(ID));
    }

    @Test
    void kernelsThatOverlap_canBeCompiledWithoutIt() throws IOException {
        KernelManifest manifest = KernelManifest.load();
        assumeThat(manifest.kernels()).as("the kernels have been built").isNotEmpty();
        assertThat(OVERLAPPING).allSatisfy(name -> {
            KernelManifest.Kernel kernel = manifest.kernel(name).orElseThrow();
            assertThat(kernel.switches()).contains(ID);
            assertThat(kernel.techniques()).contains(ID);
        });
    }

    private static Set<String> without(Set<String> techniques) {
        Set<String> fewer = new HashSet<>(techniques);
        fewer.remove(ID);
        return fewer;
    }

    private static List<Draft> plan(Set<String> techniques, int sequences, int added) {
        return new StepPlan(new StepShape(CONFIG, techniques, sequences, added, 600)).forward();
    }
}
