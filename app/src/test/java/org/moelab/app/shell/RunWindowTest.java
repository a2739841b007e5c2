package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

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
import org.moelab.app.selection.TimeRange;
import org.moelab.app.timeline.Alignment;
import org.moelab.app.timeline.Candidate;
import org.moelab.app.timeline.Mark;
import org.moelab.app.timeline.TimelinePairView;
import org.moelab.app.timeline.TimelinePairViewModel;
import org.moelab.traces.compare.Row;
import org.moelab.traces.model.Trace;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
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
    private String within = "";

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
            target = Optional.of(folder.resolve(within).resolve(name));
            return target;
        }
    }

    @Start
    void start(Stage stage) {
        TestWindow.show(stage, new MainView(model, new Answers()), model, 1000, 800);
    }

    @AfterEach
    void stopReading(FxRobot robot) {
        robot.interact(model::cancelImport);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(30, condition);
    }

    private void openRun(FxRobot robot) {
        openRun(robot, KeptRun.FOLDER);
    }

    private void openRun(FxRobot robot, Path run) {
        robot.interact(() -> model.open(List.of(run)));
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

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void inference_runWithLoads_looksAsKept(boolean dark, int width, int height, FxRobot robot) throws IOException {
        openRun(robot, KeptRun.WITH_LOADS);
        robot.interact(() -> model.selection().phaseProperty().set(dark ? RunPhase.PREFILL : RunPhase.DECODE));
        pictures(dark, width, height, List.of(Page.INFERENCE), robot);
    }

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void compare_twoLayers_looksAsKept(boolean dark, int width, int height, FxRobot robot) throws IOException {
        openRun(robot);
        compareLayers(robot);
        pictures(dark, width, height, List.of(Page.COMPARE), robot);
    }

    @ParameterizedTest
    @CsvSource({ "true, 1280, 800", "false, 1280, 800", "true, 1920, 1080", "false, 1920, 1080" })
    void timelines_twoLayers_lookAsKept(boolean dark, int width, int height, FxRobot robot) throws IOException {
        openRun(robot);
        TimelinePairView timelines = compareTimelines(robot);
        TimelinePairViewModel both = timelines.viewModel();
        robot.interact(() -> {
            Trace trace = both.upper().sourceProperty().get().orElseThrow().trace();
            both.upper().show(new TimeRange(trace.startNs() + 18_000_000, trace.startNs() + 27_000_000));
            both.upper().marks().note(both.upper().marks().toggle(300).orElseThrow(), "choice of the first token");
            both.upper().marks().toggle(330);
            model.selection().eventProperty().set(OptionalInt.of(second(trace, "expert_gate_up_swiglu_mxfp4")));
        });
        await(() -> both.upper().occurrenceProperty().get().isPresent()
                && both.lower().request().flatMap(r -> r.selected().stream().boxed().findFirst()).isPresent());
        robot.interact(() -> {
            timelines.pinRow();
            model.pageProperty().set(Page.TIMELINE);
        });
        pictures(dark, width, height, List.of(Page.TIMELINE), robot);
    }

    private static int second(Trace trace, String name) {
        return IntStream.range(0, trace.size()).filter(e -> trace.name(e).equals(name)).skip(1).findFirst()
                .orElseThrow();
    }

    private TimelinePairView compareTimelines(FxRobot robot) {
        robot.press(KeyCode.CONTROL).type(KeyCode.L).release(KeyCode.CONTROL);
        TimelinePairView timelines = robot.lookup("#timelines").queryAs(TimelinePairView.class);
        await(() -> model.importingProperty().get().isEmpty()
                && timelines.viewModel().alignmentProperty().get().isPresent());
        return timelines;
    }

    @Test
    void compareTimelines_readsTheOtherLayerAndLinksBoth(FxRobot robot) {
        openRun(robot);
        TimelinePairViewModel both = compareTimelines(robot).viewModel();

        assertThat(model.pageProperty().get()).isEqualTo(Page.TIMELINE);
        assertThat(model.current()).as("what is looked at stays").map(OpenRecording::name)
                .contains("layer 6 of h200-gpt-oss-20b");
        assertThat(both.otherProperty().get()).map(Candidate::name).contains("layer 4");
        assertThat(both.alignmentProperty().get()).map(Alignment::label).contains("token 1");
        Label offset = robot.lookup("#timelines-offset").queryAs(Label.class);
        assertThat(offset.getText()).isEqualTo("below − above +28.72 ms");

        robot.clickOn("#timelines-linked");
        assertThat(both.linkedProperty().get()).isFalse();
        assertThat(offset.getText()).isEmpty();

        robot.clickOn("#timelines-close");
        assertThat(robot.lookup("#timelines-offset").tryQuery()).isEmpty();
        assertThat(robot.lookup("#chart").query().getScene()).isNotNull();
    }

    @Test
    void markKey_thenNote_isKeptInTheSettingsAndListed(FxRobot robot) {
        openRun(robot);
        robot.clickOn("#page-timeline");
        robot.clickOn(".timeline-view");
        robot.type(KeyCode.M);
        await(() -> robot.lookup("#mark-note").query().isFocused());
        robot.write("why so late").type(KeyCode.ENTER);

        assertThat(model.settingsProperty().get().annotations().values()).singleElement()
                .satisfies(kept -> assertThat(kept.marks()).extracting(Mark::note).containsExactly("why so late"));
        assertThat(robot.lookup("#mark-note").query().isVisible()).isFalse();
        robot.clickOn("MARKS");
        TableView<?> marks = robot.lookup("#marks-table").queryAs(TableView.class);
        assertThat(marks.getItems()).hasSize(1);

        robot.interact(() -> marks.getSelectionModel().selectFirst());
        robot.interact(marks::requestFocus);
        robot.type(KeyCode.DELETE);
        assertThat(model.settingsProperty().get().annotations()).isEmpty();
    }

    private void compareLayers(FxRobot robot) {
        robot.interact(() -> {
            model.selection().referenceProperty().set(Optional.of("4"));
            model.pageProperty().set(Page.COMPARE);
        });
        await(() -> !comparison(robot).getItems().isEmpty());
    }

    @SuppressWarnings("unchecked") // the one table with this id holds rows
    private static TableView<Row> comparison(FxRobot robot) {
        return robot.lookup("#compare-table").queryAs(TableView.class);
    }

    @Test
    void compare_readsTheReferencesTimelineAndSelectsKernels(FxRobot robot) {
        openRun(robot);
        assertThat(model.recordings()).hasSize(1);

        compareLayers(robot);

        assertThat(model.recordings()).extracting(OpenRecording::name)
                .containsExactly("layer 6 of h200-gpt-oss-20b", "layer 4 of h200-gpt-oss-20b");
        assertThat(model.current()).as("what is looked at stays").map(OpenRecording::name)
                .contains("layer 6 of h200-gpt-oss-20b");
        robot.interact(() -> comparison(robot).getSelectionModel().selectFirst());
        assertThat(model.selection().kernelProperty().get()).contains("expert_gate_up_staged_mxfp4_n64");

        long before = comparison(robot).getItems().getFirst().deltaNs();
        robot.clickOn("#compare-swap");
        await(() -> !comparison(robot).getItems().isEmpty()
                && comparison(robot).getItems().getFirst().deltaNs() == -before);
        assertThat(model.selection().layerProperty().get()).contains("6");
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
            if (view.lookup("#timelines") instanceof TimelinePairView timelines) {
                robot.interact(timelines::refresh);
            }
            BufferedImage picture = picture(scene);

            assertThat(picture.getWidth()).isEqualTo(width);
            Golden.check(picture, "run-" + page.name().toLowerCase(Locale.ROOT) + "-" + (dark ? "dark" : "light") + "-"
                    + width);
        }
    }

    /// The timeline is judged in the background.
    private void awaitAdvice(FxRobot robot) {
        robot.interact(() -> model.pageProperty().set(Page.ADVICE));
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
    void pageNeverSeen_turnedTo_takesTheFocusAndShowsWhatIsSelected(FxRobot robot) {
        openRun(robot);
        assertThat(robot.lookup("#operations").tryQuery()).as("nobody looked at the page").isEmpty();
        robot.interact(() -> model.selection().operationProperty().set(Optional.of("attention/attention")));

        robot.interact(() -> model.pageProperty().set(Page.SPEEDUP));
        assertThat(operations(robot).getSelectionModel().getSelectedItem().name()).isEqualTo("attention/attention");

        assertThat(robot.lookup("#kernel-filter").tryQuery()).as("nobody looked at the page").isEmpty();
        robot.write("/");
        await(() -> robot.lookup("#kernel-filter").query().isFocused());
        assertThat(model.pageProperty().get()).isEqualTo(Page.TIMELINE);
    }

    @Test
    void export_ofATimelineNeverSeen_isAPicture(FxRobot robot) throws IOException {
        openRun(robot);

        press(robot, KeyCode.E, KeyCode.CONTROL);
        robot.interact(() -> robot.lookup("#export-timeline").queryAs(ToggleButton.class).fire());
        robot.clickOn("SVG").clickOn("Export …");

        await(() -> model.noticeProperty().get().isPresent());
        assertThat(Files.readString(target.orElseThrow())).contains("Timeline of 6.trace.json.gz", "layer 6 of");
    }

    @Test
    void export_ofARunsPage_isNamedAfterTheRun(FxRobot robot) throws IOException {
        openRun(robot);
        for (Page page : List.of(Page.LAYERS, Page.SPEEDUP, Page.ROOFLINE, Page.INFERENCE, Page.ADVICE)) {
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

    private static void press(FxRobot robot, KeyCode key, KeyCode... modifiers) {
        robot.press(modifiers).type(key).release(modifiers);
    }

    @Test
    void report_ofTheOpenRun_isWritten(FxRobot robot) throws IOException {
        press(robot, KeyCode.R, KeyCode.CONTROL);
        assertThat(target).as("no run is open").isEmpty();
        openRun(robot);

        press(robot, KeyCode.R, KeyCode.CONTROL);

        await(() -> model.noticeProperty().get().isPresent());
        assertThat(target.orElseThrow()).hasFileName("h200-gpt-oss-20b-report.html");
        assertThat(model.noticeProperty().get()).contains(Notice.done("Written: " + target.orElseThrow()));
        assertThat(Files.readString(target.orElseThrow())).contains("<h1>Run h200-gpt-oss-20b</h1>", "</html>");
        assertThat(robot.lookup("#report").query().isVisible()).isFalse();
    }

    @Test
    void report_ofTwoOpenRuns_comparesTheShownWithTheOther(FxRobot robot) throws IOException {
        openRun(robot);
        press(robot, KeyCode.R, KeyCode.CONTROL, KeyCode.SHIFT);
        assertThat(target).as("one run is open").isEmpty();
        openRun(robot, KeptRun.WITH_LOADS);
        await(() -> model.runs().size() == 2);

        press(robot, KeyCode.R, KeyCode.CONTROL, KeyCode.SHIFT);

        await(() -> model.noticeProperty().get().isPresent());
        assertThat(Files.readString(target.orElseThrow()))
                .contains("<h1>Run h200-gpt-oss-20b-loads against h200-gpt-oss-20b</h1>");
    }

    @Test
    void report_cancelled_leavesNothingAndIsSilent(FxRobot robot) throws IOException {
        openRun(robot);
        Path first = Files.createDirectory(folder.resolve("first"));
        Files.createDirectory(folder.resolve("second"));
        within = "first";

        Node bar = robot.lookup("#report").query();
        robot.interact(() -> { // at once: nothing that the work does can come in between
            Objects.requireNonNull(bar.getScene().getAccelerators().get(KeyCombination.valueOf("Shortcut+R"))).run();
            assertThat(bar.isVisible()).isTrue();
            robot.lookup("#report-cancel").queryButton().fire();
        });

        assertThat(robot.lookup("#report").query().isVisible()).isFalse();
        within = "second"; // takes longer than what is left of the first
        press(robot, KeyCode.R, KeyCode.CONTROL);
        await(() -> model.noticeProperty().get().isPresent());
        assertThat(target.orElseThrow()).hasParent(folder.resolve("second")).exists();
        assertThat(first).isEmptyDirectory();
    }

    @Test
    void report_ontoAFolder_isANoticeThatNamesIt(FxRobot robot) throws IOException {
        openRun(robot);
        Path inTheWay = Files.createDirectory(folder.resolve("h200-gpt-oss-20b-report.html"));

        press(robot, KeyCode.R, KeyCode.CONTROL);

        await(() -> model.noticeProperty().get().isPresent());
        assertThat(model.noticeProperty().get().orElseThrow().message()).startsWith("not written: ")
                .contains(inTheWay.toString());
    }

    @Test
    void followAFinding_ofTheRun_selectsItsOperation(FxRobot robot) {
        openRun(robot);
        awaitAdvice(robot);

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
    void kernelPage_sass_goesByHeatToTheSourceLineAndBack(FxRobot robot) {
        robot.interact(() -> model.open(List.of(Path.of("../docs/runs/h200-gpt-oss-20b/prefill.ncu-rep.gz"))));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent());
        robot.interact(() -> {
            model.pageProperty().set(Page.KERNEL);
            model.selection().eventProperty().set(OptionalInt.of(1));
        });
        robot.clickOn("#code-part-sass");
        TableView<?> code = robot.lookup("#code-table").queryAs(TableView.class);
        await(() -> code.getItems().size() == 2104);
        Object hottest = code.getSelectionModel().getSelectedItem();
        assertThat(hottest.toString()).contains("place=1180");

        robot.clickOn("#code-hottest");
        assertThat(code.getSelectionModel().getSelectedItem()).isNotEqualTo(hottest);
        robot.press(KeyCode.SHIFT).type(KeyCode.H).release(KeyCode.SHIFT);
        assertThat(code.getSelectionModel().getSelectedItem()).isEqualTo(hottest);
        robot.type(KeyCode.ENTER);
        assertThat(code.getSelectionModel().getSelectedItem().toString()).contains("place=55", "mma.cuh");
        robot.type(KeyCode.ENTER);
        assertThat(code.getSelectionModel().getSelectedItem()).isEqualTo(hottest);
        robot.type(KeyCode.V).type(KeyCode.V);
        assertThat(robot.lookup("#kernel-code").query().isVisible()).as("figures again").isFalse();
    }

    @Test
    void speedupPage_transformerLayers_areReadFromTheTimelines(FxRobot robot) {
        openRun(robot);
        robot.interact(() -> {
            model.pageProperty().set(Page.SPEEDUP);
            model.selection().referenceProperty().set(Optional.of("4"));
        });
        TableView<?> table = robot.lookup("#operations").queryAs(TableView.class);
        String first = table.getItems().getFirst().toString();

        robot.clickOn("#speedup-transformer-layers");
        await(() -> !table.getItems().isEmpty()
                && table.getItems().getFirst().toString().contains("transformer layer 1"));
        robot.clickOn("#speedup-operations");
        assertThat(table.getItems().getFirst()).hasToString(first);
    }

    @Test
    void openDirectoryThatIsNoRun_isANotice(FxRobot robot) {
        robot.interact(() -> model.open(List.of(folder)));
        await(() -> model.noticeProperty().get().isPresent());

        assertThat(model.noticeProperty().get().orElseThrow().message()).contains(folder.toString());
        assertThat(model.runs()).isEmpty();
    }
}
