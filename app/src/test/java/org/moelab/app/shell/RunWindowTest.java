package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.Golden;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.OperationGains;
import org.moelab.app.run.RunPhase;
import org.moelab.app.theme.Palette;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

/// The window on a kept run: its pages as pictures in both themes at two sizes, and the flows between
/// them.
@ExtendWith(ApplicationExtension.class)
class RunWindowTest {
    @TempDir
    private Path folder;

    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            SampleCatalogue.CATALOGUE);
    private Optional<Path> target = Optional.empty();

    private final class Answers implements FileDialogs {
        @Override
        public List<Path> recordings() {
            return List.of();
        }

        @Override
        public Optional<Path> run() {
            return Optional.of(KeptRun.FOLDER);
        }

        @Override
        public Optional<Path> target(String title, String name, List<FileKind> kinds) {
            target = Optional.of(folder.resolve(name));
            return target;
        }
    }

    @Start
    void start(Stage stage) {
        stage.setScene(MoeLabApplication.scene(new MainView(model, new Answers()), model, 1000, 800));
        stage.setX(0);
        stage.setY(0);
        stage.show();
    }

    @AfterEach
    void stopReading(FxRobot robot) {
        robot.interact(model::cancelImport);
    }

    private static void await(BooleanSupplier condition) {
        try {
            WaitForAsyncUtils.waitFor(30, TimeUnit.SECONDS,
                    () -> WaitForAsyncUtils.asyncFx(condition::getAsBoolean).get());
        } catch (TimeoutException e) {
            throw new AssertionError("did not come about in 30 s", e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void openRun(FxRobot robot) {
        robot.interact(() -> model.open(List.of(KeptRun.FOLDER)));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent()
                && !robot.lookup("#recordings .facts-title").queryAll().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void pages_keptRun_lookAsKept(boolean dark, int width, int height, FxRobot robot) throws IOException {
        openRun(robot);
        awaitAdvice(robot);
        pictures(dark, width, height, List.of(Page.LAYERS, Page.SPEEDUP, Page.ROOFLINE, Page.ADVICE), robot);
    }

    private void pictures(boolean dark, int width, int height, List<Page> pages, FxRobot robot) throws IOException {
        MainView view = robot.lookup(".main").queryAs(MainView.class);
        robot.interact(() -> {
            model.paletteProperty().set(dark ? Palette.DARK : Palette.LIGHT);
            // the scene of no stage: a test's screen is smaller than these windows
            view.getScene().setRoot(new javafx.scene.layout.StackPane());
        });
        Scene scene = WaitForAsyncUtils.waitForAsyncFx(20_000,
                () -> MoeLabApplication.scene(view, model, width, height));
        for (Page page : pages) {
            robot.interact(() -> model.pageProperty().set(page));
            picture(scene); // a table's header follows its scroll bar one layout later
            BufferedImage picture = picture(scene);

            assertThat(picture.getWidth()).isEqualTo(width);
            Golden.check(picture, "run-" + page.name().toLowerCase(Locale.ROOT) + "-" + (dark ? "dark" : "light") + "-"
                    + width);
        }
    }

    /// The timeline is judged in the background.
    private static void awaitAdvice(FxRobot robot) {
        await(() -> robot.lookup(".panel-caption").queryAllAs(Label.class).stream().map(Label::getText)
                .anyMatch(text -> text.contains("at most: a bound") && !text.startsWith("looking")));
    }

    private static BufferedImage picture(Scene scene) {
        WaitForAsyncUtils.waitForFxEvents();
        return SwingFXUtils.fromFXImage(WaitForAsyncUtils.waitForAsyncFx(20_000, () -> scene.snapshot(null)), null);
    }

    @Test
    void openRun_showsTheLadderAndOpensTheHighestLayersTimeline(FxRobot robot) {
        robot.press(KeyCode.CONTROL).press(KeyCode.SHIFT).type(KeyCode.O).release(KeyCode.SHIFT)
                .release(KeyCode.CONTROL);
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent());

        assertThat(model.pageProperty().get()).isEqualTo(Page.LAYERS);
        assertThat(model.current()).map(OpenRecording::name).contains("layer 6 of h200-gpt-oss-20b");
        assertThat(model.settingsProperty().get().recentFiles())
                .containsExactly(KeptRun.FOLDER.toAbsolutePath().normalize());
        assertThat(robot.lookup(".layer-title").queryAs(Label.class).getText()).isEqualTo("6  advanced inference");
        assertThat(robot.lookup("#empty").query().isVisible()).isFalse();
    }

    @Test
    void clickALayer_opensItsTimelineAndChangesEveryOtherPage(FxRobot robot) {
        openRun(robot);

        robot.clickOn("#layer-4");
        await(() -> model.importingProperty().get().isEmpty()
                && model.current().filter(r -> r.name().startsWith("layer 4 ")).isPresent());

        assertThat(robot.lookup(".layer-title").queryAs(Label.class).getText()).isEqualTo("4  concurrency");
        robot.clickOn("#page-speedup");
        assertThat(operations(robot).getItems().getLast().afterMs().orElseThrow()).isEqualTo(20917.534 / 1e3 / 8);

        robot.interact(() -> model.show(model.recordings().getFirst()));
        assertThat(model.selection().layerProperty().get()).contains("6");
        assertThat(operations(robot).getItems().getLast().afterMs().orElseThrow()).isEqualTo(15821.41 / 1e3 / 8);

        robot.clickOn("#phase-prefill");
        assertThat(model.selection().phaseProperty().get()).isEqualTo(RunPhase.PREFILL);
        assertThat(operations(robot).getItems().getLast().afterMs().orElseThrow()).isEqualTo(17532.323 / 1e3);
    }

    @SuppressWarnings("unchecked") // the one table with this id holds gains
    private static TableView<OperationGains.Row> operations(FxRobot robot) {
        return robot.lookup("#operations").queryAs(TableView.class);
    }

    @Test
    void export_ofARunsPage_isNamedAfterTheRun(FxRobot robot) throws IOException {
        openRun(robot);
        for (Page page : List.of(Page.LAYERS, Page.SPEEDUP, Page.ROOFLINE, Page.ADVICE)) {
            String name = page.title().toLowerCase(Locale.ROOT);
            robot.press(KeyCode.CONTROL).type(KeyCode.valueOf("DIGIT" + page.digit())).release(KeyCode.CONTROL);
            assertThat(model.pageProperty().get()).isEqualTo(page);

            robot.interact(model::dismissNotice);
            robot.press(KeyCode.CONTROL).type(KeyCode.E).release(KeyCode.CONTROL);
            robot.clickOn("SVG").clickOn("Export …");
            await(() -> model.noticeProperty().get().isPresent());
            assertThat(target.orElseThrow()).hasFileName("h200-gpt-oss-20b-" + name + ".svg");
            assertThat(Files.readString(target.orElseThrow())).contains("h200-gpt-oss-20b");

            robot.interact(model::dismissNotice);
            robot.press(KeyCode.CONTROL).press(KeyCode.SHIFT).type(KeyCode.E).release(KeyCode.SHIFT)
                    .release(KeyCode.CONTROL);
            await(() -> model.noticeProperty().get().isPresent());
            assertThat(target.orElseThrow()).hasFileName("h200-gpt-oss-20b-" + name + ".csv");
            assertThat(Files.readAllLines(target.orElseThrow())).hasSizeGreaterThan(page == Page.ADVICE ? 3 : 7);
        }
    }

    @Test
    void followAFinding_ofTheRun_selectsItsOperation(FxRobot robot) {
        openRun(robot);
        awaitAdvice(robot);
        robot.interact(() -> model.pageProperty().set(Page.ADVICE));

        robot.interact(() -> robot.lookup("#advice .occurrence").queryAs(Hyperlink.class).fire());

        assertThat(model.pageProperty().get()).isEqualTo(Page.ROOFLINE);
        assertThat(model.selection().operationProperty().get()).isPresent();
    }

    @Test
    void closeRun_takesItsTimelinesWithIt(FxRobot robot) {
        openRun(robot);

        robot.interact(model::closeRun);

        assertThat(model.recordings()).isEmpty();
        assertThat(model.runs()).isEmpty();
        assertThat(model.pageProperty().get()).isEqualTo(Page.TIMELINE);
        assertThat(robot.lookup("#empty").query().isVisible()).isTrue();
        assertThat(robot.lookup("#run-bar").query().isVisible()).isFalse();
    }

    @Test
    void profiledKernels_haveARooflineAndNoLayers(FxRobot robot) {
        assertThat(robot.lookup("#run-bar").query().isVisible()).isFalse();
        robot.interact(() -> model.open(List.of(Path.of("../traces/src/test/resources/h200/ncu/scale.ncu-rep.gz"))));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent());

        assertThat(robot.lookup("#page-layers").query().isVisible()).isFalse();
        robot.clickOn("#page-roofline");

        assertThat(model.pageProperty().get()).isEqualTo(Page.ROOFLINE);
        assertThat(robot.lookup(".panel-caption").queryAllAs(Label.class)).extracting(Label::getText)
                .anyMatch(text -> text.startsWith("2 of 2 kernels lack") && text.contains("--set roofline"));

        robot.interact(() -> model.close(model.recordings().getFirst()));
        assertThat(model.pageProperty().get()).isEqualTo(Page.TIMELINE);
    }

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void kernelPage_profiledKernelAgainstABaseline_looksAsKept(boolean dark, int width, int height, FxRobot robot)
            throws IOException {
        robot.interact(() -> model.open(List.of(Path.of("../traces/src/test/resources/h200/ncu/scale.ncu-rep.gz"))));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent()
                && !robot.lookup("#recordings .facts-title").queryAll().isEmpty());
        robot.interact(() -> model.selection().eventProperty().set(OptionalInt.of(0)));
        robot.press(KeyCode.CONTROL).type(KeyCode.B).release(KeyCode.CONTROL);
        robot.interact(() -> model.selection().eventProperty().set(OptionalInt.of(1)));
        pictures(dark, width, height, List.of(Page.KERNEL), robot);
    }

    @Test
    void openDirectoryThatIsNoRun_isANotice(FxRobot robot) {
        robot.interact(() -> model.open(List.of(folder)));
        await(() -> model.noticeProperty().get().isPresent());

        assertThat(model.noticeProperty().get().orElseThrow().message()).contains(folder.toString());
        assertThat(model.runs()).isEmpty();
    }
}
