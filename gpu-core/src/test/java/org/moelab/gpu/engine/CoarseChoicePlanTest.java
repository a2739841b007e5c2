package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;

/// What dynamic precision changes of the choice of a token.
class CoarseChoicePlanTest {
    private static final MoeConfig CONFIG = MoeConfig.gptOss20b();
    private static final Set<String> TOP = Catalogue.load().upTo(Catalogue.load().layers().getLast());

    @ParameterizedTest
    @CsvSource({ "1, coarse_logits_n8", "8, coarse_logits_n8", "9, coarse_logits_n16", "16, coarse_logits_n16" })
    void choice_ofAFewSequences_readsFourBitsAndLooksAgainAtTheNearest(int sequences, String product) {
        List<Draft> drafts = plan(CONFIG, TOP, sequences).choice();

        assertThat(drafts).extracting(Draft::implementation).containsSubsequence(product, "argmax_parts",
                "rescore_nearest", "argmax_of_parts", "keep_choice");
        assertThat(drafts).filteredOn(draft -> draft.techniques().contains("dynamic-precision"))
                .extracting(Draft::name).containsExactly("unembedding", "rescoring");
    }

    @Test
    void choice_ofManySequences_readsWeightsOnceInBf16() {
        assertThat(plan(CONFIG, TOP, 17).choice()).extracting(Draft::implementation).contains(Draft.LIBRARY)
                .doesNotContain("rescore_nearest");
    }

    @Test
    void choice_withoutPartsOfLogits_readsAllRows() {
        Set<String> on = new HashSet<>(TOP);
        on.remove("architecture-sizing");

        assertThat(plan(CONFIG, on, 1).choice()).extracting(Draft::implementation).contains("argmax")
                .doesNotContain("rescore_nearest");
    }

    @Test
    void logits_forTheCaller_areNotThoseOfFourBits() {
        assertThat(plan(CONFIG, TOP, 1).logits(1)).extracting(Draft::implementation)
                .containsExactly("dense_stream_fp8_float_n8");
    }

    @Test
    void unembedding_inFourBits_movesLittleMoreThanHalfOfItsBytesInFp8() {
        Set<String> without = new HashSet<>(TOP);
        without.remove("dynamic-precision");

        long coarse = bytes(plan(CONFIG, TOP, 1));
        long fp8 = bytes(plan(CONFIG, without, 1));

        assertThat((double) coarse / fp8).isBetween(0.53, 0.54); // 17 / 32, codes and scales
    }

    @Test
    void memory_ofTheModel_countsTheRoundedUnembedding() {
        WeightForms with = WeightForms.of(TOP, CONFIG);
        WeightForms without = new WeightForms(with.experts(), with.fp8(), false);

        assertThat(with.coarse()).isTrue();
        assertThat(with.bytes(CONFIG) - without.bytes(CONFIG)).isEqualTo(201_088L * 2880 * 17 / 32 + 4 * 201_089L);
    }

    @Test
    void choice_ofAVocabularyThatFillsNoTiles_readsAllRows() {
        MoeConfig c = MoeConfig.tiny();
        MoeConfig odd = new MoeConfig(c.layers(), c.experts(), c.chosen(), c.hidden(), c.intermediate(),
                c.vocabulary() + 1, c.queryHeads(), c.kvHeads(), c.headSize(), c.slidingWindow(), c.sliding(),
                c.contextLength(), c.epsilon(), c.swigluLimit(), c.rope(), List.of());

        assertThat(plan(odd, TOP, 1).choice()).extracting(Draft::implementation).doesNotContain("rescore_nearest");
        assertThat(plan(c, TOP, 1).choice()).extracting(Draft::implementation).contains("rescore_nearest");
    }

    private static long bytes(StepPlan plan) {
        return plan.choice().stream().filter(draft -> draft.name().equals("unembedding")).findFirst().orElseThrow()
                .bytes().at(0);
    }

    private static StepPlan plan(MoeConfig config, Set<String> techniques, int sequences) {
        return new StepPlan(new StepShape(config, techniques, sequences, 1, 64));
    }
}
