package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.SmallCheckpoint;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointException;
import org.moelab.gpu.model.CheckpointWeights;

/// The check on a checkpoint with near ties between experts. What rounds is simulated: every weight of the model compared is
/// off by a random share, which makes errors of nearly the size that may pass.
class CheckpointVerificationTest {
    private static final float LARGEST_SHARE = 0x1p-8f;
    private static final int BATCH = 3;
    private static final int PROMPT = 24;

    private static CpuWeights weights() throws CheckpointException {
        try (CheckpointWeights source = new CheckpointWeights(Checkpoint.open(SmallCheckpoint.folder()))) {
            return CpuWeights.of(source);
        }
    }

    @Test
    void weightsOffByLittle_flipNearTiesOnly_andPass() throws CheckpointException {
        CpuWeights weights = weights();
        Verification v = Verification.of(new CpuEngine(off(weights, 1)), new CpuEngine(weights), BATCH, PROMPT);
        assertThat(v.rerouting().rerouted()).as("%s", v).isPositive();
        assertThat(v.unheld()).as("%s", v).isGreaterThan(1.5 * Math.max(v.prefill(), v.decode()));
        assertThat(v.problem(Verification.BF16_ERROR)).as("%s", v).isEmpty();
    }

    @Test
    void routerThatTakesAnotherExpert_isRefused() throws CheckpointException {
        CpuWeights weights = weights();
        CpuWeights wrong = off(weights, 1);
        for (CpuWeights.Layer layer : wrong.layers()) {
            layer.routerBias()[0] += 0.5f;
        }
        Verification v = Verification.of(new CpuEngine(wrong), new CpuEngine(weights), BATCH, PROMPT);
        assertThat(v.problem(Verification.BF16_ERROR)).as("%s", v)
                .hasValueSatisfying(problem -> assertThat(problem).contains("router is wrong"));
    }

    private static CpuWeights off(CpuWeights w, long seed) {
        Random random = new Random(seed);
        List<CpuWeights.Layer> layers = w.layers().stream()
                .map(l -> new CpuWeights.Layer(off(l.attentionNorm(), random), off(l.qkv(), random),
                        off(l.qkvBias(), random), off(l.sinks(), random), off(l.out(), random),
                        off(l.outBias(), random), off(l.moeNorm(), random), off(l.router(), random),
                        off(l.routerBias(), random), off(l.gateUp(), random), off(l.gateUpBias(), random),
                        off(l.down(), random), off(l.downBias(), random)))
                .toList();
        return new CpuWeights(w.config(), off(w.embedding(), random), layers, off(w.norm(), random),
                off(w.unembedding(), random));
    }

    private static float[] off(float[] numbers, Random random) {
        float[] out = new float[numbers.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = numbers[i] * (1 + LARGEST_SHARE * (2 * random.nextFloat() - 1));
        }
        return out;
    }
}
