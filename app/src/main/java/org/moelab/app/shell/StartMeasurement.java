package org.moelab.app.shell;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;

/// The window that tells how long it took to show, and closes: once as it is, once with the first run
/// that was named, and once with the captured timeline of that run's highest layer. Times are since the process began, which the start script's shell became the program in.
public final class StartMeasurement extends MoeLabApplication {
    /// What is awaited.
    private enum Shown {
        WINDOW, RUN, TIMELINE
    }

    private static final int PULSES = 3;

    /// Hears what was measured; the toolkit makes the window, and knows of no one who asked.
    private static volatile Consumer<String> told = _ -> {
    };

    private final Map<Shown, Integer> pulses = new EnumMap<>(Shown.class);

    /// For the toolkit.
    public StartMeasurement() {
        super(Optional.empty());
    }

    /// Opens the window on these files and returns when their run has been shown. Once in a process.
    ///
    /// @param tell hears a line for the window and one for the run
    /// @throws UnsupportedOperationException where there is no display, or a system library that the window needs is missing
    public static void perform(List<Path> files, Consumer<String> tell) {
        told = tell;
        open(StartMeasurement.class, files);
    }

    @Override
    void opening(Stage stage, MainViewModel model) {
        Scene scene = stage.getScene();
        scene.addPostLayoutPulseListener(() -> look(stage, model));
    }

    /// What the first pulse laid out is painted beside the second, which waits for that before it has its own painted: the third
    /// finds it on the screen.
    private void look(Stage stage, MainViewModel model) {
        for (Shown what : Shown.values()) {
            if (isThere(what, stage, model)) {
                int before = pulses.getOrDefault(what, 0);
                pulses.put(what, before + 1);
                if (before == PULSES - 1) {
                    told.accept(String.format(Locale.ROOT, "%-8s shown after %,d ms",
                            what.name().toLowerCase(Locale.ROOT), millisSinceStart()));
                }
            }
        }
        if (pulses.getOrDefault(hasTimeline(model) ? Shown.TIMELINE : Shown.RUN, 0) == PULSES) {
            Platform.runLater(stage::close);
        }
        Platform.requestNextPulse();
    }

    private static boolean isThere(Shown what, Stage stage, MainViewModel model) {
        return stage.isShowing() && switch (what) {
            case WINDOW -> true;
            case RUN -> model.selection().runProperty().get().isPresent();
            case TIMELINE -> model.current().isPresent();
        };
    }

    private static boolean hasTimeline(MainViewModel model) {
        return model.selection().runProperty().get().flatMap(run -> run.timeline(run.top())).isPresent();
    }

    /// Since the process began, in steps of 10 ms; where the system tells no such thing since Java did.
    private static long millisSinceStart() {
        Path process = Path.of("/proc/self/stat");
        try {
            // fields 22 on, of which the second may hold blanks: its closing bracket ends it (proc(5)); 100 ticks a second
            String stat = Files.readString(process);
            double ticks = Double.parseDouble(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
            double upSeconds = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", -1)[0]);
            return Math.round(upSeconds * 1000 - ticks * 10);
        } catch (IOException _) {
            return ManagementFactory.getRuntimeMXBean().getUptime();
        }
    }
}
