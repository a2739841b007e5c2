package org.moelab.app.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.layers.LayersViewModel.LayerCard;
import org.moelab.app.layers.LayersViewModel.TechniqueCard;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.Proposal;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.run.TechniqueWorth;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;
import org.moelab.gpu.technique.Technique.Status;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.stats.ReportTable;

class LayersViewModelTest {
    private static final Catalogue CATALOGUE = new Catalogue(
            List.of(new Layer(0, "baseline", "", ""), new Layer(2, "memory", "7-8", "Fewer bytes."),
                    new Layer(7, "beyond", "", "")),
            List.of(technique("tiling", Status.NOT_YET, ""), technique("decode-gemv", Status.DONE, ""),
                    technique("warp-speed", Status.DONE, ""), technique("mind", Status.NOT_APPLICABLE, "no mind"),
                    technique("detour", Status.ON_REQUEST, "measured")));

    private final Selection selection = new Selection();
    private final LayersViewModel model = new LayersViewModel(selection, CATALOGUE);

    private static Technique technique(String id, Status status, String reason) {
        return new Technique(id, id, 2, 7, "what", "how", "", List.of(), List.of(), "bandwidth", status, reason);
    }

    private LayerCard card() {
        return model.cardProperty().getValue().orElseThrow();
    }

    @Test
    void nothing_withoutARun() {
        assertThat(model.figureProperty().getValue()).isEmpty();
        assertThat(model.cardProperty().getValue()).isEmpty();
        assertThat(model.table()).isEmpty();

        model.selectNeighbour(1);

        assertThat(selection.layerProperty().get()).isEmpty();
    }

    @Test
    void techniques_ofALayer_sayWhatTheyDidInThisRun() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        model.select("2");

        assertThat(card().title()).isEqualTo("2  memory");
        assertThat(card().techniques()).as("those that were on come first")
                .extracting(t -> t.technique().id(), TechniqueCard::status, TechniqueCard::on, TechniqueCard::why)
                .containsExactly(tuple("decode-gemv", "on", true, ""),
                        tuple("tiling", "not yet", false, ""),
                        tuple("warp-speed", "off in this run", false, ""),
                        tuple("mind", "not applicable", false, "no mind"),
                        tuple("detour", "on request", false, "measured"));
        assertThat(card().techniques().getFirst().operations()).contains("attention/qkv", "experts/gate and up");

        selection.phaseProperty().set(RunPhase.PREFILL);

        assertThat(card().techniques().getFirst().operations()).isEqualTo("unembedding");
    }

    @Test
    void showChange_ofATechnique_holdsItsLayerAgainstTheOneBelowAtTheOperationItChangedMost() {
        StoredRun run = KeptRun.read();
        selection.runProperty().set(Optional.of(run));
        model.select("2");
        TechniqueCard on = card().techniques().getFirst();

        assertThat(model.showChange(on)).isTrue();

        assertThat(selection.referenceProperty().get()).contains("1");
        String most = selection.operationProperty().get().orElseThrow();
        assertThat(on.operations().split(", ", -1)).contains(most);
        assertThat(model.showChange(card().techniques().getLast())).as("one that changed nothing").isFalse();
        assertThat(selection.operationProperty().get()).contains(most);
    }

    @Test
    void techniques_withAblations_standByWhatTheyAreWorth() throws Exception {
        StoredRun run = StoredRun.read(Path.of("..", "docs", "runs", "h200-gpt-oss-20b"));
        LayersViewModel whole = new LayersViewModel(selection, Catalogue.load());
        selection.runProperty().set(Optional.of(run));
        whole.select("1");

        List<Double> effects = whole.cardProperty().getValue().orElseThrow().techniques().stream()
                .filter(TechniqueCard::on).map(t -> TechniqueWorth.of(run, t.technique().id(), RunPhase.DECODE).stream()
                        .filter(w -> w.effect().clear()).mapToDouble(w -> Math.abs(w.effect().factor() - 1)).max()
                        .orElse(-1))
                .toList();
        assertThat(effects).hasSizeGreaterThan(2).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(effects.getFirst()).isPositive();
    }

    @Test
    void toggle_aTechnique_proposesARunAndChangesNothingElse() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        model.select("2");
        assertThat(card().techniques()).extracting(t -> t.technique().id(), t -> t.toggle().possible())
                .containsExactly(tuple("decode-gemv", true), tuple("tiling", false), tuple("warp-speed", false),
                        tuple("mind", false), tuple("detour", true));
        assertThat(model.proposal()).isEmpty();

        model.toggle("decode-gemv");
        model.toggle("detour");

        assertThat(card().techniques().getFirst().status()).isEqualTo("changed: run to see");
        assertThat(card().techniques().getFirst().on()).as("what was measured").isTrue();
        assertThat(model.proposal()).contains(new Proposal("2", Set.of("decode-gemv", "detour")));
        assertThat(model.proposed()).isEqualTo("layer 2 with detour without decode-gemv");

        model.toggle("detour");
        assertThat(model.proposed()).isEqualTo("layer 2 without decode-gemv");
        model.select("3");
        model.select("2");
        assertThat(model.proposal()).as("another layer is another question").isEmpty();
    }

    @Test
    void select_layerWithoutAResult_changesNothing() {
        selection.runProperty().set(Optional.of(KeptRun.read()));

        model.select("7");

        assertThat(selection.layerProperty().get()).contains("6");
    }

    @Test
    void selectNeighbour_atTheEnds_stays() {
        selection.runProperty().set(Optional.of(KeptRun.read()));

        model.selectNeighbour(1);
        assertThat(selection.layerProperty().get()).contains("6");
        model.selectNeighbour(-1);
        assertThat(selection.layerProperty().get()).contains("5");
        model.select("baseline");
        model.selectNeighbour(-1);
        assertThat(selection.layerProperty().get()).contains("baseline");
    }

    @Test
    void rowAt_ofTheDrawnHeight_isTheLayerThere() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        LadderFigure figure = model.figureProperty().getValue().orElseThrow();
        double height = figure.preferredHeight();

        assertThat(figure.rowAt(10, height)).as("the headings").isEmpty();
        assertThat(figure.rowAt(60, height)).contains("baseline");
        assertThat(figure.rowAt(height - 60, height)).as("what the run has besides").contains("6");
        assertThat(figure.rowAt(height - 5, height)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_withExpectations_looksAsKept(boolean dark) throws IOException {
        LayersViewModel expecting = new LayersViewModel(selection, CATALOGUE,
                (_, _) -> List.of(new ExpectedSpeedup("2", 2.9, 3.3, "earlier, 2026-11-24")));
        selection.runProperty().set(Optional.of(KeptRun.read()));
        LadderFigure figure = expecting.figureProperty().getValue().orElseThrow();

        Golden.check(FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, 1).image(figure,
                new Caption("kept run", "decode", LocalDate.of(2026, 11, 24))),
                "layers-figure-expected-" + (dark ? "dark" : "light"));
        assertThat(TableFormat.CSV.render(expecting.table().orElseThrow())).contains("Expected Low,Expected High",
                "2.9000,3.3000");
        assertThat(TableFormat.CSV.render(model.table().orElseThrow())).doesNotContain("2.9000,3.3000");
    }

    @Test
    void table_hasARowALayerAndNothingWhereNothingWasMeasured() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        ReportTable table = model.table().orElseThrow();

        // baseline, 2 and the missing 7 of the catalogue, then 1, 3, 4, 5 and 6 of the run
        assertThat(table.rows()).hasSize(8);
    }
}
