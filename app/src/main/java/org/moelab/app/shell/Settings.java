package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.moelab.app.timeline.Annotations;

/// What the window remembers from one start to the next.
///
/// @param dark whether the dark theme is on
/// @param textPercent how large text and all else is, in percent of the usual
/// @param recentFiles the files opened last, newest first
/// @param bounds where the window was; empty before the first close
/// @param dividers the positions of the movable splits by name, 0 to 1 each
/// @param annotations what was added to recordings by their identity, the one changed last at the end
public record Settings(boolean dark, int textPercent, List<Path> recentFiles, Optional<WindowBounds> bounds,
        Map<String, List<Double>> dividers, Map<String, Annotations> annotations) {
    private static final int MOST_RECENT_FILES = 12;
    private static final int MOST_ANNOTATED = 100;

    /// The first start.
    public static final Settings FIRST = new Settings(true, TextSize.USUAL, List.of(), Optional.empty(), Map.of(),
            Map.of());

    public Settings {
        recentFiles = List.copyOf(recentFiles);
        dividers = Map.copyOf(dividers);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /// Where a window is on the screen.
    public record WindowBounds(double x, double y, double width, double height, boolean maximized) {}

    /// The same with a file as the newest.
    public Settings opened(Path file) {
        Set<Path> files = new LinkedHashSet<>();
        files.add(file.toAbsolutePath().normalize());
        files.addAll(recentFiles);
        List<Path> newest = new ArrayList<>(files);
        return new Settings(dark, textPercent, newest.subList(0, Math.min(newest.size(), MOST_RECENT_FILES)), bounds,
                dividers,
                annotations);
    }

    /// The same without a file.
    public Settings forgotten(Path file) {
        return new Settings(dark, textPercent, recentFiles.stream().filter(f -> !f.equals(file)).toList(), bounds,
                dividers,
                annotations);
    }

    /// The same in the dark or light theme.
    public Settings withDark(boolean nowDark) {
        return new Settings(nowDark, textPercent, recentFiles, bounds, dividers, annotations);
    }

    /// The same with text of another size.
    public Settings withTextPercent(int now) {
        return new Settings(dark, now, recentFiles, bounds, dividers, annotations);
    }

    /// The same with the window's place.
    public Settings withLayout(WindowBounds now, Map<String, List<Double>> nowDividers) {
        return new Settings(dark, textPercent, recentFiles, Optional.of(now), nowDividers, annotations);
    }

    /// The same with what was added to a recording; the recordings changed longest ago are forgotten where there are many.
    public Settings annotated(String recording, Annotations now) {
        Map<String, Annotations> kept = new LinkedHashMap<>(annotations);
        kept.remove(recording);
        if (!now.isEmpty()) {
            kept.put(recording, now);
        }
        while (kept.size() > MOST_ANNOTATED) {
            kept.remove(kept.keySet().iterator().next());
        }
        return new Settings(dark, textPercent, recentFiles, bounds, dividers, kept);
    }
}
