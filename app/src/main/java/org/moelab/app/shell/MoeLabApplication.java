package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;

import org.moelab.app.theme.Fonts;

import javafx.application.Application;
import javafx.stage.Stage;

/// The window as a program of its own.
public final class MoeLabApplication extends Application {
    /// Opens the window on these files and returns when it is closed. Once in a process.
    ///
    /// @throws UnsupportedOperationException where there is no display, or a system library that the window needs is missing
    public static void open(List<Path> files) {
        Application.launch(MoeLabApplication.class, files.stream().map(Path::toString).toArray(String[]::new));
    }

    @Override
    public void start(Stage stage) {
        Fonts.loadIntoToolkit();
        stage.setTitle("MoE Lab");
        stage.show();
    }
}
