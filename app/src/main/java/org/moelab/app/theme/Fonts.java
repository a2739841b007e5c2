package org.moelab.app.theme;

import java.awt.Font;
import java.awt.font.TextAttribute;
import java.util.Map;

/// The two typefaces of every view and picture: a proportional one for words, a fixed-width one for figures.
/// Loaded from the class path, so that a picture comes out the same on every machine.
public final class Fonts {
    private Fonts() {
    }

    /// Text.
    public static Font text(double size) {
        return of(Font.SANS_SERIF, size, false);
    }

    /// Text that stands out: headings, the selected row.
    public static Font bold(double size) {
        return of(Font.SANS_SERIF, size, true);
    }

    /// Figures, aligned right, and code.
    public static Font figures(double size) {
        return of(Font.MONOSPACED, size, false);
    }

    private static Font of(String family, double size, boolean bold) {
        return new Font(Map.of(TextAttribute.FAMILY, family, TextAttribute.SIZE, (float) size, TextAttribute.WEIGHT,
                bold ? TextAttribute.WEIGHT_BOLD : TextAttribute.WEIGHT_REGULAR));
    }
}
