package org.moelab.gpu.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.moelab.kernels.KernelManifest;

class CatalogueTest {
    /// What is done on the host or to the memory under kernels.
    private static final Set<String> WITHOUT_KERNELS = Set.of("nvtx", "numa-binding", "pinned-memory",
            "l2-persistence", "cuda-graphs", "stream-ordered-allocation", "streams", "stream-events", "async-copies");

    private final Catalogue catalogue = Catalogue.load();

    @Test
    void ids_ofAllTechniques_areDistinct() {
        Set<String> ids = new HashSet<>();
        catalogue.techniques().forEach(t -> assertThat(ids.add(t.id())).as(t.id()).isTrue());
    }

    @Test
    void doneTechniques_sayHowAndByWhichKernels() {
        assertThat(catalogue.techniques()).filteredOn(Technique::isSwitch).isNotEmpty()
                .allSatisfy(t -> assertThat(t.how()).as(t.id()).isNotEmpty())
                .filteredOn(t -> !WITHOUT_KERNELS.contains(t.id()))
                .allSatisfy(t -> assertThat(t.kernels()).as(t.id()).isNotEmpty());
    }

    @Test
    void inapplicableTechniques_sayWhy() {
        assertThat(catalogue.techniques()).filteredOn(t -> t.status() == Technique.Status.NOT_APPLICABLE).isNotEmpty()
                .allSatisfy(t -> assertThat(t.reason()).as(t.id()).isNotEmpty());
    }

    @Test
    void techniquesOnRequest_sayWhatWasMeasuredAndAreInNoLayer() {
        assertThat(catalogue.techniques()).filteredOn(t -> t.status() == Technique.Status.ON_REQUEST)
                .extracting(Technique::id).contains("fp8-kv", "latency-hiding");
        assertThat(catalogue.techniques()).filteredOn(t -> t.status() == Technique.Status.ON_REQUEST)
                .allSatisfy(t -> {
                    assertThat(t.reason()).as(t.id()).contains("measured");
                    assertThat(catalogue.upTo(catalogue.top())).doesNotContain(t.id());
                    assertThat(catalogue.topWith(t.id())).containsAll(catalogue.upTo(catalogue.top()))
                            .containsAll(catalogue.alone(t.id()));
                });
    }

    @Test
    void techniquesOnRequest_areWhatTheBuildLeavesOutOfTheKernels() throws IOException {
        KernelManifest manifest = KernelManifest.load();

        assertThat(manifest.kernels()).as(manifest.absent()).isNotEmpty().allSatisfy(kernel -> {
            for (String id : kernel.switches()) {
                assertThat(kernel.additions().contains(id)).as("%s of %s", id, kernel.name()).isEqualTo(
                        catalogue.find(id).orElseThrow().status() == Technique.Status.ON_REQUEST);
            }
        });
    }

    @Test
    void requiredTechniques_areSwitchesOfNoHigherLayer() {
        assertThat(catalogue.techniques()).filteredOn(t -> t.status() == Technique.Status.ON_REQUEST)
                .allSatisfy(t -> assertThat(t.requires()).as(t.id()).map(id -> catalogue.find(id).orElseThrow())
                        .allMatch(required -> required.isSwitch() && required.layer() <= t.layer()));
        assertThat(catalogue.techniques()).filteredOn(t -> t.status() == Technique.Status.DONE)
                .filteredOn(t -> !t.requires().isEmpty()).isNotEmpty()
                .allSatisfy(t -> assertThat(catalogue.upTo(catalogue.layer(Integer.toString(t.layer())).orElseThrow()))
                        .as(t.id()).containsAll(t.requires()));
    }

    @Test
    void alone_aTechnique_isItselfWithAllThatItRequires() {
        assertThat(catalogue.techniques()).allSatisfy(t -> assertThat(catalogue.alone(t.id())).contains(t.id())
                .containsAll(t.requires()).hasSizeLessThan(catalogue.techniques().size()));
        assertThat(catalogue.alone("nvtx")).containsExactly("nvtx");
        assertThatIllegalArgumentException().isThrownBy(() -> catalogue.alone("warp-speed"))
                .withMessageContaining("warp-speed");
    }

    @Test
    void topWithout_aTechnique_isTheHighestLayerButThat() {
        Set<String> without = catalogue.topWithout("decode-gemv");
        assertThat(without).doesNotContain("decode-gemv").contains("product-selection")
                .hasSize(catalogue.upTo(catalogue.top()).size() - 1);
        assertThat(catalogue.isBuilt(catalogue.top())).isTrue();
    }

    @Test
    void upTo_aLayer_holdsItsTechniquesAndThoseBelow() {
        Set<String> first = catalogue.upTo(catalogue.layer("1").orElseThrow());
        Set<String> second = catalogue.upTo(catalogue.layer("2").orElseThrow());
        assertThat(catalogue.upTo(catalogue.layer("baseline").orElseThrow())).isEmpty();
        assertThat(first).contains("product-selection").doesNotContain("decode-gemv");
        assertThat(second).containsAll(first).contains("decode-gemv");
    }

    @Test
    void upTo_everyLayer_keepsWhatTheOneBelowHas() {
        for (int i = 1; i < catalogue.layers().size(); i++) {
            Layer layer = catalogue.layers().get(i);
            assertThat(catalogue.upTo(layer)).as("layer %s", layer.id())
                    .containsAll(catalogue.upTo(catalogue.layers().get(i - 1)));
        }
        assertThat(catalogue.upTo(catalogue.layer("4").orElseThrow())).doesNotContain("mxfp4");
        assertThat(catalogue.upTo(catalogue.layer("5").orElseThrow())).contains("mxfp4", "decode-gemv");
    }

    @Test
    void layer_withoutATechniqueThatIsDone_isNotBuilt() {
        Catalogue begun = new Catalogue(catalogue.layers(), catalogue.techniques().stream()
                .filter(technique -> technique.layer() < 6 || technique.status() != Technique.Status.DONE).toList());

        assertThat(catalogue.layers()).allMatch(catalogue::isBuilt);
        assertThat(begun.isBuilt(begun.layer("5").orElseThrow())).isTrue();
        assertThat(begun.isBuilt(begun.layer("6").orElseThrow())).isFalse();
    }
}
