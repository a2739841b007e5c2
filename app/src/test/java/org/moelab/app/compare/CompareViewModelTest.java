package org.moelab.app.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.task.FxQueue;
import org.moelab.app.theme.Palette;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.compare.Change;
import org.moelab.traces.compare.Comparison;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.compare.MatchedBy;
import org.moelab.traces.compare.Row;
import org.moelab.traces.compare.Spent;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

class CompareViewModelTest {
    private static final StoredRun RUN = KeptRun.read();
    private static List<Recording> timelines = List.of();

    private final Selection selection = new Selection();
    private final FxQueue fx = new FxQueue();
    private final ObservableList<Side> sides = FXCollections.observableArrayList();
    private final List<Side> asked = new ArrayList<>();
    private final CompareViewModel model = new CompareViewModel(selection, sides, asked::add, fx, failure -> {
        throw new AssertionError(failure);
    });

    @BeforeAll
    static void readTimelines() throws TraceReadException {
        timelines = List.of(Recordings.open(file("4"), ImportOptions.DEFAULT, ImportMonitor.NONE),
                Recordings.open(file("6"), ImportOptions.DEFAULT, ImportMonitor.NONE));
    }

    private static Path file(String layer) {
        return RUN.timeline(RUN.layer(layer).orElseThrow()).orElseThrow();
    }

    private static Side side(String layer, Optional<Recording> recording) {
        return new Side(file(layer), "layer " + layer, recording);
    }

    /// The page shows layer 4 against layer 6 of the kept run.
    private Comparison compare() {
        sides.setAll(side("4", Optional.of(timelines.getFirst())), side("6", Optional.of(timelines.getLast())));
        selection.runProperty().set(Optional.of(RUN));
        selection.referenceProperty().set(Optional.of("4"));
        selection.recordingProperty().set(Optional.of(timelines.getLast()));
        model.activeProperty().set(true);
        return awaitComparison();
    }

    private Comparison awaitComparison() {
        fx.runUntil(() -> model.comparisonProperty().getValue().isPresent());
        return model.comparisonProperty().getValue().orElseThrow();
    }

    @Test
    void nothing_isReadBeforeThePageShows() {
        sides.setAll(side("4", Optional.empty()), side("6", Optional.of(timelines.getLast())));
        selection.runProperty().set(Optional.of(RUN));
        selection.referenceProperty().set(Optional.of("4"));
        assertThat(asked).isEmpty();

        model.activeProperty().set(true);
        selection.kernelProperty().set(Optional.of("any"));

        assertThat(asked).as("asked for once").extracting(Side::name).containsExactly("layer 4");
        assertThat(model.captionProperty().getValue()).isEqualTo("waiting for layer 4 to be open");

        sides.set(0, side("4", Optional.of(timelines.getFirst())));

        assertThat(awaitComparison().totalANs()).isEqualTo(46_661_449);
    }

    @Test
    void usualSides_areTheReferenceLayerAndTheSelectedOne() {
        Comparison comparison = compare();

        assertThat(comparison.totalANs()).isEqualTo(46_661_449);
        assertThat(comparison.totalBNs()).isEqualTo(31_746_102);
        assertThat(model.captionProperty().getValue()).startsWith("layer 4 against layer 6");
        assertThat(model.rows().stream().mapToLong(Row::deltaNs).sum()).isEqualTo(31_746_102 - 46_661_449);
        assertThat(model.rows().stream().mapToDouble(model::share).sum()).isCloseTo(100, within(1e-6));
        assertThat(model.table().orElseThrow().rows()).hasSameSizeAs(model.rows());
    }

    @Test
    void referenceWithoutATimeline_givesWayToAnotherSide() {
        compare();
        selection.referenceProperty().set(Optional.of("baseline"));

        assertThat(model.aProperty().getValue()).map(Side::name).contains("layer 4");
    }

    @Test
    void swap_turnsEverySign() {
        List<Long> before = compare().rows().stream().map(Row::deltaNs).toList();

        model.swap();

        assertThat(awaitComparison().rows()).extracting(r -> -r.deltaNs()).containsExactlyElementsOf(before);
        assertThat(model.bProperty().getValue()).map(Side::name).contains("layer 4");

        selection.layerProperty().set(Optional.of("4"));
        selection.layerProperty().set(Optional.of("6"));
        assertThat(model.bProperty().getValue()).as("another layer ends the choice").map(Side::name)
                .contains("layer 6");
    }

    @ParameterizedTest
    @EnumSource(Grouping.class)
    void groupings_allSumToTheSame(Grouping by) {
        compare();
        model.groupingProperty().set(by);

        Comparison comparison = awaitComparison();

        assertThat(comparison.by()).isEqualTo(by);
        assertThat(model.rows().stream().mapToLong(Row::deltaNs).sum()).isEqualTo(31_746_102 - 46_661_449);
    }

    @Test
    void filter_words_mustAllOccur() {
        compare();
        int all = model.rows().size();

        model.filterProperty().set("MXFP4 added");

        assertThat(model.rows()).isNotEmpty().hasSizeLessThan(all)
                .allMatch(r -> r.change() == Change.ADDED && r.name().contains("mxfp4"));
        model.filterProperty().set("");
        assertThat(model.rows()).hasSize(all);
    }

    @Test
    void select_row_isTheKernelOfTheRecordingThatIsLookedAt() {
        compare();
        Row row = model.rows().stream()
                .filter(r -> r.namesA().equals(List.of("expert_gate_up_swiglu_bf16"))).findFirst().orElseThrow();

        model.select(row);
        assertThat(selection.kernelProperty().get()).contains("expert_gate_up_swiglu_mxfp4");
        assertThat(model.selected()).contains(row);

        selection.recordingProperty().set(Optional.of(timelines.getFirst()));
        model.select(row);
        assertThat(selection.kernelProperty().get()).contains("expert_gate_up_swiglu_bf16");

        model.select(model.rows().stream().filter(r -> r.change() == Change.ADDED).findFirst().orElseThrow());
        assertThat(selection.kernelProperty().get()).as("not in this recording").isEmpty();
    }

    @Test
    void change_isToldByWordAndSign() {
        Spent less = new Spent(1, 10, List.of());
        Spent more = new Spent(1, 30, List.of());

        assertThat(CompareFigure.change(row(Change.MATCHED, less, more))).isEqualTo("▲ longer");
        assertThat(CompareFigure.change(row(Change.MATCHED, more, less))).isEqualTo("▼ shorter");
        assertThat(CompareFigure.change(row(Change.MATCHED, less, less))).isEqualTo("= same");
        assertThat(CompareFigure.change(row(Change.ADDED, Spent.NOTHING, less))).isEqualTo("+ added");
        assertThat(CompareFigure.change(row(Change.MATCHED, new Spent(2, 30, List.of(10L, 20L)),
                new Spent(2, 33, List.of(11L, 22L))))).isEqualTo("≈ within noise");
    }

    private static Row row(Change change, Spent a, Spent b) {
        return new Row(change, MatchedBy.NAME, List.of("k"), List.of("k"), List.of(), a, b);
    }

    @Test
    void noise_withoutSteps_isSaidNotToBeKnown() {
        assertThat(CompareFigure.noise(compare())).isEqualTo(
                "No repeated steps in both (0 steps in A, 0 steps in B): which differences are noise is not known");
    }

    @Test
    void rowAt_barsBetweenTheTotals_areTheirRows() {
        compare();
        CompareFigure figure = model.figureProperty().getValue().orElseThrow();

        assertThat(figure.rowAt(45, figure.preferredHeight())).as("the whole of A").isEmpty();
        assertThat(figure.rowAt(67, figure.preferredHeight())).contains(model.rows().getFirst());
        assertThat(figure.rowAt(figure.preferredHeight() - 45, figure.preferredHeight())).as("the whole of B")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_twoLayers_looksAsKept(boolean dark) throws IOException {
        compare();
        CompareFigure figure = model.figureProperty().getValue().orElseThrow();

        Golden.check(FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, 1).image(figure,
                new Caption("kept run", "two layers", LocalDate.of(2026, 11, 24))),
                "compare-figure-" + (dark ? "dark" : "light"));
    }
}
