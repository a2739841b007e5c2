package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

@RequiresGpu
class TunerGpuTest {
    private static final Set<String> TOP = Catalogue.load().topWith("max-autotune");

    @Test
    void session_withTuning_timesEachCandidateOnceAndKeepsTheBest() throws CudaUnavailableException {
        RandomWeights tiny = new RandomWeights(MoeConfig.tiny(), "tiny", 20);
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), tiny, TOP)) {
            List<TunedChoice> first = tunedBy(engine);
            assertThat(first).extracting(TunedChoice::question).anyMatch(q -> q.startsWith("experts of 51 tokens"))
                    .anyMatch(q -> q.startsWith("cublasLt 51 x "));
            assertThat(first).allSatisfy(choice -> assertThat(choice.candidates())
                    .filteredOn(c -> c.name().equals(choice.chosen())).singleElement()
                    .satisfies(c -> assertThat(c.micros().orElseThrow()).isPositive()));
            assertThat(tunedBy(engine)).as("nothing is timed twice").isEqualTo(first);
            assertThat(context.ledger().accounts()).as("what timing needs is given back")
                    .filteredOn(account -> account.purpose().equals("tuning"))
                    .allMatch(account -> account.bytes() == 0);
        }
    }

    private static List<TunedChoice> tunedBy(CudaEngine engine) {
        try (CudaSession session = engine.open(3, 32, 17)) {
            session.plan(17);
            session.choicePlan(17);
            return engine.tuned();
        }
    }
}
