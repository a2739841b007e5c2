package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.Session.Scope;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;

/// Each layer and each single technique on the GPU against the reference on the processor.
@RequiresGpu
class CudaVerificationTest {
    private static final RandomWeights TINY = new RandomWeights(MoeConfig.tiny(), "tiny", 20);
    private static final ReferenceRuns REFERENCES = new ReferenceRuns(new CpuEngine(CpuWeights.of(TINY)));
    private static final Catalogue CATALOGUE = Catalogue.load();

    static Stream<Set<String>> techniques() {
        return Stream.concat(
                CATALOGUE.layers().stream().filter(CATALOGUE::isBuilt).map(CATALOGUE::upTo),
                CATALOGUE.techniques().stream().filter(Technique::isSwitch)
                        .flatMap(t -> Stream.of(CATALOGUE.alone(t.id()), t.status() == Technique.Status.DONE
                                ? CATALOGUE.topWithout(t.id())
                                : CATALOGUE.topWith(t.id()))))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("techniques")
    void logits_withTechniquesOn_areTheReferences(Set<String> techniques) throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open()) {
            try (CudaEngine engine = load(context, techniques)) {
                for (int batch : new int[] { 1, 2, 3, 8 }) {
                    for (int prompt : new int[] { 1, 17, 48, 129 }) {
                        Verification verification = Verification.of(engine, REFERENCES, batch, prompt);
                        assertThat(verification.problem(Verification.bound(techniques))).as("%s", verification)
                                .isEmpty();
                    }
                }
            }
            assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
        }
    }

    @ParameterizedTest
    @MethodSource("techniques")
    void choices_madeOnTheDevice_areTheLikeliestOfItsOwnLogits(Set<String> techniques)
            throws CudaUnavailableException {
        Workload workload = new Workload(3, 17, 6, 0, 1);
        int[][] prompts = workload.prompts(TINY.config().vocabulary());
        try (CudaContext context = RequiresGpu.Condition.open(); CudaEngine engine = load(context, techniques)) {
            int[][] chosen;
            try (Session session = engine.open(3, workload.capacity(), 17)) {
                session.feed(prompts);
                session.choose();
                for (int i = 1; i < 6; i++) {
                    session.feedChosen();
                    session.choose();
                }
                chosen = session.chosen();
            }
            try (Session session = engine.open(3, workload.capacity(), 17)) {
                float[][] rows = session.append(prompts, Scope.LAST);
                for (int i = 0; i < 6; i++) {
                    int[][] next = new int[3][];
                    for (int s = 0; s < 3; s++) {
                        // a batch's product may round otherwise than a single row's: a tie may fall either way
                        assertThat(rows[s][chosen[s][i]]).as("sequence %d, step %d", s, i)
                                .isGreaterThan(rows[s][Generation.likeliest(rows[s])] - 0.01f);
                        next[s] = new int[] { chosen[s][i] };
                    }
                    rows = i == 5 ? rows : session.append(next, Scope.LAST);
                }
            }
        }
    }

    @Test
    void measure_onTheDevice_takesTimesOfItsEvents() throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open(); CudaEngine engine = load(context, Set.of())) {
            Measurement measured = TokenTimer.measure(engine, new Workload(2, 9, 4, 1, 2));
            assertThat(measured.interTokenMs().orElseThrow().count()).isEqualTo(6);
            assertThat(measured.interTokenMs().orElseThrow().min()).isPositive();
        }
    }

    private static CudaEngine load(CudaContext context, Set<String> techniques) throws CudaUnavailableException {
        return CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY, techniques);
    }
}
