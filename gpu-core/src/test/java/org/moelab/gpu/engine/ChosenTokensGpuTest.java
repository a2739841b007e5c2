package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

/// Chosen tokens that are brought to the host while later steps run are those that the device keeps.
@RequiresGpu
class ChosenTokensGpuTest {
    private static final RandomWeights TINY = new RandomWeights(MoeConfig.tiny(), "tiny", 21);
    private static final int SEQUENCES = 3;
    private static final int PROMPT = 5;
    private static final int STEPS = 12;
    private static final int AHEAD = 4;

    static Stream<Set<String>> techniques() {
        Catalogue catalogue = Catalogue.load();
        Set<String> all = catalogue.upTo(catalogue.layer("4").orElseThrow());
        return Stream.of(all, without(all, "stream-events"), without(all, "async-copies"), without(all, "streams"),
                without(all, "pinned-memory"), without(all, "cuda-graphs"), Set.of(),
                catalogue.alone("stream-events"), catalogue.alone("async-copies"));
    }

    private static Set<String> without(Set<String> all, String id) {
        Set<String> others = new HashSet<>(all);
        others.remove(id);
        return others;
    }

    @ParameterizedTest
    @MethodSource("techniques")
    void arrivals_whileStepsGoOn_areTheTokensThatTheDeviceKept(Set<String> techniques)
            throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open()) {
            try (CudaEngine engine = load(context, techniques);
                    CudaSession session = engine.open(SEQUENCES, PROMPT + STEPS + 1, PROMPT)) {
                for (int round = 0; round < 2; round++) { // places are used again after a session is cleared
                    session.clear();
                    List<int[]> brought = bring(session, round);
                    int[][] kept = session.chosen();
                    assertThat(brought).hasSize(STEPS + 1);
                    for (int i = 0; i <= STEPS; i++) {
                        assertThat(brought.get(i)).as("round %s, step %s", round, i).containsExactly(kept[0][i],
                                kept[1][i], kept[2][i]);
                    }
                }
            }
            assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
        }
    }

    private static List<int[]> bring(Session session, int round) {
        List<int[]> brought = new ArrayList<>();
        Deque<Session.Arrival> underway = new ArrayDeque<>();
        int[][] prompts = new int[SEQUENCES][PROMPT];
        for (int s = 0; s < SEQUENCES; s++) {
            for (int t = 0; t < PROMPT; t++) {
                prompts[s][t] = (19 * s + 5 * t + round) % TINY.config().vocabulary();
            }
        }
        session.feed(prompts);
        session.choose();
        underway.add(session.bringChosen());
        for (int i = 0; i < STEPS; i++) {
            session.advance();
            underway.add(session.bringChosen());
            if (underway.size() > AHEAD) {
                take(underway, brought);
            }
        }
        while (!underway.isEmpty()) {
            take(underway, brought);
        }
        return brought;
    }

    private static void take(Deque<Session.Arrival> underway, List<int[]> brought) {
        Session.Arrival arrival = underway.remove();
        brought.add(arrival.tokens());
        assertThat(arrival.isThere()).isTrue();
    }

    @Test
    void sessions_ofOneModel_doNotDisturbEachOther() throws CudaUnavailableException {
        Catalogue catalogue = Catalogue.load();
        Set<String> all = catalogue.upTo(catalogue.top());
        for (Set<String> techniques : List.of(all, without(all, "streams"))) {
            try (CudaContext context = RequiresGpu.Condition.open(); CudaEngine engine = load(context, techniques)) {
                List<int[]> alone;
                try (Session session = engine.open(SEQUENCES, PROMPT + STEPS + 1, PROMPT)) {
                    alone = bring(session, 0);
                }
                try (Session other = engine.urgent().open(1, 600, 512);
                        Session session = engine.open(SEQUENCES, PROMPT + STEPS + 1, PROMPT)) {
                    other.feed(new int[1][512]);
                    assertThat(bring(session, 0)).usingRecursiveComparison().isEqualTo(alone);
                    other.choose();
                    assertThat(other.bringChosen().tokens()).hasSize(1);
                }
            }
        }
    }

    private static CudaEngine load(CudaContext context, Set<String> techniques) throws CudaUnavailableException {
        return CudaEngine.load(context, LibraryFinder.of(Host.current()), TINY, techniques);
    }
}
