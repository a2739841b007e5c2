package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import javax.imageio.ImageIO;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.gpu.technique.Catalogue;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.stage.Stage;

/// The pictures of the window in `docs/images`, made by the window itself: from the kept run, and from files of other tools in the
/// corpus, which are not in the repository. `-Ddocs.images=true` writes them anew.
@ExtendWith(ApplicationExtension.class)
class DocumentPicturesTest {
    private static final Path IMAGES = Path.of("..", "docs", "images");
    private static final Path CORPUS = Optional.ofNullable(System.getenv("MOELAB_CORPUS")).map(Path::of)
            .orElse(Path.of("..", "..", "shared", "corpus"));
    private static final long MOST_BYTES = 300_000;

    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            Catalogue.load());

    @Start
    void start(Stage stage) {
        TestWindow.show(stage, new MainView(model, TestWindow.NO_DIALOGS), model, 1280, 800);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(60, condition);
    }

    @ParameterizedTest
    @CsvSource({ "run-layers, , LAYERS", "run-speedup, , SPEEDUP", "run-roofline, , ROOFLINE",
            "run-inference, , INFERENCE", "run-compare, , COMPARE", "run-advice, , ADVICE",
            "corpus-nsys, nsys/nsys_2026.2.1_h100x2_1s_trimmed.sqlite, TIMELINE",
            "corpus-ncu, ncu/ncu_2024.3.0_rtx3060ti_llmc_adamw.ncu-rep, KERNEL",
            "corpus-pytorch, h200/gptoss20b_h200_grouped_mm.pt.trace.json.gz, ADVICE" })
    void picture_ofADocument_isAWindowAndSmall(String name, @Nullable String within, Page page, FxRobot robot)
            throws IOException {
        Path target = IMAGES.resolve(name + ".png");
        if (Boolean.getBoolean("docs.images")) {
            Path opened = Optional.ofNullable(within).map(CORPUS::resolve)
                    .orElse(Path.of("..", "docs", "runs", "h200-gpt-oss-20b"));
            assumeTrue(Files.exists(opened), () -> "no " + opened);
            open(robot, opened, page);
            ImageIO.write(picture(robot), "png", target.toFile());
        }
        assertThat(Files.size(target)).isLessThan(MOST_BYTES);
        BufferedImage kept = ImageIO.read(target.toFile());
        assertThat(kept.getWidth()).isEqualTo(1280);
        assertThat(kept.getHeight()).isEqualTo(800);
    }

    private void open(FxRobot robot, Path file, Page page) {
        robot.interact(() -> model.open(List.of(file)));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent()
                && !robot.lookup("#recordings .facts-title").queryAll().isEmpty());
        robot.interact(() -> model.pageProperty().set(page));
        if (page == Page.COMPARE) {
            await(() -> !robot.lookup("#compare-table").queryTableView().getItems().isEmpty());
        }
        if (page == Page.ADVICE) {
            await(() -> robot.lookup("#advice .occurrence").tryQuery().isPresent() && robot.lookup(".panel-caption")
                    .queryAllAs(Label.class).stream().map(Label::getText).noneMatch(t -> t.startsWith("looking")));
        }
        WaitForAsyncUtils.sleep(1, TimeUnit.SECONDS); // frames of timelines are prepared in the background
    }

    /// The file's name stands in the window, its folder does not: that is of a machine.
    private static BufferedImage picture(FxRobot robot) {
        WaitForAsyncUtils.waitForFxEvents();
        Scene scene = robot.lookup(".main").query().getScene();
        robot.interact(() -> robot.lookup("#status .label").queryAllAs(Label.class).stream()
                .filter(l -> l.getText().contains("/")).forEach(l -> {
                    l.textProperty().unbind();
                    l.setText(l.getText().replaceFirst("^\\S*/", ""));
                }));
        BufferedImage drawn = SwingFXUtils.fromFXImage(
                WaitForAsyncUtils.waitForAsyncFx(20_000, () -> scene.snapshot(null)), null);
        BufferedImage opaque = new BufferedImage(drawn.getWidth(), drawn.getHeight(), BufferedImage.TYPE_INT_RGB);
        opaque.getGraphics().drawImage(drawn, 0, 0, null);
        return opaque;
    }
}
