package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.Golden;
import org.moelab.app.launch.LaunchViewModel;
import org.moelab.app.launch.Program;
import org.moelab.app.run.KeptRun;
import org.moelab.app.theme.Palette;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

/// The page where runs are started: pictures of it, and a run of the smallest model from the window to its layers.
@ExtendWith(ApplicationExtension.class)
class LaunchWindowTest {
    /// Answers every question with a machine without a GPU; told to run something, it tells of a run that goes on.
    private static final String STAND_IN = """
            if [ "$0" = doctor ]; then
              echo '{"checks": [{"id": "driver", "status": "absent", "detail": "libcuda.so.1 was not found"},
                {"id": "gpu", "status": "absent", "detail": "none"}]}'
            else
              echo '{"event": "begun", "parts": ["baseline", "6"]}'
              echo '{"event": "step", "part": "baseline", "name": "timed runs"}'
              echo '{"event": "measured", "part": "baseline", "ttftMs": 61.25, "prefillTokensPerSecond": 8359.2,
                "decodeTokensPerSecond": 61.3}' | tr -d '\\n'
              echo
              echo '{"event": "step", "part": "6", "name": "timed runs"}'
              echo 'layer baseline: TTFT 61.250 ms, prefill 8,359.2 tok/s, decode 61.3 tok/s' >&2
              exec sleep 60
            fi
            """;

    /// A clock that stands, so that pictures are the same.
    private static final long STILL_NS = 1_000_000_000;

    @TempDir
    private Path folder;

    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            SampleCatalogue.CATALOGUE);
    private Optional<MainView> view = Optional.empty();

    @Start
    void start(Stage stage) {
        show(stage, Program.current(), () -> folder.resolve("run").toString());
    }

    private void show(Stage stage, Program program, java.util.function.Supplier<String> folders) {
        MainView now = new MainView(model, TestWindow.NO_DIALOGS,
                new LaunchViewModel.Setting(SampleCatalogue.CATALOGUE, program,
                        Platform::runLater, () -> STILL_NS, folders));
        view = Optional.of(now);
        TestWindow.show(stage, now, model, 1000, 800);
    }

    @AfterEach
    void endRun(FxRobot robot) {
        robot.interact(() -> view.orElseThrow().endRun());
        robot.interact(model::cancelImport);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(60, condition);
    }

    /// Also of a view that is in no stage.
    private String text(String id) {
        return view.orElseThrow().lookup(id) instanceof Label label ? label.getText() : "";
    }

    private void type(FxRobot robot, String id, String text) {
        robot.interact(() -> {
            if (view.orElseThrow().lookup(id) instanceof TextField field) {
                field.setText(text);
            }
        });
    }

    @Test
    void run_ofTheSmallestModelOnTheProcessor_showsItsLayer(FxRobot robot) {
        robot.press(KeyCode.CONTROL).type(KeyCode.DIGIT9).release(KeyCode.CONTROL);
        assertThat(model.pageProperty().get()).isEqualTo(Page.RUN);
        assertThat(robot.lookup("#empty").query().isVisible()).isFalse();
        robot.clickOn("#launch-device-cpu");
        robot.clickOn("#launch-layer-6");
        type(robot, "#launch-prompt", "8");
        type(robot, "#launch-generate", "2");
        type(robot, "#launch-repeats", "1");

        robot.press(KeyCode.CONTROL).type(KeyCode.ENTER).release(KeyCode.CONTROL);
        await(() -> text("#launch-state").startsWith("done"));
        await(() -> model.selection().runProperty().get().filter(run -> run.report().complete()).isPresent());

        assertThat(model.pageProperty().get()).as("the page stays").isEqualTo(Page.RUN);
        assertThat(model.runs()).singleElement().satisfies(run -> assertThat(run.folder())
                .isEqualTo(folder.resolve("run")));
        assertThat(model.selection().layerProperty().get()).contains("baseline");
    }

    @Test
    void escape_whileARunGoesOn_asksAndEndsIt(FxRobot robot) {
        standIn(robot);
        robot.interact(() -> model.pageProperty().set(Page.RUN));
        robot.interact(() -> view.orElseThrow().startRun());
        await(() -> text("#launch-state").equals("6: timed runs"));

        robot.interact(() -> robot.lookup("#launch-command").query().requestFocus());
        robot.type(KeyCode.ESCAPE);
        robot.clickOn("#question-no");
        assertThat(view.orElseThrow().running().get()).isTrue();
        robot.interact(() -> assertThat(view.orElseThrow().mayClose()).isFalse());
        robot.type(KeyCode.ESCAPE);
        robot.clickOn("#launch-cancel").clickOn("#question-yes");

        await(() -> text("#launch-state").startsWith("cancelled"));
        robot.interact(() -> assertThat(view.orElseThrow().mayClose()).isTrue());
    }

    private void standIn(FxRobot robot) {
        robot.interact(() -> show((Stage) view.orElseThrow().getScene().getWindow(),
                new Program(List.of("sh", "-c", STAND_IN)), () -> "runs/first"));
    }

    @Test
    void technique_switchedOnTheLayersPage_proposesToTryItInTurns(FxRobot robot) {
        open(robot);
        robot.clickOn("#switch-device-routing");
        assertThat(robot.lookup(".technique-status.changed").queryAs(Label.class).getText())
                .isEqualTo("CHANGED: RUN TO SEE");

        robot.clickOn(".proposal");

        assertThat(model.pageProperty().get()).isEqualTo(Page.RUN);
        assertThat(robot.lookup("#launch-command").queryAs(TextField.class).getText())
                .startsWith("moelab ablate --model gpt-oss-20b --techniques device-routing --layer 6 --batch 1");
    }

    private void open(FxRobot robot) {
        robot.interact(() -> model.open(List.of(KeptRun.FOLDER)));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent()
                && !robot.lookup("#recordings .facts-title").queryAll().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void form_withAProblem_looksAsKept(boolean dark, int width, int height, FxRobot robot) throws IOException {
        showPage(robot);
        robot.clickOn("#launch-technique-device-routing");
        type(robot, "#launch-batch", "some");
        Golden.check(picture(scene(dark, width, height, robot)),
                "run-form-" + (dark ? "dark" : "light") + "-" + width);
    }

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void progress_ofTheSecondLayer_looksAsKept(boolean dark, int width, int height, FxRobot robot) throws IOException {
        showPage(robot);
        robot.interact(() -> view.orElseThrow().startRun());
        await(() -> text("#launch-state").equals("6: timed runs"));
        Golden.check(picture(scene(dark, width, height, robot)),
                "run-progress-" + (dark ? "dark" : "light") + "-" + width);
    }

    private void showPage(FxRobot robot) {
        open(robot);
        standIn(robot);
        robot.interact(() -> model.pageProperty().set(Page.RUN));
        await(() -> text("#launch-machine").startsWith("no NVIDIA GPU"));
    }

    private Scene scene(boolean dark, int width, int height, FxRobot robot) {
        MainView shown = view.orElseThrow();
        robot.interact(() -> {
            model.paletteProperty().set(dark ? Palette.DARK : Palette.LIGHT);
            // the scene of no stage: a test's screen is smaller than these windows
            shown.getScene().setRoot(new javafx.scene.layout.StackPane());
        });
        return WaitForAsyncUtils.waitForAsyncFx(20_000, () -> MoeLabApplication.scene(shown, model, width, height));
    }

    private static BufferedImage picture(Scene scene) {
        WaitForAsyncUtils.waitForAsyncFx(20_000, () -> scene.snapshot(null));
        WaitForAsyncUtils.waitForFxEvents();
        return SwingFXUtils.fromFXImage(WaitForAsyncUtils.waitForAsyncFx(20_000, () -> scene.snapshot(null)), null);
    }
}
