package org.moelab.app.roofline;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Roofline.Point;

/// Draws the kernels without floating-point work, a row each: how much of the bandwidth of each level they reach.
final class BandwidthStrip {
    private static final double NAMES = 250;
    private static final double FIGURES = 100;
    private static final double HEADING = 34;
    private static final double AXIS = 26;
    private static final Font TEXT = Fonts.text(10.5);
    private static final Font FIGURE = Fonts.figures(10);

    private final RooflineFigure figure;
    private final Inks inks;
    private final Palette palette;

    BandwidthStrip(RooflineFigure figure, Graphics2D g, Palette palette) {
        this.figure = figure;
        this.inks = new Inks(g, palette);
        this.palette = palette;
    }

    /// Draws into the rectangle.
    ///
    /// @param rows how many kernels are shown, those that took longest
    void paint(Rectangle2D area, int rows) {
        Map<Integer, List<Point>> kernels = new LinkedHashMap<>();
        figure.withoutWork().forEach(p -> kernels.computeIfAbsent(p.index(), _ -> new ArrayList<>()).add(p));
        String heading = "Kernels without floating-point operations: bandwidth reached, in per cent of each roof"
                + (kernels.size() > rows ? " (the " + rows + " longest of " + kernels.size() + ")" : "");
        inks.text(heading, area.getX() + 12, area.getY() + 20, TEXT, palette.muted());
        double left = area.getX() + NAMES;
        double right = area.getMaxX() - FIGURES;
        double top = area.getY() + HEADING;
        double row = (area.getHeight() - HEADING - AXIS) / rows;
        for (int tick = 0; tick <= 100; tick += 20) {
            double x = left + (right - left) * tick / 100;
            inks.line(x, top, x, top + row * rows, tick == 100 ? palette.accent() : palette.grid());
            String text = tick + " %";
            inks.text(text, x - inks.width(text, FIGURE) / 2, top + row * rows + 15, FIGURE, palette.muted());
        }
        double y = top + row / 2;
        for (List<Point> points : kernels.values().stream().limit(rows).toList()) {
            kernel(points, area.getX() + 12, left, right, y);
            y += row;
        }
    }

    private void kernel(List<Point> points, double nameX, double left, double right, double y) {
        Point first = points.getFirst();
        String name = inks.fit(RooflineFigure.label(first.kernel(), 60), TEXT, NAMES - 28);
        inks.text(name, nameX, y + 4, TEXT, palette.text());
        inks.line(left, y, right, y, palette.grid());
        for (Point p : points) {
            if (!Double.isNaN(p.ofRoof())) {
                double x = left + (right - left) * Math.min(p.ofRoof(), 1.08);
                double radius = Math.min(7, RooflinePainter.radius(p.share()));
                inks.mark(RooflineFigure.kind(p.kernel()), x, y, radius, p.level() == MemoryLevel.HBM);
                if (p.suspect()) {
                    inks.ring(x, y, radius);
                }
            }
        }
        String reached = Unit.BYTES_PER_SECOND.format(first.bytesPerSecond());
        inks.text(reached, right + FIGURES - 14 - inks.width(reached, FIGURE), y + 4, FIGURE, palette.text());
    }
}
