package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.export.PictureFormat;
import org.moelab.app.kernels.KernelRow;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Trace;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

/// Whole flows through a real scene: files open, views follow, pictures are written.
@ExtendWith(ApplicationExtension.class)
class WindowFlowTest {
    private static final Path SLOW = Path.of("slow.json");

    @TempDir
    private Path folder;

    private final CountDownLatch slowStopped = new CountDownLatch(1);
    private MainViewModel model = new MainViewModel(this::read, Platform::runLater, Settings.FIRST,
            SampleCatalogue.CATALOGUE);
    private Optional<Path> target = Optional.empty();

    /// Dialogs that answer at once: the display of a test has none.
    private final class Answers implements FileDialogs {
        @Override
        public List<Path> recordings() {
            return List.of(folder.resolve("chosen.json"));
        }

        @Override
        public Optional<Path> run() {
            return Optional.empty();
        }

        @Override
        public Optional<Path> target(String title, String name, List<FileKind> kinds) {
            target = Optional.of(folder.resolve(name));
            return target;
        }
    }

    private org.moelab.traces.model.Recording read(Path file, org.moelab.traces.model.ImportMonitor monitor)
            throws org.moelab.traces.TraceReadException {
        if (!file.equals(SLOW)) {
            return RecordingSource.FILES.open(file, monitor);
        }
        try {
            monitor.update(0.25, "reading");
            while (true) {
                monitor.checkCancelled();
                Thread.onSpinWait();
            }
        } finally {
            slowStopped.countDown();
        }
    }

    @Start
    void start(Stage stage) {
        MainView view = new MainView(model, new Answers());
        TestWindow.show(stage, view, model, 980, 760);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(20, condition);
    }

    private void open(FxRobot robot, Path file, int kernels) {
        robot.interact(() -> model.open(List.of(file)));
        await(() -> model.importingProperty().get().isEmpty() && table(robot).getItems().size() == kernels);
    }

    @SuppressWarnings("unchecked") // the one table with this id holds kernel rows
    private static TableView<KernelRow> table(FxRobot robot) {
        return robot.lookup("#kernel-table").queryAs(TableView.class);
    }

    @Test
    void openFile_thenClickAKernel_selectsItEverywhere(FxRobot robot) throws IOException {
        open(robot, ChromeTraceFile.write(folder.resolve("decode.json"), 4), 3);
        assertThat(table(robot).getItems()).extracting(KernelRow::name).containsExactly("moe_gate_up_swiglu",
                "flash_attention_decode", "rms_norm");

        robot.clickOn("rms_norm");

        assertThat(model.selection().kernelProperty().get()).contains("rms_norm");
        Trace trace = (Trace) model.selection().recordingProperty().get().orElseThrow();
        int event = model.selection().eventProperty().get().orElseThrow();
        assertThat(trace.name(event)).isEqualTo("rms_norm");
        assertThat(robot.lookup("#details .details-name").queryAs(Label.class).getText()).isEqualTo("rms_norm");

        Hyperlink launchedBy = robot.lookup("cudaLaunchKernel").queryAs(Hyperlink.class);
        robot.interact(launchedBy::fire);

        int call = model.selection().eventProperty().get().orElseThrow();
        assertThat(trace.kind(call).isApiCall()).isTrue();
        assertThat(trace.link(event)).isEqualTo(call);
    }

    @Test
    void openBrokenFile_showsANoticeAndChangesNothingElse(FxRobot robot) throws IOException {
        open(robot, ChromeTraceFile.write(folder.resolve("decode.json"), 2), 3);
        Path broken = Files.writeString(folder.resolve("broken.bin"), "\u0001\u0002 this is no recording");

        robot.interact(() -> model.open(List.of(broken)));
        await(() -> model.noticeProperty().get().isPresent());

        Label message = robot.lookup("#notice-message").queryAs(Label.class);
        assertThat(message.isVisible()).isTrue();
        assertThat(message.getText()).contains("broken.bin").doesNotContain("\n");
        assertThat(model.recordings()).extracting(OpenRecording::name).containsExactly("decode.json");
        assertThat(table(robot).getItems()).hasSize(3);

        robot.clickOn("Dismiss");

        assertThat(robot.lookup("#notice").query().isVisible()).isFalse();
    }

    @Test
    void cancelLongImport_stopsItAndLeavesTheWindowAsItWas(FxRobot robot) throws InterruptedException {
        assertThat(robot.lookup("#import").query().isVisible()).isFalse();
        robot.interact(() -> model.open(List.of(SLOW)));
        await(() -> robot.lookup("#import").query().isVisible());

        robot.clickOn("#import-cancel");

        assertThat(slowStopped.await(20, TimeUnit.SECONDS)).isTrue();
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(robot.lookup("#import").query().isVisible()).isFalse();
        assertThat(robot.lookup("#empty").query().isVisible()).isTrue();
        assertThat(model.recordings()).isEmpty();
        assertThat(model.noticeProperty().get()).isEmpty();
    }

    @Test
    void switchThemeThenExport_writesAPictureOfEachFormat(FxRobot robot) throws IOException {
        open(robot, ChromeTraceFile.write(folder.resolve("decode.json"), 3), 3);

        robot.press(KeyCode.CONTROL).type(KeyCode.T).release(KeyCode.CONTROL);
        assertThat(model.paletteProperty().get()).isEqualTo(Palette.LIGHT);
        assertThat(robot.lookup(".main").query().getScene().getRoot().getStyleClass()).contains("light")
                .doesNotContain("dark");

        for (PictureFormat format : PictureFormat.values()) {
            robot.interact(model::dismissNotice);
            robot.press(KeyCode.CONTROL).type(KeyCode.E).release(KeyCode.CONTROL);
            robot.clickOn("#export-kernel-time");
            robot.clickOn(format.name());
            robot.clickOn("Export …");
            await(() -> model.noticeProperty().get().isPresent());

            Path written = target.orElseThrow();
            assertThat(model.noticeProperty().get()).contains(Notice.done("Written: " + written));
            assertThat(written).hasFileName("decode-kernel-time." + format.extension());
            assertThat(Files.size(written)).isGreaterThan(1000);
        }
    }

    @Test
    void keys_slashAndPalette_filterAndRunCommands(FxRobot robot) throws IOException {
        open(robot, ChromeTraceFile.write(folder.resolve("decode.json"), 2), 3);

        robot.clickOn("RUNS");
        robot.write('/');
        TextField filter = robot.lookup("#kernel-filter").queryAs(TextField.class);
        assertThat(filter.isFocused()).isTrue();
        robot.write("flash");
        assertThat(table(robot).getItems()).extracting(KernelRow::name).containsExactly("flash_attention_decode");

        robot.press(KeyCode.CONTROL).type(KeyCode.P).release(KeyCode.CONTROL);
        robot.write("close rec").type(KeyCode.ENTER);

        assertThat(model.recordings()).isEmpty();
        assertThat(robot.lookup("#empty").query().isVisible()).isTrue();
    }

    @Test
    void chooseFiles_opensWhatTheDialogGives(FxRobot robot) throws IOException {
        ChromeTraceFile.write(folder.resolve("chosen.json"), 1);

        robot.press(KeyCode.CONTROL).type(KeyCode.O).release(KeyCode.CONTROL);
        await(() -> !model.recordings().isEmpty());

        assertThat(model.current()).map(OpenRecording::name).contains("chosen.json");
    }

    @Test
    void help_listsEveryActionOnce(FxRobot robot) {
        robot.write('?');

        List<String> shown = robot.lookup("#help .label").queryAllAs(Label.class).stream().map(Label::getText).toList();
        assertThat(shown).contains("Open …", "Ctrl+O", "Export picture …", "Find kernels", "/", "All commands …")
                .doesNotHaveDuplicates();

        robot.type(KeyCode.ESCAPE);
        assertThat(robot.lookup("#help").tryQuery()).isEmpty();
    }
}
