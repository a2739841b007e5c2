package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.moelab.app.figure.FigurePane;
import org.moelab.app.run.KeptRun;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.image.ImageView;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;

/// Text and all else larger and smaller.
@ExtendWith(ApplicationExtension.class)
class TextSizeTest {
    private static final double WIDTH = 1280;
    private static final double HEIGHT = 800;

    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            SampleCatalogue.CATALOGUE);

    @Start
    void start(Stage stage) {
        TestWindow.show(stage, new MainView(model, TestWindow.NO_DIALOGS), model, WIDTH, HEIGHT);
    }

    @AfterEach
    void stopReading(FxRobot robot) {
        robot.interact(model::cancelImport);
    }

    private void open(FxRobot robot, Page page) {
        robot.interact(() -> model.open(List.of(KeptRun.FOLDER)));
        TestWindow.await(30, () -> model.importingProperty().get().isEmpty() && model.current().isPresent());
        robot.interact(() -> model.pageProperty().set(page));
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void press(FxRobot robot, KeyCode key) {
        robot.press(KeyCode.CONTROL).type(key).release(KeyCode.CONTROL);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private int percent() {
        return model.settingsProperty().get().textPercent();
    }

    @Test
    void steps_endAtTheirLimits() {
        TextSize size = new TextSize(100);
        for (int i = 0; i < 20; i++) {
            size.larger();
        }
        assertThat(size.percentProperty().get()).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            size.smaller();
        }
        assertThat(size.percentProperty().get()).isEqualTo(80);
        assertThat(new TextSize(5000).percentProperty().get()).isEqualTo(200);
    }

    @Test
    void keys_changeTheSizeThatIsRemembered(FxRobot robot) {
        robot.clickOn(".main");
        press(robot, KeyCode.PLUS);
        assertThat(percent()).isEqualTo(110);
        press(robot, KeyCode.EQUALS);
        assertThat(percent()).isEqualTo(125);
        press(robot, KeyCode.MINUS);
        press(robot, KeyCode.SUBTRACT);
        press(robot, KeyCode.MINUS);
        assertThat(percent()).isEqualTo(90);
        press(robot, KeyCode.DIGIT0);
        assertThat(percent()).isEqualTo(100);
    }

    @Test
    void larger_menusGrowToo(FxRobot robot) {
        robot.interact(() -> {
            while (percent() < 150) {
                model.textSize().larger();
            }
        });
        robot.clickOn("File");
        WaitForAsyncUtils.waitForFxEvents();

        Label quit = robot.lookup(".context-menu .menu-item .label").queryAllAs(Label.class).stream()
                .filter(label -> label.getText().equals("Quit")).findFirst().orElseThrow();
        assertThat(quit.getFont().getSize()).isCloseTo(18, within(0.1));
        robot.type(KeyCode.ESCAPE);
    }

    @Test
    void larger_figuresHaveAPixelOfTheirOwnForEachOfTheScreen(FxRobot robot) {
        open(robot, Page.LAYERS);
        double before = robot.lookup(".brand").query().localToScene(0, 0, 0).getX();

        robot.interact(() -> {
            model.textSize().larger();
            model.textSize().larger();
        });
        WaitForAsyncUtils.waitForFxEvents();

        Node view = robot.lookup(".main").query();
        assertThat(view.getLayoutBounds().getWidth()).isCloseTo(WIDTH / 1.25, within(0.01));
        assertThat(view.localToScene(view.getLayoutBounds()).getWidth()).isCloseTo(WIDTH, within(0.01));
        assertThat(robot.lookup(".brand").query().localToScene(0, 0, 0).getX()).isGreaterThan(before);
        FigurePane ladder = (FigurePane) robot.lookup("#ladder").queryAs(StackPane.class).getChildren().getFirst();
        ImageView image = (ImageView) ladder.getChildrenUnmodifiable().getFirst();
        assertThat(image.getImage().getWidth()).isCloseTo(ladder.getWidth() * 1.25, within(1.0));
    }

    @Test
    void sizeThatTheWindowHasNoRoomFor_isDrawnAsLargeAsItHas(FxRobot robot) {
        robot.interact(() -> {
            for (int i = 0; i < 5; i++) {
                model.textSize().larger();
            }
        });
        WaitForAsyncUtils.waitForFxEvents();

        Node view = robot.lookup(".main").query();
        assertThat(percent()).isEqualTo(200);
        assertThat(view.getLayoutBounds().getHeight()).isBetween(550.0, 570.0);
    }

    @Test
    void dividerThatIsDragged_staysUnderThePointer(FxRobot robot) {
        open(robot, Page.TIMELINE);
        robot.interact(() -> {
            model.textSize().larger();
            model.textSize().larger();
        });
        WaitForAsyncUtils.waitForFxEvents();
        SplitPane split = robot.lookup("#split-main").queryAs(SplitPane.class);
        Node divider = robot.from(split).lookup(".split-pane-divider").<Node>queryAll().stream()
                .filter(d -> split.equals(d.getParent())).findFirst().orElseThrow();
        Bounds before = divider.localToScreen(divider.getLayoutBounds());

        robot.drag(new Point2D(before.getCenterX(), before.getCenterY()), MouseButton.PRIMARY)
                .dropBy(60, 0);
        WaitForAsyncUtils.waitForFxEvents();

        Bounds after = divider.localToScreen(divider.getLayoutBounds());
        assertThat(after.getCenterX() - before.getCenterX()).isCloseTo(60, within(5.0));
    }
}
