package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Kernel;

class StepPlanTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> TOP = with(CATALOGUE.upTo(CATALOGUE.layer("2").orElseThrow()), "latency-hiding");

    /// What an operation is and does, without how it is launched.
    private record Done(String name, String implementation, Set<String> techniques) {}

    static List<String> memoryTechniques() {
        // other layers' techniques act outside the plan
        return Stream.concat(Stream.of("architecture-sizing"), CATALOGUE.techniques().stream()
                .filter(t -> t.layer() == 2 && t.isSwitch()).map(Technique::id)
                .filter(id -> !id.equals("l2-persistence"))).toList();
    }

    @ParameterizedTest
    @MethodSource("memoryTechniques")
    void plan_techniqueAddedToTheBaselineWithWhatItRequires_differsAndSaysSo(String id) {
        Set<String> required = new HashSet<>(technique(id).requires());
        Set<String> with = new HashSet<>(required);
        with.add(id);

        assertThat(steps(with)).isNotEqualTo(steps(required));
        assertThat(applied(with)).containsExactlyInAnyOrderElementsOf(with);
    }

    @ParameterizedTest
    @MethodSource("memoryTechniques")
    void plan_techniqueTakenFromTheTop_differsAndNoLongerSaysSo(String id) {
        Set<String> without = new HashSet<>(TOP);
        without.remove(id);

        assertThat(steps(without)).isNotEqualTo(steps(TOP));
        assertThat(applied(without)).doesNotContain(id);
        assertThat(applied(TOP)).contains(id);
    }

    @Test
    void plan_ofTheBaseline_appliesNothing() {
        assertThat(applied(Set.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 4, 5, 6, 7, 8 })
    void plan_ofAFewTokens_isMatrixVectorProducts(int sequences) {
        List<Draft> drafts = new StepPlan(new StepShape(CONFIG, TOP, sequences, 1, 64)).forward();

        assertThat(drafts).extracting(Draft::implementation).doesNotContain(Draft.LIBRARY)
                .contains("gemv_bf16_float_t" + sequences, "gemv_bf16_residual_t" + sequences);
    }

    @Test
    void plan_ofNineTokens_isTheLibrarys() {
        assertThat(new StepPlan(new StepShape(CONFIG, TOP, 3, 3, 64)).forward()).extracting(Draft::implementation)
                .contains(Draft.LIBRARY).noneMatch(name -> name.startsWith("gemv"));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 8 })
    void plan_ofAFewTokensAtTheTop_isTheSameEveryStep(int sequences) {
        assertThat(unsteady(TOP, sequences)).isEmpty();
        Set<String> packed = new HashSet<>(TOP);
        packed.add("mxfp4");
        assertThat(unsteady(packed, sequences)).isEmpty();
        boolean batched = sequences * CONFIG.chosen() <= CONFIG.experts();
        assertThat(unsteady(Set.of("fused-attention", "kernel-design"), sequences).isEmpty()).isEqualTo(batched);
        StepPlan plan = new StepPlan(new StepShape(CONFIG, TOP, sequences, 1, 64));
        assertThat(plan.choice()).isNotEmpty().allMatch(Draft::steady);
    }

    @Test
    void plan_withPlainAttentionOrTheHostsLoop_changesFromStepToStep() {
        assertThat(unsteady(Set.of("decode-gemv"), 1)).containsExactlyInAnyOrder("scores", "softmax", "values");
        assertThat(unsteady(Set.of("fused-attention"), 1)).containsExactly("experts");
        int many = Math.max(StepShape.MAX_GEMV_TOKENS, CONFIG.experts() / CONFIG.chosen()) + 1;
        assertThat(unsteady(TOP, many)).as("too many for matrix-vector kernels and for batches")
                .containsExactly("experts");
    }

    /// The operations of a layer's decode step that a graph cannot hold.
    private static Set<String> unsteady(Set<String> techniques, int sequences) {
        return new StepPlan(new StepShape(CONFIG, techniques, sequences, 1, 64)).forward().stream()
                .filter(draft -> !draft.steady()).map(draft -> draft.name().replaceAll(".*/", ""))
                .collect(Collectors.toSet());
    }

    @Test
    void kernels_ofAnyTechniques_areInTheManifestWithTheSwitchesThatThePlanKnows() throws IOException {
        KernelManifest manifest = KernelManifest.load();
        assumeThat(manifest.kernels()).as("the kernels have been built").isNotEmpty();
        Set<String> named = new TreeSet<>();
        for (Set<String> on : combinations()) {
            for (int sequences = 1; sequences <= 9; sequences++) {
                for (int added : new int[] { 1, 5 }) {
                    StepPlan plan = new StepPlan(new StepShape(CONFIG, on, sequences, added, 64));
                    Stream.of(plan.forward(), plan.choice()).flatMap(List::stream).map(Draft::implementation)
                            .filter(name -> !name.startsWith("cublas")).forEach(named::add);
                }
            }
        }
        assertThat(manifest.kernels()).extracting(Kernel::name).containsAll(named);
        StepPlan all = new StepPlan(new StepShape(CONFIG, TOP, 1, 1, 64));
        for (Draft draft : all.forward()) {
            Set<String> known = new TreeSet<>(draft.techniques());
            known.removeAll(Set.of("occupancy", "launch-sizing")); // the host's own
            known.add("dependent-launch"); // which the launch adds on a GPU
            Kernel kernel = manifest.kernel(draft.implementation()).orElseThrow();
            assertThat(kernel.techniques()).as(draft.implementation())
                    .filteredOn(id -> TOP.contains(id) || !kernel.additions().contains(id)) // others are on request
                    .containsExactlyInAnyOrderElementsOf(known);
        }
    }

    /// Nothing, everything, and each technique alone and removed.
    private static List<Set<String>> combinations() {
        return Stream.concat(Stream.of(Set.<String>of(), TOP), memoryTechniques().stream().flatMap(id -> {
            Set<String> without = new HashSet<>(TOP);
            without.remove(id);
            return Stream.of(Set.of(id), without);
        })).toList();
    }

    private static Set<String> with(Set<String> techniques, String id) {
        Set<String> more = new HashSet<>(techniques);
        more.add(id);
        return Set.copyOf(more);
    }

    private static Technique technique(String id) {
        return CATALOGUE.techniques().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
    }

    /// A prefill of two sequences and a decoding step of one.
    private static List<Done> steps(Set<String> techniques) {
        StepPlan prefill = new StepPlan(new StepShape(CONFIG, techniques, 2, 17, 64));
        StepPlan decode = new StepPlan(new StepShape(CONFIG, techniques, 1, 1, 64));
        return Stream.of(prefill.forward(), prefill.choice(), decode.forward(), decode.choice()).flatMap(List::stream)
                .map(draft -> new Done(draft.name(), draft.implementation(), new TreeSet<>(draft.techniques())))
                .toList();
    }

    private static Set<String> applied(Set<String> techniques) {
        Set<String> applied = new TreeSet<>();
        steps(techniques).forEach(step -> applied.addAll(step.techniques()));
        return applied;
    }
}
