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
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.technique.Catalogue;

@RequiresGpu
class GeneratedKernelsGpuTest {
    private static final Set<String> TOP = Catalogue.load().topWith(KernelLibrary.GENERATED);

    @Test
    void decodeStep_withGeneratedKernels_runsThoseForTheModelOrSaysWhatIsLacking() throws CudaUnavailableException {
        MoeConfig c = MoeConfig.tiny();
        try (CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()),
                        new RandomWeights(c, "tiny", 20), TOP);
                CudaSession session = engine.open(1, 32, 17)) {
            List<Operation> made = session.plan(1).stream()
                    .filter(operation -> operation.implementation().contains("__for_")).toList();
            if (engine.lacking().containsKey(KernelLibrary.GENERATED)) {
                assertThat(made).isEmpty();
                return;
            }
            assertThat(made).extracting(Operation::implementation)
                    .contains("expert_gate_up_swiglu_mxfp4__for_chosen_" + c.chosen() + "_hidden_" + c.hidden()
                            + "_intermediate_" + c.intermediate());
            assertThat(session.plan(1)).allSatisfy(operation -> assertThat(
                    operation.techniques().contains(KernelLibrary.GENERATED))
                    .as(operation.name()).isEqualTo(made.contains(operation)));
        }
    }
}
