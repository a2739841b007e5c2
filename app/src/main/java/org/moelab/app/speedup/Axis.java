package org.moelab.app.speedup;

import java.awt.geom.Rectangle2D;
import java.util.function.DoubleFunction;

import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Palette;

/// An upright axis that begins at zero.
///
/// @param plot the rectangle beside it
/// @param most the value at its upper end
record Axis(Rectangle2D plot, double most) {
    private static final double LEFT = 60;
    private static final double RIGHT = 14;
    private static final double ABOVE = 18;
    private static final double BELOW = 26;
    private static final int TICKS = 5;

    /// The rectangle that is left for bars.
    static Rectangle2D plotOf(Rectangle2D area) {
        return new Rectangle2D.Double(area.getX() + LEFT, area.getY() + ABOVE, area.getWidth() - LEFT - RIGHT,
                Math.max(20, area.getHeight() - ABOVE - BELOW));
    }

    /// Where a value lies.
    double at(double value) {
        return plot.getMaxY() - plot.getHeight() * value / most;
    }

    /// The middle of one of several slots beside each other.
    double slot(int index, int slots) {
        return plot.getX() + plot.getWidth() * (index + 0.5) / slots;
    }

    /// Draws lines at round values.
    void draw(Pen pen, Palette palette, DoubleFunction<String> label) {
        double step = step();
        for (int i = 0; i * step <= most; i++) {
            double y = at(i * step);
            pen.line(plot.getX(), y, plot.getMaxX(), y, i == 0 ? palette.line() : palette.grid());
            pen.textRight(label.apply(i * step), plot.getX() - 8, y + 3.5, SpeedupFigure.FIGURE, palette.muted());
        }
    }

    /// 1, 2 or 5 times a power of ten, so that there are about five lines.
    private double step() {
        double raw = most / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double digit = raw / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }
}
