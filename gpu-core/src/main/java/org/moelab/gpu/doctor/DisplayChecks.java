package org.moelab.gpu.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;

/// What the window and the pictures need of the system.
final class DisplayChecks {
    /// How long a display may take to answer, which on the same machine is a few milliseconds.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private DisplayChecks() {
    }

    static List<Check> all(Host host, LibraryFinder finder) {
        return List.of(display(host),
                library(finder, "pango", "Pango (text in pictures)", "libpangoft2-1.0.so.0",
                        "neither the window opens nor is a picture of it drawn", "apt-get install libpangoft2-1.0-0"),
                library(finder, "gtk", "GTK 3 (the window)", "libgtk-3.so.0",
                        "the window does not open; pictures are drawn all the same", "apt-get install libgtk-3-0"),
                library(finder, "xtst", "XTest (the window)", "libXtst.so.6",
                        "the window does not open; pictures are drawn all the same", "apt-get install libxtst6"));
    }

    private static Check display(Host host) {
        Optional<String> named = Stream.of("WAYLAND_DISPLAY", "DISPLAY")
                .flatMap(name -> host.variable(name).map(value -> name + "=" + value).stream()).findFirst();
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (named.isEmpty() && (system.contains("mac") || system.contains("windows"))) {
            return Check.found("display", "Display", "the desktop of " + System.getProperty("os.name"));
        }
        if (named.isEmpty()) {
            return noWindow("neither DISPLAY nor WAYLAND_DISPLAY is set");
        }
        return host.variable("DISPLAY")
                .flatMap(name -> new XServer(host, PATIENCE).obstacle(name).map(o -> "DISPLAY=" + name + " " + o))
                .map(DisplayChecks::noWindow).orElseGet(() -> Check.found("display", "Display", named.get()));
    }

    private static Check noWindow(String why) {
        return Check.absent("display", "Display", why,
                "no window: the lab works from the command line and writes files",
                "log in on a desktop, or use ssh -X");
    }

    private static Check library(LibraryFinder finder, String id, String title, String file, String cost,
            String remedy) {
        return finder.find(file).map(path -> Check.found(id, title, path.toString()))
                .orElseGet(() -> Check.absent(id, title, file + " not found", cost, remedy));
    }
}
