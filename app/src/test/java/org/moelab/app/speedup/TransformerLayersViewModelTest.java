package org.moelab.app.speedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.OperationGains.Part;
import org.moelab.app.run.OperationGains.Row;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;
import org.moelab.traces.export.TableFormat;

class TransformerLayersViewModelTest {
    private final Selection selection = new Selection();
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private Optional<Throwable> failed = Optional.empty();
    private final TransformerLayersViewModel model = new TransformerLayersViewModel(selection, queue::add,
            failure -> failed = Optional.of(failure));

    @TempDir
    private Path folder;

    /// Layers 4 and 6, whose timelines the kept run has.
    private void open() {
        selection.runProperty().set(Optional.of(KeptRun.read()));
        selection.referenceProperty().set(Optional.of("4"));
    }

    private void await() throws InterruptedException {
        // the first are of progress
        while (model.captionProperty().get().startsWith("reading")) {
            Runnable next = queue.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("the timelines were read").isNotNull();
            next.run();
        }
    }

    @Test
    void notAskedFor_readsNothing() throws Exception {
        open();
        assertThat(queue.poll(200, TimeUnit.MILLISECONDS)).isNull();
        assertThat(model.figureProperty().get()).isEmpty();
        assertThat(model.table()).isEmpty();
    }

    @Test
    void twoLayers_haveARowATransformerLayerWithItsOperations() throws Exception {
        open();
        model.activeProperty().set(true);
        await();

        assertThat(model.captionProperty().get())
                .isEqualTo("ms a captured decode step, layer 4 against layer 6, from their captured timelines");
        assertThat(model.rowsProperty().getValue()).filteredOn(r -> r.part() == Part.FAMILY).extracting(Row::name)
                .hasSize(24).startsWith("transformer layer 1").endsWith("transformer layer 24");
        double saved = model.rowsProperty().getValue().stream().filter(r -> r.part() == Part.FAMILY)
                .mapToDouble(Row::savedMs).sum();
        double byOperation = model.rowsProperty().getValue().stream().filter(r -> r.part() == Part.OPERATION)
                .mapToDouble(Row::savedMs).sum();
        assertThat(saved).isCloseTo(byOperation, within(1e-9)).isNotZero();
        assertThat(TableFormat.CSV.render(model.table().orElseThrow()))
                .startsWith("Transformer Layer,Operation,Reference (ms),Selected (ms),Saved (ms),Faster\n1,,");

        model.markedProperty().set(OptionalInt.of(3));
        assertThat(model.figureProperty().get().orElseThrow().selected()).hasValue(3);
        model.activeProperty().set(false);
        assertThat(model.table()).as("operations show").isEmpty();
    }

    @Test
    void layerWithoutATimeline_isSaidToBeNotMeasured() throws Exception {
        open();
        selection.referenceProperty().set(Optional.of("5"));
        model.activeProperty().set(true);
        await();
        assertThat(model.figureProperty().get()).isEmpty();
        assertThat(model.captionProperty().get())
                .startsWith("not measured: the run directory has no timeline of layer 5; moelab run");
    }

    @Test
    void damagedTimeline_isAFailureThatNamesIt() throws Exception {
        for (String name : new String[] { "run.json", "6.trace.json.gz" }) {
            Files.copy(KeptRun.FOLDER.resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("4.trace.json.gz"), "no timeline");
        selection.runProperty().set(Optional.of(StoredRun.read(folder)));
        selection.referenceProperty().set(Optional.of("4"));
        model.activeProperty().set(true);
        await();
        assertThat(failed).hasValueSatisfying(f -> assertThat(f.getMessage()).contains("4.trace.json.gz"));
        assertThat(model.captionProperty().get()).startsWith("not measured");
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void picture_prefill_looksAsKept(boolean dark) throws Exception {
        StoredRun run = KeptRun.read();
        TransformerFigure figure = TransformerLayersViewModel.read(run, run.layer("4").orElseThrow(),
                run.layer("6").orElseThrow(), RunPhase.PREFILL).orElseThrow();
        assertThat(figure.layerAt(5, 1000)).isEmpty();
        assertThat(figure.layerAt(75, 1000)).map(l -> l.number()).contains(1);
        assertThat(figure.layerAt(980, 1000)).map(l -> l.number()).contains(24);
        check(figure, dark);
    }

    private static void check(TransformerFigure figure, boolean dark) throws IOException {
        Golden.check(FigureWriter.preferred(figure, dark ? Palette.DARK : Palette.LIGHT, 1).image(figure,
                new Caption("kept run", "prefill", LocalDate.of(2026, 11, 24))),
                "transformer-layers-figure-" + (dark ? "dark" : "light"));
    }
}
