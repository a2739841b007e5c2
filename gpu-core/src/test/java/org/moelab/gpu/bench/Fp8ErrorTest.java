package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.E4m3;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

/// What rounding to FP8 does to logits, by the reference with rounded weights: no kernel's error in it.
class Fp8ErrorTest {
    /// The range is what decision 15 says: rounding alone reaches the bound, and goes beyond it at some prompts.
    @ParameterizedTest
    @ValueSource(ints = { 1, 17, 48 })
    void logits_withWeightsInFp8_areOffByWhatRoundingMakes(int prompt) {
        CpuWeights exact = CpuWeights.of(new RandomWeights(MoeConfig.tiny(), "tiny", 20));

        Verification v = Verification.of(new CpuEngine(rounded(exact)), new CpuEngine(exact), 3, prompt);

        assertThat(Math.max(v.prefill(), v.decode())).as("%s", v).isBetween(4e-2, 7e-2);
        assertThat(v.problem(Verification.BF16_ERROR)).as("a bound of bf16 would refuse it: %s", v).isPresent();
    }

    @Test
    void bound_ofATechnique_isFp8sForThoseThatRoundToIt() {
        Catalogue catalogue = Catalogue.load();
        assertThat(Verification.bound(Set.of())).isEqualTo(Verification.BF16_ERROR);
        assertThat(Verification.bound(catalogue.alone("mxfp4"))).isEqualTo(Verification.BF16_ERROR);
        assertThat(Verification.bound(catalogue.alone("fp8"))).isEqualTo(Verification.FP8_ERROR);
        assertThat(Verification.bound(catalogue.upTo(catalogue.top()))).isEqualTo(Verification.FP8_ERROR);
    }

    private static CpuWeights rounded(CpuWeights w) {
        MoeConfig c = w.config();
        List<CpuWeights.Layer> layers = w.layers().stream()
                .map(l -> new CpuWeights.Layer(l.attentionNorm(), E4m3.roundRows(l.qkv(), c.hidden()), l.qkvBias(),
                        l.sinks(), E4m3.roundRows(l.out(), c.queryWidth()), l.outBias(), l.moeNorm(), l.router(),
                        l.routerBias(), l.gateUp(), l.gateUpBias(), l.down(), l.downBias()))
                .toList();
        return new CpuWeights(c, w.embedding(), layers, w.norm(), E4m3.roundRows(w.unembedding(), c.hidden()));
    }
}
