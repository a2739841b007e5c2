package org.moelab.app.speedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.technique.Catalogue;

class SpeedupViewModelTest {
    private final Selection selection = new Selection();
    private final SpeedupViewModel model = new SpeedupViewModel(selection, Catalogue.load());

    @Test
    void gains_followReferenceLayerAndPhase() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        assertThat(model.gainsCaptionProperty().getValue()).isEqualTo("ms a captured decode step, the baseline against"
                + " layer 6; a step of 1.923 ms takes 1.978 ms while it is captured");

        selection.referenceProperty().set(Optional.of("5"));
        assertThat(model.gainsProperty().getValue().orElseThrow().rows().getLast().beforeMs())
                .contains(15725.794 / 1e3 / 8);

        selection.phaseProperty().set(RunPhase.PREFILL);
        assertThat(model.gainsCaptionProperty().getValue()).isEqualTo("ms a captured prompt, layer 5 against layer 6");
        assertThat(model.gainsProperty().getValue().orElseThrow().rows().getLast().savedMs())
                .isEqualTo((54824.039 - 17532.323) / 1e3, org.assertj.core.data.Offset.offset(1e-9));
    }

    /// In prefill a layer makes it slower, and two change no more than the repeats do.
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_prefill_looksAsKept(boolean dark) throws IOException {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        selection.phaseProperty().set(RunPhase.PREFILL);
        SpeedupFigure figure = model.figureProperty().getValue().orElseThrow();

        Golden.check(FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, 1).image(figure,
                new Caption("kept run", "prefill", LocalDate.of(2026, 11, 24))),
                "speedup-figure-" + (dark ? "dark" : "light"));
    }

    /// The kept run's layer 6 within what is expected, layer 4 outside.
    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_withExpectations_looksAsKept(boolean dark) throws IOException {
        SpeedupViewModel expecting = new SpeedupViewModel(selection, Catalogue.load(),
                (run, phase) -> phase == RunPhase.DECODE
                        ? List.of(new ExpectedSpeedup("4", 5.2, 5.9, "earlier, 2026-11-24"),
                                new ExpectedSpeedup("6", 4.2, 5.1, "earlier, 2026-11-24"))
                        : List.of());
        selection.runProperty().set(Optional.of(KeptRun.read()));
        SpeedupFigure figure = expecting.figureProperty().getValue().orElseThrow();
        assertThat(figure.expected()).hasSize(2);

        Golden.check(FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, 1).image(figure,
                new Caption("kept run", "decode", LocalDate.of(2026, 11, 24))),
                "speedup-figure-expected-" + (dark ? "dark" : "light"));
        selection.phaseProperty().set(RunPhase.PREFILL);
        assertThat(expecting.figureProperty().getValue().orElseThrow().expected()).isEmpty();
    }

    @Test
    void layerAt_barsOfBothCharts_areTheLayersThere() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        SpeedupFigure figure = model.figureProperty().getValue().orElseThrow();

        assertThat(figure.layerAt(5, 1000)).as("left of the axis").isEmpty();
        assertThat(figure.layerAt(90, 1000)).contains("baseline");
        assertThat(figure.layerAt(530, 1000)).as("the last bar is the highest layer's time").contains("6");
        assertThat(figure.layerAt(640, 1000)).contains("baseline");
        assertThat(figure.layerAt(970, 1000)).contains("6");
    }

    @Test
    void nothing_withoutARun() {
        assertThat(model.figureProperty().getValue()).isEmpty();
        assertThat(model.gainsProperty().getValue()).isEmpty();
        assertThat(model.gainsCaptionProperty().getValue()).isEmpty();
        assertThat(model.table()).isEmpty();
    }
}
