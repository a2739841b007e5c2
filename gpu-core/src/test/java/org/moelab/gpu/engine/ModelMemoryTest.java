package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;

class ModelMemoryTest {
    /// What an H200 has free before anything is loaded: 139.8 GiB.
    private static final long H200 = (long) (139.8 * (1L << 30));
    private static final Set<String> PACKED = Set.of("mxfp4");
    private static final Set<String> FP8 = Set.of("mxfp4", "fp8");
    private static final ModelMemory SMALL = new ModelMemory("gpt-oss-20b", MoeConfig.gptOss20b());
    private static final ModelMemory LARGE = new ModelMemory("gpt-oss-120b", MoeConfig.gptOss120b());

    @Test
    void weights_ofThePublishedModels_areTheSizesOfTheirCheckpoints() {
        // the checkpoints of 13.76 and 65.25 GB hold the same tensors, packed in the same number of bits
        assertThat(SMALL.weights(PACKED) / 1e9).isBetween(13.7, 13.8);
        assertThat(LARGE.weights(PACKED) / 1e9).isBetween(65.2, 65.3);
        long numbers = 36L * 128 * 3 * 2880 * 2880;
        assertThat(LARGE.weights(Set.of()) - LARGE.dense()).isEqualTo(2 * numbers);
        assertThat(LARGE.weights(PACKED) - LARGE.dense()).isEqualTo(numbers * 17 / 32);
    }

    @Test
    void bytes_whereColumnsEndWithinATile_countTheWholeTile() {
        MoeConfig c = MoeConfig.gptOss20b();
        MoeConfig odd = new MoeConfig(1, 2, 1, 96, 32, 100, 2, 1, 64, 16, c.sliding().subList(0, 1), 4096, 1e-5f, 7f,
                c.rope(), c.endTokens());
        // gate and up: 4 rows of 2 tiles, down: 6 rows of 1 tile, 544 bytes each
        assertThat(ExpertForm.MXFP4.bytes(odd)).isEqualTo(2 * (8 + 6) * 544);
    }

    @Test
    void fits_onAnH200_allOfTheSmallModelAndThePackedLargeOne() {
        assertThat(SMALL.fits(Set.of(), H200)).isTrue();
        assertThat(SMALL.fits(PACKED, H200)).isTrue();
        assertThat(SMALL.hasRoom(bytes(SMALL, ExpertForm.MXFP4), H200 - SMALL.weights(Set.of()))).isTrue();
        assertThat(LARGE.fits(Set.of(), H200)).isFalse();
        assertThat(LARGE.fits(PACKED, H200)).isTrue();
        assertThat(LARGE.hasRoom(bytes(LARGE, ExpertForm.BF16), H200 - LARGE.weights(PACKED))).isFalse();
    }

    @Test
    void fits_exactlyTheWeights_leavesNoRoomToLoadThem() {
        assertThat(LARGE.fits(PACKED, LARGE.weights(PACKED))).isFalse();
    }

    @Test
    void refusal_ofTheLargeModelInBf16_namesTheLayersThatNeedItAndTheOneThatDoesNot() {
        assertThat(LARGE.refusal(Set.of(), "NVIDIA H200", H200, Catalogue.load())).matches(
                "gpt-oss-120b with its experts in bf16 takes 233\\.\\d GB and NVIDIA H200 has 150\\.1 GB free; "
                        + "layers baseline to 4 need that, layers 5 to 6 keep them packed \\(66\\.\\d\\d GB\\)");
    }

    @Test
    void refusal_whereNothingFits_promisesNothing() {
        long little = 24_000_000_000L;
        assertThat(LARGE.refusal(Set.of(), "GPU", little, Catalogue.load()))
                .endsWith("layers 5 to 6 keep them packed (66.79 GB, too much as well)");
        assertThat(LARGE.refusal(PACKED, "GPU", little, Catalogue.load()))
                .isEqualTo("gpt-oss-120b with its experts packed takes 65.25 GB and GPU has 24.00 GB free");
    }

    @Test
    void refusal_ofASecondForm_saysWhatItWouldTakeOnTop() {
        WeightForms bf16 = WeightForms.of(Set.of(), SMALL.config());
        assertThat(SMALL.refusal(bf16, bytes(SMALL, ExpertForm.BF16), "GPU", 30_000_000_000L)).contains(
                "gpt-oss-20b is loaded", "in bf16", "38.22 GB more", "30.00 GB free", "on their own");
        WeightForms fp8 = WeightForms.of(FP8, SMALL.config());
        assertThat(SMALL.refusal(fp8, Fp8Weights.bytes(SMALL.config()), "GPU", 1_000_000_000L)).contains(
                "experts packed and attention and unembedding in FP8, too, take 1.2", "GB more", "1.000 GB free");
    }

    @Test
    void weights_withFp8_areThoseOfAttentionAndUnembeddingOnTop() {
        long numbers = 24L * (5120 * 2880 + 2880 * 4096) + 201_088L * 2880;
        long rows = 24L * (5120 + 2880) + 201_088;
        assertThat(SMALL.weights(FP8) - SMALL.weights(PACKED)).isEqualTo(numbers + 4 * rows);
        assertThat(SMALL.fits(FP8, SMALL.weights(PACKED) + numbers)).isFalse();
        assertThat(SMALL.fits(FP8, H200)).isTrue();
        assertThat(LARGE.fits(FP8, H200)).isTrue();
    }

    private static long bytes(ModelMemory memory, ExpertForm form) {
        return form.bytes(memory.config());
    }
}
