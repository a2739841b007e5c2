package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

/// What FP8 changes of a step.
class Fp8PlanTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> TOP = CATALOGUE.topWith("fp8-kv");
    /// The top, its unembedding in FP8 in every step.
    private static final Set<String> INTO_FP8 = TOP.stream()
            .filter(technique -> !technique.equals("dynamic-precision")).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> WEIGHTS = CATALOGUE.alone("fp8");
    private static final Set<String> CACHE = CATALOGUE.alone("fp8-kv");

    @ParameterizedTest
    @CsvSource({ "1, 1, 8", "8, 1, 8", "3, 3, 16", "1, 16, 16", "2, 16, 16" })
    void plan_ofAFewTokens_streamsWeightsInFp8(int sequences, int added, int tile) {
        for (Set<String> on : List.of(WEIGHTS, TOP)) {
            List<Draft> drafts = plan(CONFIG, on, sequences, added).forward();
            boolean async = on.contains("async-pipeline") && tile == 8;
            boolean normed = async && sequences * added == 1;
            assertThat(named(drafts, "qkv")).hasSize(CONFIG.layers())
                    .containsOnly(normed
                            ? "dense_async_fp8_normed"
                            : async ? "dense_async_fp8_float" : "dense_stream_fp8_float_n" + tile);
            assertThat(named(drafts, "/out")).hasSize(CONFIG.layers())
                    .containsOnly(async ? "dense_async_fp8_residual" : "dense_stream_fp8_residual_n" + tile);
            assertThat(named(drafts, "/bias")).isEmpty(); // the products add them
            assertThat(named(drafts, "/residual")).isEmpty();
            assertThat(named(drafts, "/router")).allMatch("router_logits"::equals);
        }
    }

    @Test
    void plan_ofManyTokens_isTheLibrarys() {
        assertThat(named(plan(CONFIG, TOP, 1, 33).forward(), "/out")).containsOnly(Draft.LIBRARY);
    }

    @ParameterizedTest
    @CsvSource({ "1, dense_async_fp8_float", "9, dense_stream_fp8_float_n16", "16, dense_stream_fp8_float_n16",
            "17, cublasLt" })
    void unembedding_ofSoManySequences_readsFp8WhileItIsReadOnce(int sequences, String implementation) {
        assertThat(named(plan(CONFIG, INTO_FP8, sequences, 1).choice(), "unembedding")).containsExactly(implementation);
    }

    @Test
    void unembedding_ofAsManyTokensAsThePublishedModelsKnow_isStreamed() {
        assertThat(named(plan(MoeConfig.gptOss20b(), INTO_FP8, 1, 1).choice(), "unembedding"))
                .containsExactly("dense_stream_fp8_float_n8");
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 8, 16 })
    void plan_ofADecodingStepAtTheTop_isTheSameEveryTime(int sequences) {
        StepPlan plan = plan(CONFIG, TOP, sequences, 1);
        assertThat(Stream.of(plan.forward(), plan.choice()).flatMap(List::stream)).allMatch(Draft::steady);
    }

    @Test
    void plan_ofAModelWhoseWidthsDoNotSuit_staysInBf16() {
        MoeConfig tiny = CONFIG;
        MoeConfig odd = new MoeConfig(4, 8, 4, 256, 256, 1024, 3, 1, 4, 16, tiny.sliding(), 4096, 1e-5f, 7f,
                tiny.rope(), List.of()); // queries 12 wide
        StepPlan plan = plan(odd, Set.of("fp8"), 1, 1);
        assertThat(named(plan.forward(), "/out")).containsOnly(Draft.LIBRARY);
        assertThat(named(plan.choice(), "unembedding")).containsOnly(Draft.LIBRARY);
        assertThat(WeightForms.of(Set.of("fp8"), odd).fp8()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({ "1, 1", "3, 1", "1, 17", "3, 40" })
    void plan_withTheCacheInFp8_touchesItByKernelsThatKnowIt(int sequences, int added) {
        String attention = added == 1 ? "attention_decode_fp8" : "attention_flash_fp8";
        for (Set<String> on : List.of(CACHE, TOP)) {
            List<Draft> drafts = plan(CONFIG, on, sequences, added).forward();
            boolean clusters = on.contains("cooperative-groups") && added == 1;
            assertThat(touchingTheCache(drafts)).containsOnly(
                    clusters
                            ? new String[] { "attention_cluster_fp8" }
                            : new String[] { "rope_kv_append_fp8", attention });
            assertThat(drafts).filteredOn(draft -> draft.implementation().endsWith("_fp8"))
                    .hasSize((clusters ? 1 : 2) * CONFIG.layers())
                    .allMatch(draft -> draft.techniques().contains("fp8-kv"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "fp8-kv", "fused-rope-kv", "fused-attention", "flash-attention" })
    void plan_whereOneThatTouchesTheCacheIsOff_keepsItInBf16InEveryStep(String off) {
        Set<String> on = new HashSet<>(TOP);
        on.remove(off);
        assertThat(CacheForm.of(on, CONFIG)).isEqualTo(CacheForm.BF16);
        for (int added : new int[] { 1, 17 }) {
            assertThat(touchingTheCache(plan(CONFIG, on, 2, added).forward())).isNotEmpty()
                    .noneMatch(name -> name.endsWith("_fp8"));
        }
    }

    @Test
    void cache_ofHeadsThatTheKernelsDoNotTake_isInBf16() {
        MoeConfig c = CONFIG;
        MoeConfig wide = new MoeConfig(c.layers(), c.experts(), c.chosen(), c.hidden(), c.intermediate(),
                c.vocabulary(), c.queryHeads(), c.kvHeads(), 128, c.slidingWindow(), c.sliding(), c.contextLength(),
                c.epsilon(), c.swigluLimit(), c.rope(), List.of());
        assertThat(CacheForm.of(TOP, wide)).isEqualTo(CacheForm.BF16);
        assertThat(CacheForm.of(TOP, CONFIG)).isEqualTo(CacheForm.FP8);
    }

    @Test
    void attention_overACacheInFp8_movesHalfOfTheKeysAndValuesAndTheirScales() {
        int length = 100;
        Set<String> fp8 = new HashSet<>(TOP);
        fp8.remove("cooperative-groups");
        Set<String> bf16 = new HashSet<>(fp8);
        bf16.remove("fp8-kv");
        long keys = 101L * CONFIG.kvWidth();
        long scales = 2 * 101L * CONFIG.kvHeads();
        assertThat(bytes(bf16, length) - bytes(fp8, length)).isEqualTo(2 * keys - scales);
    }

    /// Bytes that attention moves in a layer that looks back on all keys.
    private static long bytes(Set<String> techniques, int length) {
        return plan(CONFIG, techniques, 1, 1).forward().stream()
                .filter(draft -> draft.name().equals("layer 1/attention/attention")).findFirst().orElseThrow().bytes()
                .at(length);
    }

    private static List<String> touchingTheCache(List<Draft> drafts) {
        return drafts.stream().map(Draft::implementation)
                .filter(name -> name.startsWith("attention_") || name.contains("kv_append")).toList();
    }

    @Test
    void products_ofThePublishedModels_fitIntoSharedMemory() {
        assertThat(Fp8Products.suits(MoeConfig.gptOss20b())).isTrue();
        assertThat(Fp8Products.suits(MoeConfig.gptOss120b())).isTrue();
        assertThat(Fp8Products.suits(CONFIG)).isTrue();
    }

    @Test
    void kernels_ofFp8_areInTheManifest() throws IOException {
        KernelManifest manifest = KernelManifest.load();
        assumeThat(manifest.kernels()).as("the kernels have been built").isNotEmpty();
        Set<String> named = new TreeSet<>(Set.of("pack_fp8_tiles"));
        Set<String> without = new HashSet<>(TOP);
        without.remove("fp8");
        for (Set<String> on : List.of(WEIGHTS, CACHE, TOP, without)) {
            for (int added : new int[] { 1, 5, 9, 40 }) {
                StepPlan plan = plan(CONFIG, on, 1, added);
                Stream.of(plan.forward(), plan.choice()).flatMap(List::stream).map(Draft::implementation)
                        .filter(name -> !name.equals(Draft.LIBRARY) && !name.contains("__then__")).forEach(named::add);
            }
        }
        assertThat(manifest.kernels()).extracting(Kernel::name).containsAll(named);
        for (int added : new int[] { 1, 17 }) {
            for (Draft draft : plan(CONFIG, TOP, 1, added).forward()) {
                if (draft.implementation().endsWith("_fp8")) {
                    assertThat(manifest.kernel(draft.implementation()).map(Kernel::techniques).orElseThrow())
                            .as(draft.implementation()).containsAll(draft.techniques());
                }
            }
        }
    }

    private static StepPlan plan(MoeConfig config, Set<String> techniques, int sequences, int added) {
        return new StepPlan(new StepShape(config, techniques, sequences, added, 64));
    }

    /// What does the operations whose names end so.
    private static List<String> named(List<Draft> drafts, String end) {
        return drafts.stream().filter(draft -> draft.name().endsWith(end)).map(Draft::implementation).toList();
    }
}
