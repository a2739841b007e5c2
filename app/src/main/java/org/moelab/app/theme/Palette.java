package org.moelab.app.theme;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

import javafx.scene.paint.Color;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The colours of a theme, for style sheets, charts and painting alike. Read from `palette.json`.
///
/// @param dark whether the grounds are dark
/// @param kinds the colour of each family of work, the same in both themes
public record Palette(boolean dark, Color ground, Color panel, Color raised, Color line, Color text, Color muted,
        Color accent,
        Color good, Color bad, Color warn, Color grid, Map<OperationKind, Color> kinds) {
    /// The dark theme.
    public static final Palette DARK = read(true);
    /// The light theme.
    public static final Palette LIGHT = read(false);

    public Palette {
        kinds = Map.copyOf(kinds);
    }

    /// The colour of a family of work.
    public Color of(OperationKind kind) {
        return kinds.getOrDefault(kind, muted);
    }

    /// The colour as `0xAARRGGBB`, as painting into pixel buffers wants it.
    public static int argb(Color c) {
        return (int) Math.round(c.getOpacity() * 255) << 24 | (int) Math.round(c.getRed() * 255) << 16
                | (int) Math.round(c.getGreen() * 255) << 8
                | (int) Math.round(c.getBlue() * 255);
    }

    /// The colour as AWT's pictures want it.
    public static java.awt.Color awt(Color c) {
        return new java.awt.Color(argb(c), true);
    }

    private static Palette read(boolean dark) {
        try (InputStream in = Palette.class.getResourceAsStream("palette.json")) {
            JsonNode root = JsonMapper.shared().readTree(in);
            JsonNode theme = root.get(dark ? "dark" : "light");
            Map<OperationKind, Color> kinds = new EnumMap<>(OperationKind.class);
            for (OperationKind kind : OperationKind.values()) {
                kinds.put(kind, color(root.get("kinds"), kind.label()));
            }
            return new Palette(dark, color(theme, "ground"), color(theme, "panel"), color(theme, "raised"),
                    color(theme, "line"), color(theme, "text"),
                    color(theme, "muted"), color(theme, "accent"), color(theme, "good"), color(theme, "bad"),
                    color(theme, "warn"), color(theme, "grid"),
                    kinds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Color color(JsonNode node, String key) {
        return Color.web(node.get(key).asString());
    }
}
