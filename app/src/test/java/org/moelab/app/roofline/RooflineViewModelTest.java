package org.moelab.app.roofline;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.selection.Selection;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.roofline.Roofline.Point;

class RooflineViewModelTest {
    private final Selection selection = new Selection();
    private final RooflineViewModel model = new RooflineViewModel(selection);

    private RooflineFigure figure() {
        return model.figureProperty().getValue().orElseThrow();
    }

    @Test
    void run_hasItsLayersOperationsAndArrowsFromTheReference() {
        selection.runProperty().set(Optional.of(KeptRun.read()));

        assertThat(figure().roofline().kernels()).hasSize(16);
        assertThat(figure().reference()).map(RooflineFigure.Reference::name).contains("the baseline");
        assertThat(model.captionProperty().getValue()).startsWith("layer 6 in decode, arrows from the baseline");

        selection.layerProperty().set(Optional.of("baseline"));
        selection.phaseProperty().set(RunPhase.PREFILL);

        assertThat(figure().reference()).as("a layer has not moved from itself").isEmpty();
        assertThat(figure().title()).isEqualTo("Roofline of h200-gpt-oss-20b: the baseline in prefill");
    }

    @Test
    void near_placeOfAPoint_isThatPointAndSelectsIt() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        Point router = figure().placed().stream().filter(p -> p.kernel().name().equals("experts/router")).findFirst()
                .orElseThrow();
        // the chart is what the legend and the strip of three rows leave
        Rectangle2D chart = new Rectangle2D.Double(0, 0, 1000 - 236, 700 - (62 + 3 * 20));
        Point2D place = RooflineAxes.of(figure(), chart).at(router);

        assertThat(figure().near(place.getX(), place.getY(), 1000, 700)).contains(router);
        assertThat(figure().near(3, 3, 1000, 700)).isEmpty();

        model.select(Optional.of("experts/router"));

        assertThat(selection.operationProperty().get()).contains("experts/router");
        assertThat(figure().selected()).contains("experts/router");
    }

    @Test
    void describe_point_tellsFiguresWithTheirFormula() {
        selection.runProperty().set(Optional.of(KeptRun.read()));

        assertThat(RooflineViewModel.describe(figure().placed().getFirst())).contains("experts/gate and up",
                "2.686 ms", "25.48 GFLOP / 6.768 GB", "2.520 TB/s of device memory", "56 % of its roof");
    }

    @Test
    void profiledKernels_goBeforeTheRun_andTellWhatIsMissing() throws TraceReadException {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        selection.recordingProperty().set(Optional.of(
                Recordings.open(Path.of("../traces/src/test/resources/h200/ncu/scale.ncu-rep.gz"),
                        ImportOptions.DEFAULT, ImportMonitor.NONE)));

        assertThat(figure().roofline().kernels()).isEmpty();
        assertThat(model.captionProperty().getValue()).contains("2 of 2 kernels lack", "--set roofline");
    }
}
