package org.moelab.app.speedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.selection.Selection;
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
