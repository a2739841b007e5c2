package org.moelab.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.Spread;
import org.moelab.traces.advice.Finding;

/// Conditions planted in the kept run, each found where it is and nowhere else.
class RunAdviceTest {
    private static final StoredRun RUN = KeptRun.readWithLoads();

    private static StoredRun with(Optional<ExpertLoads> loads, List<LayerResult> layers) {
        RunReport r = RUN.report();
        return new StoredRun(RUN.folder(), new RunReport(r.version(), r.complete(), r.started(), r.finished(),
                r.asked(), r.machine(), r.versions(), r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(),
                r.ceilings(), layers, loads, r.tuning(), r.failures(), r.notes()));
    }

    private static Optional<Finding> find(String rule, StoredRun run, RunPhase phase) {
        LayerResult top = run.layer(RUN.top().layer()).orElseThrow();
        return RunAdvice.of(run, top, phase).stream().filter(f -> f.rule().equals(rule)).findFirst();
    }

    /// Two layers of four experts and 400 tokens each: in each layer the first expert is sent so many, the others as many each.
    private static StoredRun loaded(int steps, long fullest) {
        List<Long> layer = List.of(fullest, (400 - fullest) / 3, (400 - fullest) / 3, (400 - fullest) / 3);
        ExpertLoads.Phase phase = new ExpertLoads.Phase(steps, 100, List.of(layer, layer));
        return with(Optional.of(new ExpertLoads(RUN.top().layer(), phase, Optional.of(phase))), RUN.layers());
    }

    private static double expertsUs() {
        RunReport.PhaseCost cost = RunPhase.PREFILL.cost(RUN.top()).orElseThrow();
        return cost.operations().stream().filter(o -> o.kind().equals("expert matmul"))
                .map(OperationCost::timeUs).flatMap(Optional::stream).mapToDouble(Double::doubleValue).sum()
                / cost.steps();
    }

    @Test
    void imbalance_fullestExpertTwiceTheMean_boundIsHalfTheProducts() {
        Finding found = find("expert-imbalance", loaded(1, 202), RunPhase.PREFILL).orElseThrow();

        assertThat(found.timeNs()).isCloseTo(expertsUs() * 1e3, within(1.0));
        assertThat(found.boundNs().orElseThrow()).isCloseTo(expertsUs() * 1e3 * (1 - 100.0 / 202), within(1.0));
        assertThat(found.evidence()).anySatisfy(e -> assertThat(e.value()).isEqualTo(2.02));
    }

    @Test
    void imbalance_sumsOverSteps_isFoundWithoutABound() {
        Finding found = find("expert-imbalance", loaded(128, 202), RunPhase.DECODE).orElseThrow();

        assertThat(found.boundNs()).isEmpty();
        assertThat(found.explanation()).contains("sums over steps");
    }

    @Test
    void imbalance_evenLoad_isNotFound() {
        for (RunPhase phase : RunPhase.values()) {
            assertThat(find("expert-imbalance", loaded(1, 100), phase)).as(phase.label()).isEmpty();
            assertThat(find("expert-imbalance", loaded(1, 148), phase)).as("below the threshold").isEmpty();
        }
    }

    @Test
    void imbalance_countedInAnotherLayer_isNotFound() {
        ExpertLoads loads = loaded(1, 202).report().expertLoads().orElseThrow();
        ExpertLoads ofTheBaseline = new ExpertLoads("baseline", loads.prefill(), loads.decode());

        assertThat(find("expert-imbalance", with(Optional.of(ofTheBaseline), RUN.layers()), RunPhase.PREFILL))
                .isEmpty();
    }

    private static Spread milliseconds(double... millis) {
        return Spread.of(IntStream.range(0, millis.length).mapToObj(i -> millis[i]).toList());
    }

    /// The run with its highest layer at 2 ms a token, and once more without a technique.
    private static StoredRun ablated(String technique, double... millis) {
        LayerResult top = timed(RUN.top(), RUN.top().layer(), milliseconds(1.99, 2.0, 2.01));
        List<LayerResult> layers = new ArrayList<>(RUN.layers().subList(0, RUN.layers().size() - 1));
        layers.add(top);
        layers.add(timed(top, top.layer() + " without " + technique, milliseconds(millis)));
        return with(RUN.report().expertLoads(), layers);
    }

    private static LayerResult timed(LayerResult l, String name, Spread tpot) {
        return new LayerResult(name, l.techniques(), l.promptStep(), l.ttftMs(), Optional.of(tpot), l.interTokenMs(),
                l.prefillTokensPerSecond(), l.decodeTokensPerSecond(), l.energyJoules(), l.check(), l.prefill(),
                l.decode(), l.memory(), l.timeline());
    }

    @Test
    void ablation_fasterWithoutATechnique_namesItAndWhatItCost() {
        Finding found = find("technique-slower", ablated("dsmem", 1.79, 1.8, 1.81), RunPhase.DECODE).orElseThrow();

        assertThat(found.title()).isEqualTo("Slower by dsmem in decode");
        assertThat(found.techniques()).containsExactly("dsmem");
        assertThat(found.boundNs().orElseThrow()).isCloseTo(0.2e6, within(500.0));
    }

    @Test
    void ablation_slowerWithoutATechnique_isNotFound() {
        assertThat(find("technique-slower", ablated("dsmem", 2.19, 2.2, 2.21), RunPhase.DECODE)).isEmpty();
    }

    @Test
    void ablation_fasterWithinTheRepeats_isNotFound() {
        assertThat(find("technique-slower", ablated("dsmem", 1.9, 1.98, 2.1), RunPhase.DECODE)).isEmpty();
    }

    @Test
    void ablation_measuredOnce_isNotFound() {
        assertThat(find("technique-slower", ablated("dsmem", 1.8), RunPhase.DECODE)).isEmpty();
    }

    @Test
    void ablation_ofAnotherLayer_isNotFound() {
        StoredRun run = ablated("dsmem", 1.79, 1.8, 1.81);
        LayerResult below = run.layers().get(run.layers().size() - 3);

        assertThat(RunAdvice.of(run, below, RunPhase.DECODE)).extracting(Finding::rule)
                .doesNotContain("technique-slower");
    }
}
