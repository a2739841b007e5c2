package org.moelab.app.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// The files a picture is written to.
public enum PictureFormat {
    PNG("PNG picture"), SVG("SVG drawing"), PDF("PDF page");

    private final String title;

    PictureFormat(String title) {
        this.title = title;
    }

    /// What people call it.
    public String title() {
        return title;
    }

    /// The ending of its files, without the dot.
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The format that a file's ending asks for.
    public static Optional<PictureFormat> ofFile(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(f -> name.endsWith("." + f.extension())).findFirst();
    }

    /// The endings, for messages: `.png, .svg, .pdf`.
    public static String endings() {
        return Arrays.stream(values()).map(f -> "." + f.extension()).collect(Collectors.joining(", "));
    }
}
