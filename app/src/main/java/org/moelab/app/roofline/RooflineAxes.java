package org.moelab.app.roofline;

import java.awt.Font;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

import org.moelab.app.figure.LogScale;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.roofline.Ceiling;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Roofline.Point;

/// Where a roofline's points lie: the plot and its two logarithmic axes, which hold all points and the ridges of all roofs.
///
/// @param plot the rectangle within the axes
/// @param x intensity
/// @param y performance
record RooflineAxes(Rectangle2D plot, LogScale x, LogScale y) {
    private static final double LEFT = 74;
    private static final double BOTTOM = 46;
    private static final double TOP = 12;
    private static final double RIGHT = 14;
    private static final String PREFIXES = " kMGTPE";
    private static final Font TICKS = Fonts.figures(10);
    private static final Font TITLES = Fonts.text(10.5);

    /// The axes of a figure whose chart is drawn into this area.
    static RooflineAxes of(RooflineFigure figure, Rectangle2D area) {
        Rectangle2D plot = new Rectangle2D.Double(area.getX() + LEFT, area.getY() + TOP,
                area.getWidth() - LEFT - RIGHT, area.getHeight() - TOP - BOTTOM);
        LogScale x = intensityScale(figure, plot);
        return new RooflineAxes(plot, x, performanceScale(figure, plot, x));
    }

    /// Where a kernel with operations lies.
    Point2D at(Point p) {
        return new Point2D.Double(x.at(p.intensity()), y.at(p.flopPerSecond()));
    }

    /// Draws grid, axes and their figures.
    void draw(Inks inks) {
        Palette palette = inks.palette();
        javafx.scene.paint.Color fine = palette.grid().deriveColor(0, 1, 1, 0.45);
        x.between().forEach(v -> inks.line(x.at(v), plot.getMinY(), x.at(v), plot.getMaxY(), fine));
        y.between().forEach(v -> inks.line(plot.getMinX(), y.at(v), plot.getMaxX(), y.at(v), fine));
        for (double decade : x.decades()) {
            inks.line(x.at(decade), plot.getMinY(), x.at(decade), plot.getMaxY(), palette.grid());
            String tick = decade >= 1 && decade < 1e5 || decade >= 1e-3 && decade < 1
                    ? new java.math.BigDecimal(Double.toString(decade)).stripTrailingZeros().toPlainString()
                    : String.format(Locale.ROOT, "%.0e", decade);
            inks.text(tick, x.at(decade) - inks.width(tick, TICKS) / 2, plot.getMaxY() + 15, TICKS, palette.muted());
        }
        for (double decade : y.decades()) {
            inks.line(plot.getMinX(), y.at(decade), plot.getMaxX(), y.at(decade), palette.grid());
            String tick = tick(decade);
            inks.text(tick, plot.getMinX() - 8 - inks.width(tick, TICKS), y.at(decade) + 3.5, TICKS, palette.muted());
        }
        inks.line(plot.getMinX(), plot.getMaxY(), plot.getMaxX(), plot.getMaxY(), palette.line());
        inks.line(plot.getMinX(), plot.getMinY(), plot.getMinX(), plot.getMaxY(), palette.line());
        String across = "arithmetic intensity (FLOP per byte moved)";
        inks.text(across, plot.getCenterX() - inks.width(across, TITLES) / 2, plot.getMaxY() + 34, TITLES,
                palette.muted());
        upright(inks, "performance (FLOP/s)", plot.getMinX() - 58, plot.getCenterY());
    }

    /// `100 G`: a power of ten with its prefix; the axis names the unit.
    private static String tick(double decade) {
        int prefix = Math.clamp(Math.round(Math.floor(Math.log10(decade) / 3 + 1e-9)), 0, PREFIXES.length() - 1);
        return Math.round(decade / Math.pow(1000, prefix)) + " " + PREFIXES.substring(prefix, prefix + 1);
    }

    private static void upright(Inks inks, String text, double x, double middle) {
        AffineTransform upright = inks.g().getTransform();
        inks.g().translate(x, middle + inks.width(text, TITLES) / 2);
        inks.g().rotate(-Math.PI / 2);
        inks.text(text, 0, 0, TITLES, inks.palette().muted());
        inks.g().setTransform(upright);
    }

    private static LogScale intensityScale(RooflineFigure figure, Rectangle2D plot) {
        double least = 0.1;
        double most = 1000;
        for (Point p : figure.everyPlace()) {
            least = Math.min(least, p.intensity());
            most = Math.max(most, p.intensity());
        }
        for (Ceiling rate : figure.roofline().ceilings().rates().values()) {
            double ridge = figure.roofline().ceilings().bandwidth(MemoryLevel.HBM).map(Ceiling::perSecond)
                    .map(b -> rate.perSecond() / b).orElse(1.0);
            most = Math.max(most, ridge * 2);
        }
        return new LogScale(decadeBelow(least), Math.pow(10, Math.ceil(Math.log10(most) - 1e-9)), plot.getMinX(),
                plot.getMaxX());
    }

    private static LogScale performanceScale(RooflineFigure figure, Rectangle2D plot, LogScale x) {
        double most = figure.roofline().ceilings().rates().values().stream().mapToDouble(Ceiling::perSecond).max()
                .orElse(0);
        double least = Double.MAX_VALUE;
        for (Point p : figure.everyPlace()) {
            most = Math.max(most, p.flopPerSecond());
            least = Math.min(least, p.flopPerSecond());
        }
        for (Ceiling bandwidth : figure.roofline().ceilings().bandwidths().values()) {
            least = Math.min(least, bandwidth.perSecond() * x.least() * 2);
            most = Math.max(most, bandwidth.perSecond());
        }
        most = most == 0 ? 1e12 : most;
        least = Math.clamp(least, most * 1e-9, most / 100);
        return new LogScale(decadeBelow(least), most * 2.2, plot.getMaxY(), plot.getMinY());
    }

    private static double decadeBelow(double value) {
        return Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    }
}
