package org.moelab.app.timeline;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;

import org.moelab.app.export.Figure;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

/// Two timelines one above the other as one picture, each with its name above and what it shows below.
public final class TimelinePairFigure implements Figure {
    private static final double TITLE_HEIGHT = 24;
    private static final double MARGIN = 8;

    private final Part upper;
    private final Part lower;

    /// One of the two.
    ///
    /// @param title what stands above it
    record Part(String title, TimelineFigure figure) {
        double height() {
            return TITLE_HEIGHT + figure.preferredHeight();
        }
    }

    TimelinePairFigure(Part upper, Part lower) {
        this.upper = upper;
        this.lower = lower;
    }

    @Override
    public String title() {
        return "Timelines: " + upper.title + ", " + lower.title;
    }

    @Override
    public double preferredWidth() {
        return Math.max(upper.figure.preferredWidth(), lower.figure.preferredWidth());
    }

    @Override
    public double preferredHeight() {
        return upper.height() + lower.height();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        double above = height * upper.height() / preferredHeight();
        draw(upper, g, 0, width, above, palette);
        draw(lower, g, above, width, height - above, palette);
    }

    private static void draw(Part part, Graphics2D g, double top, double width, double height, Palette palette) {
        AffineTransform before = g.getTransform();
        g.translate(0, top);
        g.setColor(Palette.awt(palette.panel()));
        g.fill(new java.awt.geom.Rectangle2D.Double(0, 0, width, height));
        g.setFont(Fonts.bold(Look.CAPTION_TEXT));
        g.setColor(Palette.awt(palette.text()));
        g.drawString(part.title, (float) MARGIN, (float) (TITLE_HEIGHT - MARGIN));
        g.translate(0, TITLE_HEIGHT);
        part.figure.draw(g, width, height - TITLE_HEIGHT, palette);
        g.setTransform(before);
    }
}
