package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.bench.Verification;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

/// Experts whose products overlap give the very numbers of those that follow each other: the order of their sums is the same.
@RequiresGpu
class ExpertOverlapGpuTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final String ID = WarpgroupExperts.OVERLAP;
    private static final List<String> SWITCHES = List.of("tma", "warp-specialisation", "persistent-kernels");

    /// Items of both products are more than any GPU has multiprocessors, and of 18 steps of weights: two slots and a part.
    private static MoeConfig large() {
        MoeConfig tiny = MoeConfig.tiny();
        return new MoeConfig(2, 4, 2, 1120, 1120, 515, 4, 2, 64, 16, List.of(true, false), 4096, 1e-5f, 7f, tiny.rope(),
                List.of());
    }

    @Test
    void logits_ofALongPrompt_areThoseWithoutOverlapEveryTime() throws CudaUnavailableException {
        MoeConfig c = large();
        Set<String> top = CATALOGUE.topWith(ID);
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = load(context, new RandomWeights(c, "large", 5), top)) {
            if (engine.lacking().containsKey(ID)) {
                return; // what it needs is not here
            }
            for (Set<String> on : variants(top)) {
                float[][] expected = logits(engine.with(without(on, ID)), c, 1000);
                for (int turn = 0; turn < 20; turn++) {
                    assertThat(logits(engine.with(on), c, 1000)).as("turn %d of %s", turn, on)
                            .isDeepEqualTo(expected);
                }
            }
        }
    }

    @Test
    void logits_ofDecodingStepsAsGraphs_areThoseWithoutOverlap() throws CudaUnavailableException {
        MoeConfig c = MoeConfig.tiny();
        Set<String> top = CATALOGUE.topWith(ID);
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = load(context, new RandomWeights(c, "tiny", 20), top)) {
            List<float[][]> expected = decoded(engine.with(without(top, ID)), c);
            List<float[][]> found = decoded(engine, c);
            for (int step = 0; step < expected.size(); step++) {
                assertThat(found.get(step)).as("step %d", step).isDeepEqualTo(expected.get(step));
            }
        }
    }

    /// Logits of some steps of as many sequences as warpgroup products take; all steps but the first are graphs.
    private static List<float[][]> decoded(CudaEngine engine, MoeConfig c) {
        int sequences = 80;
        List<float[][]> rows = new ArrayList<>();
        Random random = new Random(4);
        try (CudaSession session = engine.open(sequences, 8, 1)) {
            session.poison();
            for (int step = 0; step < 5; step++) {
                int[][] tokens = new int[sequences][];
                Arrays.setAll(tokens, _ -> new int[] { random.nextInt(c.vocabulary()) });
                rows.add(session.append(tokens, Session.Scope.LAST));
            }
        }
        return rows;
    }

    @Test
    void logits_withOverlap_areTheReferences() throws CudaUnavailableException {
        RandomWeights tiny = new RandomWeights(MoeConfig.tiny(), "tiny", 20);
        CpuEngine reference = new CpuEngine(CpuWeights.of(tiny));
        Set<String> top = CATALOGUE.topWith(ID);
        try (CudaContext context = RequiresGpu.Condition.open(); CudaEngine engine = load(context, tiny, top)) {
            for (int prompt : new int[] { 65, 129 }) {
                Verification v = Verification.of(engine, reference, 3, prompt);
                assertThat(v.problem(Verification.bound(top))).as(v.toString()).isEmpty();
            }
        }
    }

    /// All, and all but one of the switches that change how the kernels are fed.
    private static List<Set<String>> variants(Set<String> top) {
        List<Set<String>> all = new ArrayList<>(List.of(top));
        SWITCHES.forEach(id -> all.add(without(top, id)));
        return all;
    }

    private static float[][] logits(CudaEngine engine, MoeConfig c, int prompt) {
        try (CudaSession session = engine.open(1, prompt + 1, prompt)) {
            session.poison();
            return session.append(new int[][] { new Random(3).ints(prompt, 0, c.vocabulary()).toArray() },
                    Session.Scope.LAST);
        }
    }

    private static Set<String> without(Set<String> techniques, String id) {
        Set<String> fewer = new HashSet<>(techniques);
        fewer.remove(id);
        return fewer;
    }

    private static CudaEngine load(CudaContext context, RandomWeights weights, Set<String> techniques)
            throws CudaUnavailableException {
        return CudaEngine.load(context, LibraryFinder.of(Host.current()), weights, techniques);
    }
}
