package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.moelab.app.expectation.Expectations;
import org.moelab.app.shell.Settings.WindowBounds;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.StyleSheet;
import org.moelab.gpu.technique.Catalogue;

import javafx.application.Application;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Group;
import javafx.scene.Scene;
import javafx.stage.Screen;
import javafx.stage.Stage;

/// The window as a program of its own.
public class MoeLabApplication extends Application {
    private static final double USUAL_WIDTH = 1600;
    private static final double USUAL_HEIGHT = 1000;

    private final Optional<SettingsFile> settings;

    /// The window of a person: it begins as the last one was left.
    public MoeLabApplication() {
        this(Optional.of(SettingsFile.ofUser()));
    }

    /// @param settings where the window's settings are kept; empty for one that knows none and leaves none
    MoeLabApplication(Optional<SettingsFile> settings) {
        this.settings = settings;
    }

    /// Opens the window on these files and returns when it is closed. Once in a process.
    ///
    /// @throws UnsupportedOperationException where there is no display, or a system library that the window needs is missing
    public static void open(List<Path> files) {
        open(MoeLabApplication.class, files);
    }

    static void open(Class<? extends MoeLabApplication> kind, List<Path> files) {
        Thread.ofPlatform().daemon().name("beforehand").start(Beforehand::read);
        Application.launch(kind, files.stream().map(Path::toString).toArray(String[]::new));
    }

    @Override
    public void start(Stage stage) {
        MainViewModel model = new MainViewModel(RecordingSource.FILES, Platform::runLater,
                settings.map(SettingsFile::load).orElse(Settings.FIRST),
                Beforehand.CATALOGUE);
        MainView view = new MainView(model, new NativeFileDialogs(stage));
        Scene scene = scene(view, model, USUAL_WIDTH, USUAL_HEIGHT);
        stage.setTitle("MoE Lab");
        stage.setMinWidth(900);
        stage.setMinHeight(600);
        place(stage, model.settingsProperty().get().bounds());
        stage.setScene(scene);
        stage.setOnCloseRequest(event -> {
            if (!view.mayClose()) {
                event.consume();
            }
        });
        stage.setOnHidden(_ -> {
            view.endRun();
            model.remember(new WindowBounds(stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(),
                    stage.isMaximized()), view.splitPlaces());
            save(model.settingsProperty().get());
            model.cancelImport();
        });
        model.selection().recordingProperty().subscribe(_ -> stage
                .setTitle(model.current().map(r -> r.name() + " – MoE Lab").orElse("MoE Lab")));
        opening(stage, model);
        // read while the window is laid out
        model.open(getParameters().getRaw().stream().map(Path::of).toList());
        stage.show();
    }

    /// Called before the window shows and before files are opened in it.
    void opening(Stage stage, MainViewModel model) {
        // a person needs no more than the window
    }

    /// A scene of the window's content, dressed in the model's palette and following it.
    static Scene scene(MainView view, MainViewModel model, double width, double height) {
        Fonts.loadIntoToolkit();
        // dressed before the view is in it: in JavaFX's own style the view's rules would look for colours that are not there
        Scene scene = new Scene(new Group(), width, height);
        StyleSheet.apply(model.paletteProperty().get(), model.textSize().percentProperty().get(), scene);
        scene.setRoot(new Magnified(view, model.textSize().percentProperty()));
        Runnable dress = () -> StyleSheet.apply(model.paletteProperty().get(), model.textSize().percentProperty().get(),
                scene);
        model.paletteProperty().subscribe(_ -> dress.run());
        model.textSize().percentProperty().subscribe(dress);
        return scene;
    }

    /// What the window is made of and can be read while the toolkit starts, which takes as long.
    private static final class Beforehand {
        private static final Catalogue CATALOGUE = Catalogue.load();

        private static void read() {
            // each is kept where it belongs
            Expectations.bundled();
            Fonts.text(1);
        }
    }

    private static void place(Stage stage, Optional<WindowBounds> remembered) {
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        WindowBounds bounds = remembered.filter(b -> !Screen.getScreensForRectangle(b.x(), b.y(), b.width(), b.height())
                .isEmpty()).orElse(new WindowBounds(
                        screen.getMinX() + Math.max(0, (screen.getWidth() - USUAL_WIDTH) / 2),
                        screen.getMinY() + Math.max(0, (screen.getHeight() - USUAL_HEIGHT) / 2), USUAL_WIDTH,
                        USUAL_HEIGHT, false));
        stage.setX(bounds.x());
        stage.setY(bounds.y());
        stage.setWidth(Math.min(bounds.width(), screen.getWidth()));
        stage.setHeight(Math.min(bounds.height(), screen.getHeight()));
        stage.setMaximized(bounds.maximized());
    }

    private void save(Settings now) {
        try {
            if (settings.isPresent()) {
                settings.get().save(now);
            }
        } catch (IOException e) {
            System.getLogger(MoeLabApplication.class.getName()).log(System.Logger.Level.INFO,
                    "the window's place is not remembered: {0}", e.getMessage());
        }
    }
}
