package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.moelab.app.shell.Settings.WindowBounds;
import org.moelab.app.timeline.Annotations;
import org.moelab.app.timeline.Mark;
import org.moelab.traces.export.WholeFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the settings in a small JSON file. One that is missing or damaged counts as the first start: what a window
/// remembers is never worth an error.
///
/// @param file where they are kept
public record SettingsFile(Path file) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The file in the user's configuration folder: `XDG_CONFIG_HOME`, `APPDATA` or the system's usual place.
    public static SettingsFile ofUser() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        Path home = Path.of(System.getProperty("user.home", "."));
        Path folder = os.contains("mac")
                ? home.resolve("Library").resolve("Application Support")
                : environment(os.contains("win") ? "APPDATA" : "XDG_CONFIG_HOME").orElse(home.resolve(".config"));
        return new SettingsFile(folder.resolve("moelab").resolve("window.json"));
    }

    private static Optional<Path> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(s -> !s.isBlank()).map(Path::of);
    }

    /// Reads the settings.
    public Settings load() {
        try {
            return Files.isRegularFile(file) ? parse(JSON.readTree(Files.readAllBytes(file))) : Settings.FIRST;
        } catch (IOException | JacksonException | InvalidPathException _) {
            return Settings.FIRST;
        }
    }

    /// Writes the settings.
    ///
    /// @throws IOException where the folder cannot be made or the file cannot be written
    public void save(Settings settings) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node(settings));
        WholeFile.writeBytes(file, out -> out.write(json));
    }

    private static ObjectNode node(Settings settings) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", 1);
        root.put("theme", settings.dark() ? "dark" : "light");
        root.put("textPercent", settings.textPercent());
        ArrayNode recent = root.putArray("recentFiles");
        settings.recentFiles().forEach(f -> recent.add(f.toString()));
        settings.bounds().ifPresent(b -> root.putObject("window").put("x", b.x()).put("y", b.y())
                .put("width", b.width()).put("height", b.height()).put("maximized", b.maximized()));
        ObjectNode dividers = root.putObject("dividers");
        new TreeMap<>(settings.dividers()).forEach((name, positions) -> {
            ArrayNode array = dividers.putArray(name);
            positions.forEach(array::add);
        });
        ArrayNode annotated = root.putArray("recordings");
        settings.annotations().forEach((recording, added) -> {
            ObjectNode node = annotated.addObject().put("recording", recording);
            ArrayNode marks = node.putArray("marks");
            added.marks().forEach(m -> marks.addObject().put("timeNs", m.timeNs()).put("label", m.label())
                    .put("note", m.note()));
            ArrayNode pins = node.putArray("pins");
            added.pins().forEach(pins::add);
        });
        return root;
    }

    private static Settings parse(JsonNode root) {
        List<Path> recent = new ArrayList<>();
        root.path("recentFiles").forEach(f -> recent.add(Path.of(f.asString(""))));
        JsonNode w = root.path("window");
        Optional<WindowBounds> bounds = w.path("width").asDouble(0) > 0 && w.path("height").asDouble(0) > 0
                ? Optional.of(new WindowBounds(w.path("x").asDouble(0), w.path("y").asDouble(0),
                        w.path("width").asDouble(0), w.path("height").asDouble(0),
                        w.path("maximized").asBoolean(false)))
                : Optional.empty();
        Map<String, List<Double>> dividers = new TreeMap<>();
        root.path("dividers").forEachEntry((name, positions) -> {
            List<Double> list = new ArrayList<>();
            positions.forEach(p -> list.add(Math.clamp(p.asDouble(0.5), 0, 1)));
            dividers.put(name, list);
        });
        return new Settings(!"light".equals(root.path("theme").asString("dark")),
                TextSize.within(root.path("textPercent").asInt(TextSize.USUAL)), recent, bounds, dividers,
                annotations(root.path("recordings")));
    }

    private static Map<String, Annotations> annotations(JsonNode recordings) {
        Map<String, Annotations> annotations = new LinkedHashMap<>();
        recordings.forEach(node -> {
            List<Mark> marks = new ArrayList<>();
            node.path("marks").forEach(m -> marks.add(new Mark(m.path("timeNs").asLong(0),
                    m.path("label").asString(""), m.path("note").asString(""))));
            List<String> pins = new ArrayList<>();
            node.path("pins").forEach(p -> pins.add(p.asString("")));
            annotations.put(node.path("recording").asString(""), new Annotations(marks, pins));
        });
        return annotations;
    }
}
