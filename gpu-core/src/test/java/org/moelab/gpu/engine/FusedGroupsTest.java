package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.kernels.FusedGroup;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;

/// Which operations of a step become one kernel, and what is said of it.
class FusedGroupsTest {
    private static final MoeConfig CONFIG = MoeConfig.tiny();
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> TOP = CATALOGUE.topWith(FusedGroup.TECHNIQUE);
    private static final Set<String> BEFORE = without(TOP, FusedGroup.TECHNIQUE);
    private static final Set<String> ALONE = CATALOGUE.alone(FusedGroup.TECHNIQUE);

    @ParameterizedTest
    @CsvSource({ "1, 17", "1, 500", "3, 40", "9, 1", "40, 1" })
    void plan_atTheTop_addsUpExpertsAndNormsTheNextLayerInOne(int sequences, int added) {
        List<Draft> fused = fused(plan(TOP, sequences, added));

        assertThat(fused).extracting(Draft::name).containsExactly("embedding and norm",
                "layer 0/experts/combine and norm", "layer 1/experts/combine and norm",
                "layer 2/experts/combine and norm");
        assertThat(fused).extracting(Draft::implementation).containsExactly("embed_tokens__then__rms_norm",
                "combine_experts__then__rms_norm", "combine_experts__then__rms_norm",
                "combine_experts__then__rms_norm");
        assertThat(fused.getLast().techniques()).containsExactly("fused-groups", "device-routing");
        assertThat(plan(TOP, sequences, added).getLast().name()).as("the final norm is of few rows, and the choice's")
                .isEqualTo("layer 3/experts/combine");
    }

    @ParameterizedTest
    @CsvSource({ "1, 17", "1, 500", "9, 1" })
    void plan_withGroups_movesLessByWhatIsHeldAndComputesTheSame(int sequences, int added) {
        List<Draft> before = plan(BEFORE, sequences, added);
        List<Draft> after = plan(TOP, sequences, added);
        long rows = (long) sequences * added * CONFIG.hidden() * Float.BYTES;

        assertThat(before.size() - after.size()).isEqualTo(CONFIG.layers());
        assertThat(bytes(before) - bytes(after)).isEqualTo(CONFIG.layers() * rows);
        assertThat(flops(before)).isEqualTo(flops(after));
    }

    @Test
    void plan_withGroupsAlone_fusesEachResidualWithTheNormBehindIt() {
        List<Draft> fused = fused(plan(ALONE, 1, 17));

        assertThat(fused).extracting(Draft::name).containsExactly("embedding and norm",
                "layer 0/attention/residual and norm", "layer 1/attention/residual and norm",
                "layer 2/attention/residual and norm", "layer 3/attention/residual and norm");
        assertThat(fused).allMatch(draft -> draft.techniques().equals(List.of("fused-groups")));
    }

    @Test
    void plan_whereTheProductNormsItself_hasNoGroup() {
        assertThat(fused(plan(TOP, 1, 1))).isEmpty();
    }

    @Test
    void plan_withoutTheTechnique_hasNoGroup() {
        assertThat(fused(plan(BEFORE, 1, 500))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "9, 2880, 736", "263, 2880, 736", "264, 2880, 256", "2048, 256, 64", "2048, 8192, 256",
            "2048, 8196, 1024", "9, 32768, 1024" })
    void threads_ofABlock_areEnoughToHoldARow(int rows, int width, int threads) {
        assertThat(FusedGroups.threads(rows, width, 132)).isEqualTo(threads);
        assertThat(threads % 32).isZero();
        assertThat(8 * 4 * threads).isGreaterThanOrEqualTo(width);
    }

    @Test
    void plan_ofRowsThatABlockCannotHold_staysAsItIs() {
        MoeConfig c = CONFIG;
        MoeConfig wide = new MoeConfig(c.layers(), c.experts(), c.chosen(), 32_800, c.intermediate(), c.vocabulary(),
                c.queryHeads(), c.kvHeads(), c.headSize(), c.slidingWindow(), c.sliding(), c.contextLength(),
                c.epsilon(), c.swigluLimit(), c.rope(), List.of());
        assertThat(fused(new StepPlan(new StepShape(wide, ALONE, 1, 17, 600)).forward())).isEmpty();
    }

    private static List<Draft> plan(Set<String> techniques, int sequences, int added) {
        return new StepPlan(new StepShape(CONFIG, techniques, sequences, added, 600)).forward();
    }

    private static List<Draft> fused(List<Draft> drafts) {
        return drafts.stream().filter(draft -> draft.techniques().contains(FusedGroup.TECHNIQUE)).toList();
    }

    private static long bytes(List<Draft> drafts) {
        return drafts.stream().mapToLong(draft -> draft.bytes().at(0)).sum();
    }

    private static long flops(List<Draft> drafts) {
        return drafts.stream().mapToLong(draft -> draft.flops().at(0)).sum();
    }

    private static Set<String> without(Set<String> techniques, String id) {
        Set<String> fewer = new HashSet<>(techniques);
        fewer.remove(id);
        return Set.copyOf(fewer);
    }
}
