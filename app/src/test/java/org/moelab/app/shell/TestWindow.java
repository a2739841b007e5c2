package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

import org.testfx.util.WaitForAsyncUtils;

import javafx.scene.Scene;
import javafx.stage.Stage;

/// The window as tests show it and wait for it.
final class TestWindow {
    /// A person who chooses no file.
    static final FileDialogs NO_DIALOGS = new FileDialogs() {
        @Override
        public List<Path> recordings() {
            return List.of();
        }

        @Override
        public Optional<Path> run() {
            return Optional.empty();
        }

        @Override
        public Optional<Path> target(String title, String name, List<FileDialogs.FileKind> kinds) {
            return Optional.empty();
        }
    };

    private TestWindow() {
    }

    /// Shows a view in the stage's corner of the screen.
    static Scene show(Stage stage, MainView view, MainViewModel model, double width, double height) {
        Scene scene = MoeLabApplication.scene(view, model, width, height);
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
        return scene;
    }

    /// Waits until something holds on the thread of the window, and all that this thread still had to do is done.
    static void await(int seconds, BooleanSupplier condition) {
        try {
            WaitForAsyncUtils.waitFor(seconds, TimeUnit.SECONDS,
                    () -> WaitForAsyncUtils.asyncFx(condition::getAsBoolean).get());
        } catch (TimeoutException e) {
            throw new AssertionError("did not come about in " + seconds + " s", e);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }
}
