package org.moelab.app.figure;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

import org.moelab.app.theme.Palette;

import javafx.scene.paint.Color;

/// Lines, rectangles and text on a surface in points.
public record Pen(Graphics2D g) {
    private static final BasicStroke HAIR = new BasicStroke(1f);

    /// A line of one point.
    public void line(double x1, double y1, double x2, double y2, Color color) {
        g.setColor(Palette.awt(color));
        g.setStroke(HAIR);
        g.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    /// A line of a width, broken where dashes are given.
    public void line(double x1, double y1, double x2, double y2, Color color, float width, float... dashes) {
        g.setColor(Palette.awt(color));
        g.setStroke(dashes.length == 0
                ? new BasicStroke(width)
                : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
        g.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    /// A filled rectangle.
    public void fill(double x, double y, double width, double height, Color color) {
        g.setColor(Palette.awt(color));
        g.fill(new Rectangle2D.Double(x, y, width, height));
    }

    /// A filled shape.
    public void fill(Shape shape, Color color) {
        g.setColor(Palette.awt(color));
        g.fill(shape);
    }

    /// Text whose left end of the base line is given.
    public void text(String text, double x, double y, Font font, Color color) {
        g.setFont(font);
        g.setColor(Palette.awt(color));
        g.drawString(text, (float) x, (float) y);
    }

    /// Text that ends at `x`.
    public void textRight(String text, double x, double y, Font font, Color color) {
        text(text, x - width(text, font), y, font, color);
    }

    /// Text around `x`.
    public void textCentred(String text, double x, double y, Font font, Color color) {
        text(text, x - width(text, font) / 2, y, font, color);
    }

    /// Text in as many lines as it needs, broken between words.
    public void paragraph(String text, double x, double y, double width, Font font, Color color) {
        String line = "";
        double at = y;
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && width(longer, font) > width) {
                text(line, x, at, font, color);
                at += font.getSize2D() * 1.4;
                longer = word;
            }
            line = longer;
        }
        text(fit(line, font, width), x, at, font, color);
    }

    /// How wide a text is.
    public double width(String text, Font font) {
        return font.getStringBounds(text, g.getFontRenderContext()).getWidth();
    }

    /// The text, shortened at its end so that it fits.
    public String fit(String text, Font font, double width) {
        if (width(text, font) <= width) {
            return text;
        }
        int length = text.length();
        while (length > 1 && width(text.substring(0, length) + "…", font) > width) {
            length--;
        }
        return text.substring(0, length) + "…";
    }
}
