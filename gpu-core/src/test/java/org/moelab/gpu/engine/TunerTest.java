package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;

class TunerTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Set<String> TOP = CATALOGUE.topWith("max-autotune");

    @Test
    void best_ofTimes_isTheFastestThatIsClearlyFasterThanTheFirst() {
        assertThat(best(10.0, 8.0, 7.0, 9.0)).isEqualTo(2);
        assertThat(best(10.0, 9.9, 9.85)).as("within what two runs differ").isZero();
        assertThat(best(10.0, 9.7)).isEqualTo(1);
        assertThat(best(10.0)).isZero();
    }

    @Test
    void best_whereSomeDidNotRun_isAmongTheOthers() {
        assertThat(Tuner.best(List.of(Optional.empty(), Optional.of(5.0), Optional.empty()))).isEqualTo(1);
        assertThat(Tuner.best(List.of(Optional.of(5.0), Optional.empty()))).isZero();
        assertThat(Tuner.best(List.of(Optional.empty(), Optional.empty()))).isZero();
    }

    @ParameterizedTest
    @CsvSource({ "16, 8 16, 8 16 32 64", "64, 16 8 32, 16 8 32 64", "256, 32 16 64, 32 8 16 64",
            "2048, 64 32, 64 8 16 32" })
    void candidates_ofExperts_beginWithTheRulesTile(int tokens, String few, String all) {
        StepShape shape = new StepShape(MoeConfig.gptOss20b(), TOP, 1, tokens, 4096);
        assertThat(GroupedExperts.candidates(shape, false)).containsExactlyElementsOf(numbers(few));
        assertThat(GroupedExperts.candidates(shape, true)).containsExactlyElementsOf(numbers(all));
    }

    @Test
    void plan_ofATunedTile_runsItsKernelsAndSaysSo() {
        StepShape shape = new StepShape(MoeConfig.tiny(), TOP, 1, 48, 64);
        List<Draft> usual = new StepPlan(shape).forward();
        List<Draft> tuned = new StepPlan(shape, OptionalInt.of(64)).forward();
        assertThat(tuned).extracting(Draft::implementation).contains("expert_gate_up_staged_mxfp4_n64");
        assertThat(usual).extracting(Draft::implementation).doesNotContain("expert_gate_up_staged_mxfp4_n64");
        assertThat(tuned).filteredOn(d -> d.implementation().contains("staged")).isNotEmpty()
                .allSatisfy(d -> assertThat(d.techniques()).contains("autotuning", "max-autotune"));
    }

    @Test
    void plan_ofMaxAutotuneWithoutAutotuning_isThePlainOne() {
        Set<String> without = new HashSet<>(TOP);
        without.remove("autotuning");
        StepPlan plan = new StepPlan(new StepShape(MoeConfig.tiny(), without, 1, 48, 64));
        assertThat(plan.forward()).noneMatch(draft -> draft.techniques().contains("max-autotune"));
    }

    private static int best(Double... micros) {
        return Tuner.best(List.of(micros).stream().map(Optional::of).toList());
    }

    private static List<Integer> numbers(String text) {
        return List.of(text.split(" ", -1)).stream().map(Integer::valueOf).toList();
    }
}
