package org.moelab.app.figure;

import java.awt.Font;
import java.awt.geom.Path2D;

import javafx.scene.paint.Color;

import org.moelab.app.theme.Palette;

/// The mark of where something is expected: a bracket over the range with a diamond in its middle, told from error bars by its
/// form.
public final class ExpectationMark {
    private static final double TICK = 4;
    private static final double DIAMOND = 3.5;

    private ExpectationMark() {
    }

    /// A range on an upright axis; its ticks point to the right, where the bar is.
    public static void upright(Pen pen, double x, double from, double to, Palette palette) {
        Color color = palette.text();
        pen.line(x, from, x, to, color, 1.2f);
        pen.line(x, from, x + TICK, from, color, 1.2f);
        pen.line(x, to, x + TICK, to, color, 1.2f);
        diamond(pen, x, (from + to) / 2, palette);
    }

    /// A range on a level axis; its ticks point down, where the bar is.
    public static void level(Pen pen, double from, double to, double y, Palette palette) {
        Color color = palette.text();
        pen.line(from, y, to, y, color, 1.2f);
        pen.line(from, y, from, y + TICK, color, 1.2f);
        pen.line(to, y, to, y + TICK, color, 1.2f);
        diamond(pen, (from + to) / 2, y, palette);
    }

    /// The mark with its words.
    ///
    /// @param source what it is expected from, as in `expected from …`
    /// @param room the width that there is
    /// @return the width that it took
    public static double legend(Pen pen, double x, double y, String source, Font font, double room, Palette palette) {
        upright(pen, x + DIAMOND, y - 9, y + 1, palette);
        String words = pen.fit("expected from " + source, font, room - 14);
        pen.text(words, x + 14, y, font, palette.muted());
        return 14 + pen.width(words, font);
    }

    private static void diamond(Pen pen, double x, double y, Palette palette) {
        Path2D path = new Path2D.Double();
        path.moveTo(x, y - DIAMOND);
        path.lineTo(x + DIAMOND, y);
        path.lineTo(x, y + DIAMOND);
        path.lineTo(x - DIAMOND, y);
        path.closePath();
        pen.fill(path, palette.panel());
        pen.line(x, y - DIAMOND, x + DIAMOND, y, palette.text(), 1.2f);
        pen.line(x + DIAMOND, y, x, y + DIAMOND, palette.text(), 1.2f);
        pen.line(x, y + DIAMOND, x - DIAMOND, y, palette.text(), 1.2f);
        pen.line(x - DIAMOND, y, x, y - DIAMOND, palette.text(), 1.2f);
    }
}
