package org.moelab.app.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javafx.animation.AnimationTimer;
import javafx.stage.Stage;

/// The window as the build rehearses it for the ahead-of-time cache: without a display, each page shown for some frames, then
/// closed. It neither reads nor leaves settings.
public final class WindowRehearsal extends MoeLabApplication {
    private static final String TOOLKIT = "javafx.graphics";
    private static final Pattern CLASSES = Pattern
            .compile("com/sun/(glass/ui|prism/es2|javafx/application/preferences)/.*\\.class");
    private static final int FRAMES_A_PAGE = 20;
    /// A file that takes longer is not waited for.
    private static final int MOST_FRAMES_TO_READ = 3000;

    /// For the toolkit.
    public WindowRehearsal() {
        super(Optional.empty());
    }

    /// Opens the window on these files, shows its pages and returns when it has closed. Once in a process.
    public static void perform(List<Path> files) {
        System.setProperty("glass.platform", "Headless");
        System.setProperty("prism.order", "sw");
        loadDisplayClasses();
        open(WindowRehearsal.class, files);
    }

    /// Loads the toolkit's classes for windows on displays and for graphics hardware, which run nowhere in a build.
    private static void loadDisplayClasses() {
        ModuleLayer.boot().findModule(TOOLKIT).ifPresent(toolkit -> {
            ModuleReference jar = ModuleLayer.boot().configuration().findModule(TOOLKIT).orElseThrow().reference();
            try (ModuleReader reader = jar.open(); Stream<String> names = reader.list()) {
                names.filter(name -> CLASSES.matcher(name).matches())
                        .map(name -> name.replaceFirst("\\.class$", "").replace('/', '.'))
                        .forEach(name -> Class.forName(toolkit, name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    void opening(Stage stage, MainViewModel model) {
        Queue<Page> pages = new ArrayDeque<>(List.of(Page.values()));
        pages.remove(Page.RUN); // it starts this program anew to ask for the machine: that one would write the cache, too
        new AnimationTimer() {
            private int frames;

            @Override
            public void handle(long now) {
                frames++;
                boolean reading = model.importingProperty().get().isPresent() || !model.waiting().isEmpty();
                if (frames % FRAMES_A_PAGE != 0 || reading && frames < MOST_FRAMES_TO_READ) {
                    return;
                }
                if (pages.isEmpty()) {
                    stop();
                    stage.close();
                } else {
                    model.pageProperty().set(pages.remove());
                }
            }
        }.start();
    }
}
