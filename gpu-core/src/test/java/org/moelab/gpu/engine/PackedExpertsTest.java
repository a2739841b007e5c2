package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.bench.Verification;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.MemoryLedger.Account;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;

/// Packed experts on the GPU, at sizes that fill no tile, and beside unpacked ones.
@RequiresGpu
class PackedExpertsTest {
    private static final double BF16_ERROR = 2e-2;
    private static final Set<String> PACKED = Set.of("mxfp4");

    @Test
    void logits_atOddSizes_areTheReferences() throws CudaUnavailableException {
        MoeConfig tiny = MoeConfig.tiny();
        for (int chosen : new int[] { 1, 3, 5, 9 }) {
            RandomWeights odd = new RandomWeights(new MoeConfig(2, 11, chosen, 96, 160, 515, 4, 2, 64, 16,
                    List.of(true, false), 4096, 1e-5f, 7f, tiny.rope(), List.of()), "odd", 5);
            CpuEngine reference = new CpuEngine(CpuWeights.of(odd));
            try (CudaContext context = RequiresGpu.Condition.open()) {
                try (CudaEngine engine = load(context, odd, PACKED)) {
                    for (int batch = 1; batch <= 9; batch++) { // nine tokens take the way through unpacking
                        Verification v = Verification.of(engine, reference, batch, 7);
                        assertThat(error(v)).as("%d chosen, %s", chosen, v).isLessThan(BF16_ERROR);
                    }
                }
                assertThat(context.ledger().outstanding()).isEqualTo("nothing");
            }
        }
    }

    @Test
    void with_theOtherForm_loadsItBesideTheFirstAndBothAgree() throws CudaUnavailableException {
        RandomWeights tiny = new RandomWeights(MoeConfig.tiny(), "tiny", 20);
        CpuEngine reference = new CpuEngine(CpuWeights.of(tiny));
        try (CudaContext context = RequiresGpu.Condition.open(); CudaEngine engine = load(context, tiny, PACKED)) {
            assertThat(held(context)).contains("experts (MXFP4)").doesNotContain("experts (bf16)");

            CudaEngine plain = engine.with(Set.of());

            assertThat(held(context)).contains("weights", "experts (MXFP4)", "experts (bf16)")
                    .doesNotContain("loading");
            assertThat(error(Verification.of(plain, reference, 2, 17))).isLessThan(BF16_ERROR);
            assertThat(error(Verification.of(engine, reference, 2, 17))).isLessThan(BF16_ERROR);
            long before = context.ledger().bytes();
            plain.with(PACKED).with(Set.of());
            assertThat(context.ledger().bytes()).isEqualTo(before);
        }
    }

    private static double error(Verification v) {
        return Math.max(v.prefill(), v.decode());
    }

    private static List<String> held(CudaContext context) {
        return context.ledger().accounts().stream().filter(account -> account.bytes() > 0).map(Account::purpose)
                .toList();
    }

    private static CudaEngine load(CudaContext context, RandomWeights weights, Set<String> techniques)
            throws CudaUnavailableException {
        return CudaEngine.load(context, LibraryFinder.of(Host.current()), weights, techniques);
    }
}
