package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Kernel;

/// What pages change of a step: the kernels that touch the cache, and no others.
class PagedPlanTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> ALONE = CATALOGUE.alone("paged-attention");
    private static final Set<String> TOP = CATALOGUE.topWith("paged-attention");
    private static final Set<String> FP8 = Stream.concat(TOP.stream(), Stream.of("fp8-kv")).collect(
            Collectors.toUnmodifiableSet());

    @ParameterizedTest
    @CsvSource({ "1, 1", "3, 1", "9, 1", "1, 17", "3, 40" })
    void plan_withPages_saysSoOfEveryKernelThatTouchesTheCache(int sequences, int added) {
        for (Set<String> on : List.of(ALONE, TOP, FP8)) {
            List<Draft> drafts = plan(on, sequences, added);
            assertThat(drafts).filteredOn(PagedPlanTest::touchesTheCache).isNotEmpty()
                    .allMatch(draft -> draft.techniques().contains("paged-attention"));
            assertThat(drafts).filteredOn(draft -> !touchesTheCache(draft)).isNotEmpty()
                    .noneMatch(draft -> draft.techniques().contains("paged-attention"));
            assertThat(drafts).extracting(Draft::implementation).as("the same kernels, in a variant")
                    .isEqualTo(plan(without(on, "paged-attention"), sequences, added).stream()
                            .map(Draft::implementation).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 9 })
    void plan_ofADecodingStepWithPages_isTheSameEveryTime(int sequences) {
        assertThat(plan(TOP, sequences, 1)).allMatch(Draft::steady);
    }

    @ParameterizedTest
    @ValueSource(strings = { "fused-rope-kv", "fused-attention", "flash-attention" })
    void plan_whereAKernelKnowsNoPages_hasNoneInAnyStep(String off) {
        Set<String> on = new HashSet<>(without(TOP, off));
        on.add("l2-persistence");
        assertThat(PagedCache.suits(on, CONFIG)).isFalse();
        assertThat(PagedCache.effective(on, CONFIG)).doesNotContain("paged-attention")
                .contains("l2-persistence");
        for (int added : new int[] { 1, 17 }) {
            assertThat(plan(on, 2, added)).noneMatch(draft -> draft.techniques().contains("paged-attention"));
        }
    }

    @Test
    void effectiveTechniques_withPages_haveNoWindowOfTheLevel2Cache() {
        Set<String> withWindow = new HashSet<>(TOP);
        withWindow.add("l2-persistence");

        assertThat(PagedCache.effective(withWindow, CONFIG)).isEqualTo(without(TOP, "l2-persistence"));
        Set<String> contiguous = without(TOP, "paged-attention");
        assertThat(PagedCache.effective(contiguous, CONFIG)).isEqualTo(contiguous);
    }

    @Test
    void kernelsThatTouchTheCache_canBeCompiledForPages() throws IOException {
        KernelManifest manifest = KernelManifest.load();
        assumeThat(manifest.kernels()).as("the kernels have been built").isNotEmpty();
        for (Set<String> on : List.of(ALONE, TOP, FP8)) {
            for (int added : new int[] { 1, 17 }) {
                assertThat(plan(on, 9, added)).filteredOn(PagedPlanTest::touchesTheCache)
                        .allSatisfy(draft -> {
                            Kernel kernel = manifest.kernel(draft.implementation()).orElseThrow();
                            assertThat(kernel.additions()).as(kernel.name()).contains("paged-attention");
                            assertThat(kernel.techniques()).as(kernel.name()).containsAll(draft.techniques());
                        });
            }
        }
    }

    private static boolean touchesTheCache(Draft draft) {
        return draft.implementation().startsWith("attention_") || draft.implementation().contains("kv_append");
    }

    private static List<Draft> plan(Set<String> techniques, int sequences, int added) {
        return new StepPlan(new StepShape(CONFIG, techniques, sequences, added, 64)).forward();
    }

    private static Set<String> without(Set<String> techniques, String id) {
        Set<String> fewer = new HashSet<>(techniques);
        fewer.remove(id);
        return Set.copyOf(fewer);
    }
}
