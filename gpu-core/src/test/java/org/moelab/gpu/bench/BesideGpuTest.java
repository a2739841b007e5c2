package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.bench.BesideRow.Work;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

@RequiresGpu
class BesideGpuTest {
    private static final Workload WORKLOAD = new Workload(2, 40, 20, 1, 2);

    @Test
    void measure_onAGpu_holdsBothPrioritiesWhereThereAreStreams() throws CudaUnavailableException {
        Catalogue catalogue = Catalogue.load();
        Set<String> all = catalogue.upTo(catalogue.top());
        assertThat(measure(all)).containsExactly(Work.DECODE, Work.PREFILL, Work.BOTH, Work.DECODE_FIRST);
        Set<String> shared = new HashSet<>(all);
        shared.remove("streams");
        assertThat(measure(shared)).containsExactly(Work.DECODE, Work.PREFILL, Work.BOTH);
        assertThat(measure(Set.of())).containsExactly(Work.DECODE, Work.PREFILL, Work.BOTH);
    }

    private static List<Work> measure(Set<String> techniques) throws CudaUnavailableException {
        try (CudaContext context = RequiresGpu.Condition.open()) {
            List<BesideRow> rows;
            try (CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()),
                    new RandomWeights(MoeConfig.tiny(), "tiny", 20), techniques)) {
                rows = BesideTimer.measure(engine, "tiny", "all", WORKLOAD);
            }
            assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
            assertThat(rows).allSatisfy(row -> assertThat(
                    row.decodeTokensPerSecond().orElse(1) * row.prefillTokensPerSecond().orElse(1)).isNotNegative());
            return rows.stream().map(BesideRow::work).toList();
        }
    }
}
