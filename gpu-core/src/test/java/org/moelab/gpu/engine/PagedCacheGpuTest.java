package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.MemoryLedger;
import org.moelab.gpu.engine.Session.Scope;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

/// A cache in pages against one in which each sequence has a stretch: the same model, the same tokens.
@RequiresGpu
class PagedCacheGpuTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final RandomWeights TINY = new RandomWeights(CONFIG, "tiny", 20);
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> ALONE = CATALOGUE.alone(PagedCache.TECHNIQUE);
    private static final Set<String> TOP = CATALOGUE.topWith(PagedCache.TECHNIQUE);
    private static final int PROMPT = 100;
    private static final int STEPS = 40; // over the boundary at 128
    /// Both compute the same in the same order, but one is compiled by NVRTC: far less than what a wrong key would do.
    private static final double NEAR = 2e-2;

    @BeforeEach
    void requireCompiler() {
        Assumptions.assumeTrue(LibraryFinder.of(Host.current()).find(CudaLibrary.RTC).isPresent(),
                "NVRTC is not installed: there are no kernels for pages");
    }

    static Stream<Arguments> sessions() {
        return Stream.of(Arguments.of(1, ALONE), Arguments.of(1, TOP), Arguments.of(3, TOP), Arguments.of(9, TOP),
                Arguments.of(1, with(TOP, "fp8-kv")), Arguments.of(9, with(TOP, "fp8-kv")),
                Arguments.of(2, without(with(TOP, "fp8-kv"), "coalesced-access")),
                Arguments.of(2, without(TOP, "cooperative-groups")),
                Arguments.of(2, with(TOP, "generated-kernels")));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void logits_withPages_areThoseWithoutThem(int sequences, Set<String> techniques)
            throws CudaUnavailableException {
        List<float[][]> contiguous = logits(sequences, without(techniques, PagedCache.TECHNIQUE));
        List<float[][]> paged = logits(sequences, techniques);

        for (int step = 0; step < contiguous.size(); step++) {
            assertThat(LogitError.relative(paged.get(step), contiguous.get(step))).as("step %d", step)
                    .isLessThan(NEAR);
        }
    }

    /// Two rounds in one session, the second on pages that the first gave back in another order; poisoned before.
    private static List<float[][]> logits(int sequences, Set<String> techniques) throws CudaUnavailableException {
        List<float[][]> rows = new ArrayList<>();
        try (CudaContext context = RequiresGpu.Condition.open()) {
            try (CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY, techniques);
                    CudaSession session = engine.open(sequences, PROMPT + STEPS, PROMPT)) {
                session.poison();
                for (int round = 0; round < 2; round++) {
                    session.clear();
                    rows.add(session.append(tokens(sequences, PROMPT, round), Scope.ALL));
                    for (int i = 0; i < STEPS; i++) {
                        rows.add(session.append(tokens(sequences, 1, 31 * i + round), Scope.LAST));
                    }
                }
            }
            assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
        }
        return rows;
    }

    @Test
    void tokens_ofStepsInOneGraph_areThoseOfStepsOneByOne() throws CudaUnavailableException {
        for (int sequences : new int[] { 1, 3 }) {
            assertThat(chosen(sequences, TOP)).isEqualTo(chosen(sequences, without(TOP, "cuda-graphs")));
        }
    }

    private static String chosen(int sequences, Set<String> techniques) throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY, techniques);
                CudaSession session = engine.open(sequences, PROMPT + STEPS + 1, PROMPT)) {
            session.feed(tokens(sequences, PROMPT, 0));
            session.choose();
            for (int i = 0; i < STEPS; i++) {
                session.advance();
            }
            return Arrays.deepToString(session.chosen());
        }
    }

    @Test
    void cache_ofGrowingSequences_takesWhatTheyHaveComeTo() throws CudaUnavailableException {
        int sequences = 3;
        int capacity = 3200; // 50 pages each
        long page = 64L * CONFIG.layers() * CacheForm.BF16.tokenBytes(CONFIG);
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY, TOP)) {
            try (CudaSession session = engine.open(sequences, capacity, 1024)) {
                assertThat(cacheBytes(context)).isEqualTo(16 * page);
                session.feed(tokens(sequences, 5 * 64, 0));
                assertThat(cacheBytes(context)).as("15 pages").isEqualTo(16 * page);
                session.feed(tokens(sequences, 1, 0));
                assertThat(cacheBytes(context)).as("18 pages").isEqualTo(32 * page);
                session.feed(tokens(sequences, 1000, 0));
                assertThat(cacheBytes(context)).as("63 pages").isEqualTo(64 * page);
                session.clear();
                session.feed(tokens(sequences, 1000, 0));
                assertThat(cacheBytes(context)).as("the same pages again").isEqualTo(64 * page);
            }
            assertThat(cacheBytes(context)).isZero();
        }
    }

    @Test
    void techniques_whereAKernelKnowsNoPages_areWithoutThem() throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY,
                        without(TOP, "flash-attention"));
                CudaSession session = engine.open(1, 64, 32)) {
            assertThat(engine.techniques()).doesNotContain(PagedCache.TECHNIQUE);
            assertThat(session.plan(1)).extracting(Operation::implementation)
                    .noneMatch(name -> name.contains("paged"));
            session.feed(tokens(1, 32, 0));
            assertThat(session.logits(Scope.LAST)[0]).doesNotContain(Float.NaN);
        }
    }

    private static long cacheBytes(CudaContext context) {
        return context.ledger().accounts().stream().filter(account -> account.purpose().equals(CacheForm.PURPOSE))
                .mapToLong(MemoryLedger.Account::bytes).sum();
    }

    private static int[][] tokens(int sequences, int count, int seed) {
        return IntStream.range(0, sequences).mapToObj(s -> IntStream.range(0, count)
                .map(t -> (31 * s + 7 * t + 13 * seed) % CONFIG.vocabulary()).toArray()).toArray(int[][]::new);
    }

    private static Set<String> with(Set<String> techniques, String id) {
        Set<String> more = new HashSet<>(techniques);
        more.addAll(CATALOGUE.alone(id));
        return Set.copyOf(more);
    }

    private static Set<String> without(Set<String> techniques, String id) {
        Set<String> fewer = new HashSet<>(techniques);
        fewer.remove(id);
        return Set.copyOf(fewer);
    }
}
