package org.moelab.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.run.KeptRun;
import org.moelab.app.theme.Palette;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;

/// JavaFX says nothing on the screen of a colour that it looks for in vain: it logs a warning and draws without.
@ExtendWith(ApplicationExtension.class)
class StyleWarningsTest {
    private final MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater, Settings.FIRST,
            SampleCatalogue.CATALOGUE);
    private final ConcurrentLinkedQueue<String> warnings = new ConcurrentLinkedQueue<>();
    // held: loggers are forgotten otherwise, with what listens to them
    private final Logger styles = Logger.getLogger("javafx.css");
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                warnings.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    @BeforeEach
    void listen() {
        styles.addHandler(listener);
    }

    @AfterEach
    void stop(FxRobot robot) {
        styles.removeHandler(listener);
        robot.interact(model::cancelImport);
    }

    @Start
    void start(Stage stage) {
        TestWindow.show(stage, new MainView(model, TestWindow.NO_DIALOGS), model, 1000, 800);
    }

    private static void await(BooleanSupplier condition) {
        TestWindow.await(30, condition);
    }

    private static void press(FxRobot robot, KeyCode key, KeyCode... modifiers) {
        robot.press(modifiers).type(key).release(modifiers);
    }

    @Test
    void warning_ofAColourThatIsNowhere_isHeard(FxRobot robot) {
        robot.interact(() -> {
            Label label = new Label("lost");
            label.setStyle("-fx-background-color: -no-such-colour;");
            new Scene(new StackPane(label)).snapshot(null);
        });

        assertThat(warnings).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void everyPageMenuAndOverlay_inATheme_warnsOfNothing(boolean dark, FxRobot robot) {
        robot.interact(() -> {
            model.paletteProperty().set(dark ? Palette.DARK : Palette.LIGHT);
            model.open(List.of(KeptRun.FOLDER));
        });
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent());
        robot.interact(() -> model.selection().referenceProperty().set(Optional.of("4")));
        for (Page page : Page.values()) {
            robot.interact(() -> model.pageProperty().set(page));
            WaitForAsyncUtils.waitForFxEvents();
        }
        // two timelines, a tip under the pointer, the palette of commands, the keys, the export, a menu
        robot.interact(() -> model.pageProperty().set(Page.TIMELINE));
        press(robot, KeyCode.L, KeyCode.CONTROL);
        await(() -> model.importingProperty().get().isEmpty());
        robot.moveTo("#button-export").sleep(1200);
        press(robot, KeyCode.P, KeyCode.CONTROL);
        robot.type(KeyCode.ESCAPE);
        robot.type(KeyCode.F1);
        robot.type(KeyCode.ESCAPE);
        press(robot, KeyCode.E, KeyCode.CONTROL);
        robot.type(KeyCode.ESCAPE);
        robot.clickOn("View").type(KeyCode.DOWN).type(KeyCode.ESCAPE);
        robot.interact(model::toggleTheme);
        WaitForAsyncUtils.waitForFxEvents();

        assertThat(warnings).isEmpty();
    }

    @Test
    void window_putIntoAnotherScene_warnsOfNothing(FxRobot robot) {
        robot.interact(() -> model.open(List.of(KeptRun.FOLDER)));
        await(() -> model.importingProperty().get().isEmpty() && model.current().isPresent());
        robot.interact(() -> model.pageProperty().set(Page.SPEEDUP));
        MainView view = robot.lookup(".main").queryAs(MainView.class);

        robot.interact(() -> {
            view.getScene().setRoot(new StackPane());
            MoeLabApplication.scene(view, model, 1280, 800).snapshot(null);
        });

        assertThat(warnings).isEmpty();
    }
}
