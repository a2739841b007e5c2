package org.moelab.app.theme;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/// The two typefaces of every view and picture: Roboto for words, JetBrains Mono for figures.
/// They come with the program, so that a picture comes out the same on every machine.
public final class Fonts {
    /// A font file.
    public enum Face {
        TEXT("roboto/Roboto-Regular.ttf", Font.PLAIN), BOLD("roboto/Roboto-Bold.ttf", Font.BOLD), FIGURES(
                "jetbrains_mono/JetBrainsMono-Regular.ttf",
                Font.PLAIN), BOLD_FIGURES("jetbrains_mono/JetBrainsMono-Bold.ttf", Font.BOLD);

        private final String resource;
        private final int style;

        Face(String resource, int style) {
            this.style = style;
            this.resource = "/com/formdev/flatlaf/fonts/" + resource;
        }

        /// The font file's content, TrueType.
        public InputStream open() {
            InputStream in = Fonts.class.getResourceAsStream(resource);
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + resource);
            }
            return in;
        }
    }

    /// The family of text in style sheets.
    public static final String TEXT_FAMILY = "Roboto";
    /// The family of figures in style sheets.
    public static final String FIGURES_FAMILY = "JetBrains Mono";

    private static final Map<Face, Font> LOADED = load();

    private Fonts() {
    }

    /// Text.
    public static Font text(double size) {
        return of(Face.TEXT, size);
    }

    /// Text that stands out: headings, the selected row.
    public static Font bold(double size) {
        return of(Face.BOLD, size);
    }

    /// Figures, aligned right, and code.
    public static Font figures(double size) {
        return of(Face.FIGURES, size);
    }

    /// A face at a size in points.
    public static Font of(Face face, double size) {
        return LOADED.getOrDefault(face, new Font(Font.SANS_SERIF, Font.PLAIN, 1)).deriveFont(face.style, (float) size);
    }

    /// Makes the faces known to JavaFX, for style sheets to name. Before the first scene.
    public static void loadIntoToolkit() {
        for (Face face : Face.values()) {
            try (InputStream in = face.open()) {
                javafx.scene.text.Font.loadFont(in, 12);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Map<Face, Font> load() {
        Map<Face, Font> fonts = new EnumMap<>(Face.class);
        for (Face face : Face.values()) {
            try (InputStream in = face.open()) {
                fonts.put(face, Font.createFont(Font.TRUETYPE_FONT, in));
            } catch (IOException e) {
                throw new UncheckedIOException(new IOException("typefaces cannot be unpacked into "
                        + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(), e));
            } catch (FontFormatException e) {
                throw new IllegalStateException("damaged font " + face, e);
            }
        }
        return fonts;
    }
}
