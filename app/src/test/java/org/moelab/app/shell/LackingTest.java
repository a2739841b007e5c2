package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.run.HowTo;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.technique.Catalogue;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;

/// What the pages say of runs that lack something: what it is, and how to measure it.
@ExtendWith(ApplicationExtension.class)
class LackingTest {
    @TempDir
    private Path folder = Path.of("");

    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            Catalogue.load());
    private Optional<Scene> scene = Optional.empty();

    @Start
    void start(Stage stage) {
        scene = Optional.of(TestWindow.show(stage, new MainView(model, TestWindow.NO_DIALOGS), model, 1280, 800));
    }

    @AfterEach
    void stopReading(FxRobot robot) {
        robot.interact(model::cancelImport);
    }

    private void open(FxRobot robot) {
        robot.interact(() -> model.open(List.of(folder)));
        TestWindow.await(30, () -> model.importingProperty().get().isEmpty() && !model.runs().isEmpty());
    }

    private String page(FxRobot robot, Page page) {
        assertThat(model.offeredProperty(page).getValue()).as("the page " + page).isTrue();
        robot.interact(() -> model.pageProperty().set(page));
        WaitForAsyncUtils.waitForFxEvents();
        return WaitForAsyncUtils.waitForAsyncFx(20_000, () -> OnScreen.of(scene.orElseThrow())).text();
    }

    @Test
    void runWithoutTimelinesAndAblations_everyPage_saysWhatIsMissingAndHowToGetIt(FxRobot robot) throws IOException {
        Files.copy(KeptRun.FOLDER.resolve(RunFile.NAME), folder.resolve(RunFile.NAME));
        open(robot);
        StoredRun run = model.runs().getFirst();

        assertThat(page(robot, Page.TIMELINE)).contains(HowTo.timeline(run.top()), "Timelines",
                "no timeline of " + run.name() + " is open", run.about());
        assertThat(page(robot, Page.LAYERS)).contains(HowTo.ablation(run));
        assertThat(page(robot, Page.COMPARE)).contains("two timelines are needed, and there are none", HowTo.CAPTURE);
        assertThat(page(robot, Page.ADVICE)).contains("No timeline of this layer is there");
        page(robot, Page.SPEEDUP);
        robot.clickOn("#speedup-transformer-layers");
        assertThat(page(robot, Page.SPEEDUP)).contains("not measured: the run directory has no timeline",
                HowTo.CAPTURE);
    }

    @Test
    void layerWithoutTimeline_chosen_isNotShownWithThatOfAnother(FxRobot robot) throws IOException {
        Files.copy(KeptRun.FOLDER.resolve(RunFile.NAME), folder.resolve(RunFile.NAME));
        Files.copy(KeptRun.FOLDER.resolve("6.trace.json.gz"), folder.resolve("6.trace.json.gz"));
        open(robot);
        TestWindow.await(30, () -> model.current().isPresent());

        robot.interact(() -> model.selection().layerProperty().set(Optional.of("5")));
        assertThat(model.current()).isEmpty();
        assertThat(page(robot, Page.TIMELINE))
                .contains(HowTo.timeline(model.runs().getFirst().layer("5").orElseThrow()));

        robot.interact(() -> model.selection().layerProperty().set(Optional.of("6")));
        TestWindow.await(30, () -> model.current().isPresent());
    }

    @Test
    void runThatDidNotEnd_layerAgainstItself_isSaidToBeBoth(FxRobot robot) throws IOException {
        RunReport whole = KeptRun.read().report();
        Files.writeString(folder.resolve(RunFile.NAME),
                Files.readString(KeptRun.FOLDER.resolve(RunFile.NAME)).replaceFirst("\"complete\" ?: ?true",
                        "\"complete\": false"));
        assertThat(RunFile.read(folder).complete()).isFalse();
        assertThat(whole.complete()).isTrue();
        open(robot);
        robot.interact(() -> model.selection().referenceProperty().set(model.selection().layerProperty().get()));

        assertThat(page(robot, Page.SPEEDUP)).contains("a layer against itself");
        assertThat(page(robot, Page.ADVICE)).contains("The run did not come to its end");
    }
}
