package org.moelab.app.shell;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;

/// The window that tells how long it took to show, and closes: once as it is, and once with the first run
/// that was named. Times are since the process began, which the start script's shell became the program in.
public final class StartMeasurement extends MoeLabApplication {
    /// What has been awaited so far.
    private enum Shown {
        NOTHING, WINDOW, RUN
    }

    /// Hears what was measured; the toolkit makes the window, and knows of no one who asked.
    private static volatile Consumer<String> told = _ -> {
    };

    private Shown shown = Shown.NOTHING;
    private int pulses;

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

    /// What a pulse laid out is on the screen when the next one begins to be painted: two of them make a frame.
    private void look(Stage stage, MainViewModel model) {
        boolean ready = stage.isShowing() && (shown == Shown.NOTHING
                || model.selection().runProperty().get().isPresent());
        pulses = ready ? pulses + 1 : 0;
        if (pulses >= 2 && shown != Shown.RUN) {
            shown = shown == Shown.NOTHING ? Shown.WINDOW : Shown.RUN;
            pulses = 0;
            told.accept(String.format(Locale.ROOT, "%-6s shown after %,d ms", shown.name().toLowerCase(Locale.ROOT),
                    millisSinceStart()));
            if (shown == Shown.RUN) {
                Platform.runLater(stage::close);
            }
        }
        Platform.requestNextPulse();
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
