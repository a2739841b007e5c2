package org.moelab.app.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.kernels.SampleTrace;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.app.task.FxQueue;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.advice.Advice;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.Place;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;

class AdviceViewModelTest {
    private final Selection selection = new Selection();
    private final Catalogue catalogue = Catalogue.load();
    private final AdviceViewModel model = AdviceViewModel.atOnce(selection, catalogue);

    private static Recording recorded(String name) throws TraceReadException {
        return Recordings.open(Path.of("../traces/src/test/resources/h200").resolve(name), ImportOptions.DEFAULT,
                ImportMonitor.NONE);
    }

    private AdviceFigure figure() {
        return model.figureProperty().get().orElseThrow();
    }

    private List<String> rules() {
        return figure().entries().stream().map(e -> e.finding().rule()).toList();
    }

    @Test
    void nothingOpen_hasNoFigureAndNoTable() {
        assertThat(model.figureProperty().get()).isEmpty();
        assertThat(model.table()).isEmpty();
    }

    @Test
    void trace_itsFindings_leadToTheGapInTheTimeline() {
        selection.recordingProperty().set(Optional.of(SampleTrace.decode("decode.sqlite")));

        assertThat(rules()).contains("tiny-kernels", "late-launches", "recording-kernel-without-launch");
        Place.Span gap = figure().entries().stream().flatMap(e -> e.finding().occurrences().stream())
                .map(o -> o.place()).filter(Place.Span.class::isInstance).map(Place.Span.class::cast).findFirst()
                .orElseThrow();
        model.jump(gap);
        assertThat(selection.eventProperty().get()).hasValue(gap.event());
        assertThat(selection.rangeProperty().get()).contains(new TimeRange(gap.fromNs(), gap.toNs()));
    }

    @Test
    void run_layerSlowerThanTheOneBelow_isFoundInThatPhaseOnly() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        assertThat(figure().entries()).isNotEmpty()
                .allMatch(e -> e.source().startsWith("h200-gpt-oss-20b, layer 6 in decode"));

        selection.layerProperty().set(Optional.of("5"));
        assertThat(rules()).doesNotContain("layer-slower-than-below");
        selection.phaseProperty().set(RunPhase.PREFILL);

        assertThat(rules()).contains("layer-slower-than-below");
    }

    @Test
    void run_operationFarFromItsRoof_hasItsFiguresAndLeadsToIt() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        Finding attention = figure().entries().stream().map(Entry::finding)
                .filter(f -> f.title().equals("Far from its floor: attention/attention")).findFirst().orElseThrow();

        assertThat(attention.rule()).isEqualTo("far-from-roof");
        assertThat(attention.boundNs().orElseThrow()).isCloseTo(attention.timeNs() * (1 - 0.0393), within(10.0));
        model.jump(attention.occurrences().getFirst().place());
        assertThat(selection.operationProperty().get()).contains("attention/attention");
    }

    @Test
    void run_everyFinding_boundIsNoMoreThanItsTimeAndItsStepNoLess() {
        StoredRun run = KeptRun.read();
        for (RunPhase phase : RunPhase.values()) {
            run.layers().stream().flatMap(layer -> RunAdvice.of(run, layer, phase).stream())
                    .filter(f -> !Double.isNaN(f.timeNs())).forEach(f -> {
                        assertThat(f.boundNs().orElse(0)).as(f.title()).isBetween(0.0, f.timeNs());
                        assertThat(f.share()).as(f.title()).isBetween(0.0, 1.0);
                    });
        }
    }

    @Test
    void everyTechnique_thatARuleNames_isInTheCatalogue() throws TraceReadException {
        StoredRun run = KeptRun.read();
        Stream<Finding> ofRun = run.layers().stream().flatMap(layer -> Stream.of(RunPhase.values())
                .flatMap(phase -> RunAdvice.of(run, layer, phase).stream()));
        Stream<Finding> ofRecordings = Stream.of(recorded("gptoss2L_pytorch.json.gz"),
                recorded("gptoss2L_nsys_node.sqlite.gz"), recorded("ncu/scale.ncu-rep.gz"))
                .flatMap(r -> Advice.of(r).stream());

        assertThat(Stream.concat(ofRun, ofRecordings).flatMap(f -> f.techniques().stream()).distinct()).isNotEmpty()
                .allMatch(id -> catalogue.find(id).isPresent());
    }

    @Test
    void selection_neighbours_stayWithinTheRows() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        assertThat(figure().selected()).hasValue(0);

        model.selectNeighbour(-1);
        assertThat(figure().selected()).hasValue(0);
        model.selectNeighbour(1);
        assertThat(figure().selected()).hasValue(1);
        for (int i = 0; i < 50; i++) {
            model.selectNeighbour(1);
        }
        assertThat(figure().selected()).hasValue(figure().entries().size() - 1);
        assertThat(model.spoken()).contains(figure().entries().getLast().finding().title());
    }

    @Test
    void rowAt_headingsOfSources_areNoRows() throws TraceReadException {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        selection.recordingProperty().set(Optional.of(recorded("gptoss2L_nsys_node.sqlite.gz")));

        assertThat(figure().rowAt(40)).isEmpty();
        assertThat(figure().rowAt(34 + 30 + 5)).isEqualTo(OptionalInt.of(0));
        assertThat(figure().rowAt(figure().preferredHeight() - 15))
                .hasValue(figure().entries().size() - 1);
        assertThat(figure().rowAt(figure().preferredHeight() + 50)).isEmpty();
    }

    @Test
    void recording_inBackground_showsWhenItIsThere() {
        FxQueue fx = new FxQueue();
        AdviceViewModel later = new AdviceViewModel(selection, catalogue, fx, failure -> {
            throw new AssertionError(failure);
        });
        selection.recordingProperty().set(Optional.of(SampleTrace.decode("decode.sqlite")));

        assertThat(later.captionProperty().getValue()).startsWith("looking … 0 findings");
        fx.runUntil(() -> !later.figureProperty().get().orElseThrow().entries().isEmpty());
        assertThat(later.figureProperty().get()).map(AdviceFigure::entries).contains(figure().entries());
        assertThat(later.captionProperty().getValue()).doesNotContain("looking");
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_ofRunAndTimeline_looksAsKept(boolean dark) throws Exception {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        selection.recordingProperty().set(Optional.of(recorded("gptoss2L_nsys_node.sqlite.gz")));

        Golden.check(FigureWriter.preferred(figure(), dark ? Palette.DARK : Palette.LIGHT, 1).image(figure(),
                new Caption("sample", "a run and a recording", LocalDate.of(2026, 11, 28))),
                "advice-figure-" + (dark ? "dark" : "light"));
    }
}
