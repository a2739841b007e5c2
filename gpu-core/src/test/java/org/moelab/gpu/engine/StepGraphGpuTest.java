package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

/// Decode steps as graphs: the kernels and their parameters are the same as without, and so must be what they compute, to
/// the last bit.
@RequiresGpu
class StepGraphGpuTest {
    private static final String GRAPHS = "cuda-graphs";
    private static final RandomWeights TINY = new RandomWeights(MoeConfig.tiny(), "tiny", 20);
    private static final int PROMPT = 17;
    private static final int STEPS = 6;

    /// What a session gave, how many of its steps were done by a graph, and how many times two of them by one. Texts show every
    /// bit that a number has.
    private record Given(String tokens, String logits, int replays, int chains) {}

    static Stream<Arguments> steadySteps() {
        Catalogue catalogue = Catalogue.load();
        return Stream.of(Arguments.of(1, catalogue.upTo(catalogue.layer("4").orElseThrow())),
                Arguments.of(3, catalogue.upTo(catalogue.layer("4").orElseThrow())),
                Arguments.of(8, catalogue.upTo(catalogue.layer("5").orElseThrow())),
                Arguments.of(2, Set.of("fused-attention", "kernel-design", "product-selection")));
    }

    @ParameterizedTest
    @MethodSource("steadySteps")
    void tokensAndLogits_withGraphs_areThoseWithoutThem(int sequences, Set<String> techniques)
            throws CudaUnavailableException {
        Set<String> without = new HashSet<>(techniques);
        without.remove(GRAPHS);
        Set<String> with = new HashSet<>(techniques);
        with.add(GRAPHS);

        Given plain = decode(sequences, without, false);
        Given graphs = decode(sequences, with, false);
        Given chained = decode(sequences, with, true);

        assertThat(graphs.tokens).isEqualTo(plain.tokens);
        assertThat(graphs.logits).isEqualTo(plain.logits);
        assertThat(plain.replays).isZero();
        // each round has STEPS decode steps and the choices after them; the first of each is done as it is
        assertThat(graphs.replays).isEqualTo(2 * (STEPS - 1) + 2 * STEPS);
        assertThat(graphs.chains).isZero();
        assertThat(chained.tokens).isEqualTo(plain.tokens);
        assertThat(chained.logits).isEqualTo(plain.logits);
        assertThat(chained.replays).as("both steps are told").isEqualTo(graphs.replays);
        assertThat(chained.chains).as("by one launch").isEqualTo(2 * STEPS - 1);
    }

    @Test
    void stepsThatChange_withGraphsAskedFor_runAsTheyAre() throws CudaUnavailableException {
        assertThat(decode(3, Set.of(GRAPHS, "decode-gemv", "architecture-sizing"), true).replays)
                .as("choices only").isEqualTo(2 * STEPS - 1);
    }

    /// Two rounds in one session, cleared between them; tokens and logits are the second's.
    ///
    /// @param together whether step and choice are asked for at once
    private static Given decode(int sequences, Set<String> techniques, boolean together)
            throws CudaUnavailableException {
        Count count = new Count();
        Given given;
        try (CudaContext context = RequiresGpu.Condition.open()) {
            try (CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY, techniques);
                    CudaSession session = engine.listening(count).open(sequences, PROMPT + STEPS + 1,
                            PROMPT)) {
                for (int round = 0; round < 2; round++) {
                    session.clear();
                    session.feed(prompts(sequences, round));
                    session.choose();
                    for (int i = 0; i < STEPS; i++) {
                        if (together) {
                            session.advance();
                        } else {
                            session.feedChosen();
                            session.choose();
                        }
                    }
                }
                given = new Given(Arrays.deepToString(session.chosen()),
                        Arrays.deepToString(session.logits(Session.Scope.LAST)), count.replays, count.chains);
            }
            assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
        }
        return given;
    }

    private static int[][] prompts(int sequences, int round) {
        int[][] prompts = new int[sequences][PROMPT];
        for (int s = 0; s < sequences; s++) {
            for (int t = 0; t < PROMPT; t++) {
                prompts[s][t] = (31 * s + 7 * t + 3 * round) % TINY.config().vocabulary();
            }
        }
        return prompts;
    }

    private static final class Count implements OperationListener {
        private int replays;
        private int chains;

        @Override
        public void beginStep(String name) {
            chains += name.equals(CudaSession.DECODE_AND_CHOICE) ? 1 : 0;
        }

        @Override
        public void endStep() {
        }

        @Override
        public void begin(Operation operation) {
        }

        @Override
        public void end(Operation operation) {
        }

        @Override
        public void replay(List<Operation> work) {
            replays++;
        }
    }
}
