package org.moelab.app.roofline;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;

import org.moelab.app.figure.Pen;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.roofline.Ceiling;

/// What the painters of a roofline draw with.
///
/// @param g a surface in points
record Inks(Graphics2D g, Palette palette) {
    private static final BasicStroke HAIR = new BasicStroke(1f);
    private static final BasicStroke MARK = new BasicStroke(1.6f);
    private static final BasicStroke HALO = new BasicStroke(2f);
    private static final double ARROW_HEAD = 8;
    private static final BasicStroke RING = new BasicStroke(1.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1,
            new float[] { 3, 2.5f }, 0);

    private Pen pen() {
        return new Pen(g);
    }

    /// A line.
    void line(double x1, double y1, double x2, double y2, javafx.scene.paint.Color color) {
        pen().line(x1, y1, x2, y2, color);
    }

    /// A line of a width.
    void line(double x1, double y1, double x2, double y2, javafx.scene.paint.Color color, float width,
            float... dashes) {
        pen().line(x1, y1, x2, y2, color, width, dashes);
    }

    /// Text whose left end of the base line is given.
    void text(String text, double x, double y, Font font, javafx.scene.paint.Color color) {
        pen().text(text, x, y, font, color);
    }

    /// How wide a text is.
    double width(String text, Font font) {
        return pen().width(text, font);
    }

    /// The text, shortened at its end so that it fits.
    String fit(String text, Font font, double width) {
        return pen().fit(text, font, width);
    }

    /// A point of a family: filled, or hollow with a thick edge.
    void mark(OperationKind kind, double x, double y, double radius, boolean filled) {
        // a hollow mark is a little larger, so that a filled one at the same place leaves it visible
        Shape shape = Marker.of(kind).at(x, y, filled ? radius : radius + 2.5);
        Color color = Palette.awt(palette.of(kind));
        g.setStroke(MARK);
        if (filled) {
            g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 205));
            g.fill(shape);
            g.setColor(Palette.awt(palette.panel()));
            g.setStroke(HAIR);
            g.draw(shape);
        } else {
            g.setColor(color);
            g.draw(shape);
        }
    }

    /// How the line of a roof is broken, by how the roof is known.
    static float[] dashes(Ceiling.Origin origin) {
        return switch (origin) {
            case PROFILER -> new float[0];
            case DATASHEET -> new float[] { 7, 4 };
            case PUBLISHED -> new float[] { 9, 3, 2, 3 };
            case MEASURED -> new float[] { 2, 3 };
        };
    }

    /// The sign of a suspect point.
    void ring(double x, double y, double radius) {
        g.setColor(Palette.awt(palette.bad()));
        g.setStroke(RING);
        g.draw(Marker.CIRCLE.at(x, y, radius + 4));
    }

    /// Where a kernel was.
    void ghost(OperationKind kind, double x, double y, double radius) {
        g.setColor(Palette.awt(palette.muted()));
        g.setStroke(HAIR);
        g.draw(Marker.of(kind).at(x, y, radius));
    }

    /// An arrow that begins and ends a little off its points; none where they are as good as one.
    void arrow(Point2D from, Point2D to, double offFrom, double offTo) {
        double length = from.distance(to);
        if (length < offFrom + offTo + ARROW_HEAD) {
            return;
        }
        double dx = (to.getX() - from.getX()) / length;
        double dy = (to.getY() - from.getY()) / length;
        double tipX = to.getX() - dx * offTo;
        double tipY = to.getY() - dy * offTo;
        line(from.getX() + dx * offFrom, from.getY() + dy * offFrom, tipX - dx * ARROW_HEAD / 2,
                tipY - dy * ARROW_HEAD / 2, palette.muted(), 1.2f);
        Path2D head = new Path2D.Double();
        head.moveTo(tipX, tipY);
        head.lineTo(tipX - dx * ARROW_HEAD - dy * ARROW_HEAD / 2.4, tipY - dy * ARROW_HEAD + dx * ARROW_HEAD / 2.4);
        head.lineTo(tipX - dx * ARROW_HEAD + dy * ARROW_HEAD / 2.4, tipY - dy * ARROW_HEAD - dx * ARROW_HEAD / 2.4);
        head.closePath();
        g.fill(head);
    }

    /// The sign of the selected kernel.
    void halo(double x, double y, double radius) {
        g.setColor(Palette.awt(palette.accent()));
        g.setStroke(HALO);
        g.draw(Marker.CIRCLE.at(x, y, radius + 5));
    }

    /// A ground that keeps text readable over lines.
    void ground(Rectangle2D area) {
        Color panel = Palette.awt(palette.panel());
        g.setColor(new Color(panel.getRed(), panel.getGreen(), panel.getBlue(), 215));
        g.fill(area);
    }
}
