package org.moelab.app.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.inference.InferenceViewModel.Subject;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.bench.ExpertLoads;
import org.moelab.traces.stats.ReportTable.Cell;

class InferenceViewModelTest {
    private final Selection selection = new Selection();
    private final InferenceViewModel model = new InferenceViewModel(selection);

    private InferenceFigure figure() {
        return model.figureProperty().getValue().orElseThrow();
    }

    private void open(StoredRun run, RunPhase phase) {
        selection.runProperty().set(Optional.of(run));
        selection.phaseProperty().set(phase);
    }

    @Test
    void nothing_withoutARun() {
        assertThat(model.figureProperty().getValue()).isEmpty();
        assertThat(model.captionProperty().getValue()).isEmpty();
        for (Subject subject : Subject.values()) {
            assertThat(model.table(subject)).isEmpty();
        }
    }

    @Test
    void cards_sayWhatTheReportHolds() {
        open(KeptRun.readWithLoads(), RunPhase.DECODE);

        assertThat(figure().cards()).extracting(Card::title, Card::value, Card::detail).containsExactly(
                tuple("TTFT (3 runs)", "18.15 ms", "p90 18.17 · p99 18.17"),
                tuple("TPOT (3 runs)", "1.231 ms", "p90 1.232 · p99 1.232"),
                tuple("Inter-token (381 steps)", "1.231 ms", "p90 1.239 · p99 1.247"),
                tuple("Prefill", "28,214 tok/s", "1 × 512 tokens"), tuple("Decode", "812.2 tok/s", "1 sequence"),
                tuple("Energy a token", "0.776 J", "298 J ÷ 384 new"));
        assertThat(figure().cards().getFirst().explanation()).contains("no p95", "p90 and p99 are the longest");
        assertThat(figure().cards().get(2).explanation()).doesNotContain("the longest");
        assertThat(model.table(Subject.TIMES).orElseThrow().rows()).hasSize(6).contains(
                List.of(Cell.of("TPOT"), Cell.of("ms"), Cell.of(3L), Cell.of(1.23008), Cell.of(1.231295),
                        Cell.of(1.231551), Cell.of(1.231551), Cell.of(1.231551), Cell.of(1.2309653333333332)));
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    @Test
    void loads_ofPrefill_tellTheExtremesAndTheBound() {
        open(KeptRun.readWithLoads(), RunPhase.PREFILL);
        ExpertLoad load = figure().loads().load().orElseThrow();

        assertThat(load.evenShare()).isEqualTo(64);
        assertThat(load.busiest()).isEqualTo(new ExpertLoad.Place(14, 26));
        assertThat(load.tokens(load.busiest())).isEqualTo(462);
        assertThat(load.idlest()).isEqualTo(new ExpertLoad.Place(11, 8));
        assertThat(load.unused()).isEqualTo(12);
        assertThat(load.worstLayer()).isEqualTo(14);
        assertThat(load.boundMs().orElseThrow()).isCloseTo(9.240096495897662, within(1e-9));
        assertThat(load.cost())
                .isEqualTo("Analytic bound: if each layer waited for its busiest expert, an even load would"
                        + " save at most 9.24 of 13.00 ms of expert products");
        assertThat(load.describe(load.busiest()))
                .isEqualTo("Layer 14, expert 26\n462 tokens of 512 fed\n7.22 × an even share of 64.0");
        assertThat(model.table(Subject.EXPERTS).orElseThrow().rows()).hasSize(24 * 32);
    }

    @Test
    void loads_overSeveralSteps_boundNothing() {
        open(KeptRun.readWithLoads(), RunPhase.DECODE);
        ExpertLoad load = figure().loads().load().orElseThrow();

        assertThat(load.boundMs()).isEmpty();
        assertThat(load.cost()).startsWith("Sums over 127 steps");
    }

    @Test
    void variation_isTheStandardDeviationOverTheMean() {
        ExpertLoad load = new ExpertLoad(new ExpertLoads.Phase(1, 8, List.of(List.of(8L, 0L), List.of(4L, 4L))),
                RunPhase.PREFILL, Optional.of(3.0));

        assertThat(load.variation(0)).isEqualTo(1);
        assertThat(load.variation(1)).isZero();
        assertThat(load.imbalances()).containsExactly(2.0, 1.0);
        assertThat(load.boundMs()).as("half of the first layer's half, none of the other's").contains(0.75);
    }

    @Test
    void loads_ofAReportThatTellsNone_areNotMeasured() {
        open(KeptRun.read(), RunPhase.DECODE);

        assertThat(figure().loads().load()).isEmpty();
        assertThat(figure().loads().missing()).startsWith("not measured: the report tells no expert loads");
        assertThat(model.table(Subject.EXPERTS)).isEmpty();
    }

    @Test
    void places_underThePointer_areTheirCells() {
        open(KeptRun.readWithLoads(), RunPhase.PREFILL);

        assertThat(figure().loads().placeAt(41, 47, 660, 358)).contains(new ExpertLoad.Place(0, 0));
        assertThat(figure().loads().placeAt(463, 309, 660, 358)).contains(new ExpertLoad.Place(23, 31));
        assertThat(figure().loads().placeAt(38, 47, 660, 358)).isEmpty();
        assertThat(figure().loads().placeAt(41, 311, 660, 358)).isEmpty();
    }

    @Test
    void operations_areSortedByLostTimeAndSelected() {
        open(KeptRun.readWithLoads(), RunPhase.DECODE);

        assertThat(model.table(Subject.OPERATIONS).orElseThrow().rows()).extracting(List::getFirst)
                .startsWith(Cell.of("experts/gate and up"), Cell.of("attention/rope and attention"));
        assertThat(figure().floors().rowAt(60, 340).orElseThrow().name()).isEqualTo("experts/gate and up");
        assertThat(figure().floors().rowAt(40, 340)).as("the heading").isEmpty();

        model.select(Optional.of("attention/out"));

        assertThat(selection.operationProperty().get()).contains("attention/out");
        assertThat(figure().floors().selected()).contains("attention/out");
    }

    @Test
    void page_followsTheSelectedLayer() {
        open(KeptRun.readWithLoads(), RunPhase.DECODE);
        selection.layerProperty().set(Optional.of("baseline"));

        assertThat(figure().title()).isEqualTo("Inference of h200-gpt-oss-20b-loads: the baseline in decode");
        assertThat(figure().loads().title()).endsWith("counted in layer 6");
        assertThat(figure().cache().allocated()).contains(31_457_280L);
        assertThat(model.captionProperty().getValue()).startsWith("the baseline · gpt-oss-20b on NVIDIA H200");
    }

    @ParameterizedTest
    @CsvSource({ "true, PREFILL", "false, DECODE" })
    void picture_ofARunWithLoads_looksAsKept(boolean dark, RunPhase phase) throws IOException {
        open(KeptRun.readWithLoads(), phase);

        Golden.check(FigureWriter.preferred(figure(), dark ? Palette.DARK : Palette.LIGHT, 1).image(figure(),
                new Caption("kept run", phase.label(), LocalDate.of(2026, 11, 24))),
                "inference-figure-" + (dark ? "dark" : "light"));
    }
}
