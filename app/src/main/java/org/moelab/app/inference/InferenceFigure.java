package org.moelab.app.inference;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.List;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

/// The whole page in one picture: the figures of the cards, the experts' loads beside the cache, the operations below.
///
/// @param title what it is of
public record InferenceFigure(String title, List<Card> cards, LoadsFigure loads, CacheFigure cache, FloorsFigure floors)
        implements
            Figure {
    private static final double CARDS = 66;
    private static final double CACHE_SHARE = 0.37;
    private static final Font NAME = Fonts.bold(9.5);
    private static final Font VALUE = Fonts.figures(16);
    private static final Font DETAIL = Fonts.text(9.5);

    public InferenceFigure {
        cards = List.copyOf(cards);
    }

    @Override
    public double preferredWidth() {
        return 1040;
    }

    @Override
    public double preferredHeight() {
        return CARDS + upper() + floors.preferredHeight();
    }

    private double upper() {
        return Math.max(loads.preferredHeight(), cache.preferredHeight());
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        double slot = (width - 24) / cards.size();
        for (int i = 0; i < cards.size(); i++) {
            Card card = cards.get(i);
            double x = 12 + slot * i;
            pen.text(pen.fit(card.title(), NAME, slot - 10), x, 16, NAME, palette.muted());
            pen.text(pen.fit(card.value(), VALUE, slot - 10), x, 36, VALUE, palette.text());
            pen.text(pen.fit(card.detail(), DETAIL, slot - 10), x, 52, DETAIL, palette.muted());
        }
        double share = upper() / (upper() + floors.preferredHeight());
        double middle = CARDS + (height - CARDS) * share;
        double split = width * (1 - CACHE_SHARE);
        part(g, loads, 0, CARDS, split, middle - CARDS, palette);
        part(g, cache, split, CARDS, width - split, middle - CARDS, palette);
        part(g, floors, 0, middle, width, height - middle, palette);
    }

    private static void part(Graphics2D g, Figure figure, double x, double y, double width, double height,
            Palette palette) {
        AffineTransform before = g.getTransform();
        g.translate(x, y);
        figure.draw(g, width, height, palette);
        g.setTransform(before);
    }
}
