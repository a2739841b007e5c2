package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.Variant;

/// What `warp-shuffle` and `gqa` change of a step: variants of kernels of their layer and above, and none below.
class LaneAndHeadPlanTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> TOP = CATALOGUE.upTo(CATALOGUE.top());
    /// Enough tokens for the router's tiles.
    private static final int LONG = 1024;

    @ParameterizedTest
    @CsvSource({ "warp-shuffle, 1, 1024, attention_flash router_logits_tiled",
            "warp-shuffle, 1, 1, attention_cluster norm_route", "gqa, 8, 1, attention_cluster",
            "gqa, 1, 1024, ''", "gqa, 9, 1, ''" })
    void plan_withATechniqueTakenFromTheTop_hasVariantsOfItsKernelsOnly(String id, int sequences, int added,
            String kernels) throws IOException {
        KernelManifest manifest = built();
        Set<String> expected = Stream.of(kernels.split(" ")).filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());

        List<Draft> with = plan(TOP, sequences, added);
        List<Draft> without = plan(without(TOP, id), sequences, added);

        assertThat(saying(with, id)).isEqualTo(expected);
        assertThat(saying(without, id)).isEmpty();
        assertThat(without).extracting(Draft::implementation).as("the same kernels, in a variant")
                .isEqualTo(with.stream().map(Draft::implementation).toList());
        assertThat(variants(manifest, without, without(TOP, id)))
                .isEqualTo(expected.stream().map(name -> name + "__without_" + id.replace('-', '_'))
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(strings = { "warp-shuffle", "gqa" })
    void plan_withTheTechniqueAloneAndWhatItRequires_saysSo(String id) {
        Set<String> alone = CATALOGUE.alone(id);

        assertThat(Stream.of(plan(alone, 1, LONG), plan(alone, 1, 1)).flatMap(List::stream))
                .anyMatch(draft -> draft.techniques().contains(id));
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 8 })
    void cluster_withoutSharedHeads_movesTheSameFromMemory(int sequences) {
        Draft with = cluster(TOP, sequences);
        Draft without = cluster(without(TOP, "gqa"), sequences);

        // what the other heads of a group read comes from the level-2 cache
        assertThat(without.bytes().at(100)).isEqualTo(with.bytes().at(100));
        assertThat(with.bytes().at(101) - with.bytes().at(100))
                .isEqualTo(sequences * CacheForm.BF16.tokenBytes(CONFIG));
        assertThat(without.flops().at(100)).isEqualTo(with.flops().at(100));
    }

    /// Kernels that leave out what a layer does not have would need a compiler on the machine, and would be slower than the layer
    /// has them for the sake of a layer above.
    @Test
    void kernels_ofEveryLayer_areThoseOfTheBuild() throws IOException {
        KernelManifest manifest = built();
        for (Layer layer : CATALOGUE.layers()) {
            Set<String> on = CATALOGUE.upTo(layer);
            for (int added : new int[] { 1, 17, LONG }) {
                for (int sequences : new int[] { 1, 8, 9 }) {
                    assertThat(variants(manifest, plan(on, sequences, added), on)).as("layer %s", layer.id()).isEmpty();
                }
            }
        }
    }

    /// The kernels that run otherwise than the build has them, by the names of their variants.
    private static Set<String> variants(KernelManifest manifest, List<Draft> drafts, Set<String> on) {
        Map<String, Kernel> known = manifest.kernels().stream().collect(Collectors.toMap(Kernel::name, k -> k));
        return drafts.stream().map(Draft::implementation).filter(known::containsKey).map(known::get)
                .filter(kernel -> !Variant.of(kernel, on).full())
                .map(kernel -> Variant.of(kernel, on).nameOf(kernel.name())).collect(Collectors.toSet());
    }

    private static Set<String> saying(List<Draft> drafts, String id) {
        return drafts.stream().filter(draft -> draft.techniques().contains(id)).map(Draft::implementation)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Draft cluster(Set<String> on, int sequences) {
        return plan(on, sequences, 1).stream()
                .filter(draft -> draft.name().equals("layer 1/attention/rope and attention")).findFirst().orElseThrow();
    }

    private static List<Draft> plan(Set<String> on, int sequences, int added) {
        StepPlan plan = new StepPlan(new StepShape(CONFIG, on, sequences, added, 2 * LONG));
        return Stream.of(plan.forward(), plan.choice()).flatMap(List::stream).toList();
    }

    private static KernelManifest built() throws IOException {
        KernelManifest manifest = KernelManifest.load();
        assumeThat(manifest.kernels()).as("the kernels have been built").isNotEmpty();
        return manifest;
    }

    private static Set<String> without(Set<String> techniques, String id) {
        Set<String> fewer = new HashSet<>(techniques);
        fewer.remove(id);
        return Set.copyOf(fewer);
    }
}
