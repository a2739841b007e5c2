package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.charts.KernelTimeChart;
import org.moelab.app.export.Caption;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.kernels.KernelRow;
import org.moelab.app.kernels.SampleTrace;
import org.moelab.app.theme.Palette;
import org.moelab.app.timeline.TimelineView;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.control.TableView;
import javafx.stage.Stage;

/// A picture of each view and of the whole window, dark and light, against the ones kept.
@ExtendWith(ApplicationExtension.class)
class WindowPictureTest {
    private static final Caption CAPTION = new Caption("decode.sqlite", "Nsight Systems 2025.3.1 · whole trace",
            LocalDate.of(2026, 11, 23));

    private final MainViewModel model = new MainViewModel((file, _) -> SampleTrace.decode(file.toString()),
            Platform::runLater, Settings.FIRST, SampleCatalogue.CATALOGUE);

    @Start
    void start(Stage stage) {
        TestWindow.show(stage, new MainView(model, TestWindow.NO_DIALOGS), model, 1000, 800);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(20, condition);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void window_sampleTrace_looksAsKept(boolean dark, FxRobot robot) throws IOException {
        String theme = dark ? "dark" : "light";
        robot.interact(() -> {
            model.paletteProperty().set(dark ? Palette.DARK : Palette.LIGHT);
            model.open(List.of(Path.of("decode.sqlite")));
        });
        TableView<?> table = robot.lookup("#kernel-table").queryAs(TableView.class);
        await(() -> model.importingProperty().get().isEmpty() && table.getItems().size() == 8
                && !robot.lookup("#recordings .facts-title").queryAll().isEmpty());
        Trace trace = (Trace) model.selection().recordingProperty().get().orElseThrow();
        robot.interact(() -> model.selection().eventProperty().set(OptionalInt.of(lastKernel(trace))));
        robot.moveTo("#status");
        TimelineView timeline = robot.lookup(".timeline-view").queryAs(TimelineView.class);
        robot.interact(timeline::refresh);

        Scene scene = timeline.getScene();
        for (String view : List.of("timeline", "chart", "details", "kernels")) {
            Golden.check(picture(() -> robot.lookup("#" + view).query().snapshot(null, null)), view + "-" + theme);
        }
        Golden.check(picture(() -> scene.snapshot(null)), "window-" + theme);
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void kernelTimeFigure_sampleTrace_looksAsKept(boolean dark) throws IOException {
        Trace trace = SampleTrace.decode("decode.sqlite");
        KernelTimeChart chart = KernelTimeChart.of(KernelRow.of(trace, KernelTimes.of(trace)), 6);
        Palette palette = dark ? Palette.DARK : Palette.LIGHT;

        BufferedImage picture = FigureWriter.preferred(chart, palette, 1).image(chart, CAPTION);

        assertThat(picture.getWidth()).isEqualTo(932);
        Golden.check(picture, "kernel-time-figure-" + (dark ? "dark" : "light"));
    }

    private static BufferedImage picture(java.util.concurrent.Callable<javafx.scene.image.WritableImage> snapshot) {
        return SwingFXUtils.fromFXImage(WaitForAsyncUtils.waitForAsyncFx(20_000, snapshot), null);
    }

    private static int lastKernel(Trace trace) {
        int found = 0;
        for (int e = 0; e < trace.size(); e++) {
            if (trace.kind(e) == org.moelab.traces.model.EventKind.KERNEL) {
                found = e;
            }
        }
        return found;
    }
}
