package org.moelab.app.speedup;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.TransformerLayers;
import org.moelab.app.run.TransformerLayers.TransformerLayer;
import org.moelab.app.theme.Palette;

/// The time of each of the model's transformer layers in two layers of the ladder, a pair of bars each, and how many times
/// shorter it became.
///
/// @param between what is drawn
/// @param reference the one of the ladder's layers, in words
/// @param layer the other
/// @param phase what was captured
/// @param selected the transformer layer that is marked, from 1
public record TransformerFigure(TransformerLayers between, String reference, String layer, RunPhase phase,
        OptionalInt selected) implements Figure {
    private static final double WIDTH = 1040;
    private static final double HEIGHT = 340;
    private static final double TOP = 58;
    /// Narrower slots have no room for a figure.
    private static final double LABELLED = 26;

    @Override
    public String title() {
        return "Transformer layers in " + phase.label() + ", " + reference + " and " + layer;
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return HEIGHT;
    }

    private static Rectangle2D area(double width, double height) {
        return new Rectangle2D.Double(0, TOP, width, height - TOP - 14);
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        pen.text(pen.fit("ms a captured " + (phase == RunPhase.DECODE ? "decode step" : "prompt")
                + " by transformer layer; above, how many times shorter it became", SpeedupFigure.HEAD, width - 74), 60,
                22, SpeedupFigure.HEAD, palette.text());
        legend(pen, palette);
        double most = between.layers().stream()
                .mapToDouble(l -> Math.max(l.beforeMs().orElse(0.0), l.afterMs().orElse(0.0))).max().orElse(1);
        Axis axis = new Axis(Axis.plotOf(area(width, height)), Math.max(most, 1e-6) * 1.1);
        axis.draw(pen, palette, v -> String.format(Locale.ROOT, most < 0.1 ? "%.3f" : most < 1 ? "%.2f" : "%.1f", v));
        List<TransformerLayer> layers = between.layers();
        for (int i = 0; i < layers.size(); i++) {
            pair(pen, palette, axis, layers.get(i), axis.slot(i, layers.size()),
                    axis.plot().getWidth() / layers.size());
        }
        pen.textCentred("transformer layer (operations in the timeline count from 0)", axis.plot().getCenterX(),
                axis.plot().getMaxY() + 34, SpeedupFigure.TEXT, palette.muted());
    }

    private void legend(Pen pen, Palette palette) {
        double x = 60;
        pen.fill(x, 34, 10, 8, palette.muted());
        pen.text(reference, x + 15, 42, SpeedupFigure.TEXT, palette.muted());
        x += 15 + pen.width(reference, SpeedupFigure.TEXT) + 16;
        pen.fill(x, 34, 10, 8, palette.accent());
        pen.text(layer, x + 15, 42, SpeedupFigure.TEXT, palette.muted());
    }

    private void pair(Pen pen, Palette palette, Axis axis, TransformerLayer of, double x, double slot) {
        double width = Math.min(slot * 0.36, 24);
        of.beforeMs().ifPresent(ms -> pen.fill(x - width - 0.5, axis.at(ms), width, axis.at(0) - axis.at(ms),
                palette.muted()));
        of.afterMs().ifPresent(ms -> pen.fill(x + 0.5, axis.at(ms), width, axis.at(0) - axis.at(ms),
                palette.accent()));
        boolean marked = selected.isPresent() && selected.getAsInt() == of.number();
        if (slot >= LABELLED) {
            double top = axis.at(Math.max(of.beforeMs().orElse(0.0), of.afterMs().orElse(0.0)));
            of.factor().ifPresent(f -> pen.textCentred(String.format(Locale.ROOT, "%.2f", f), x, top - 5,
                    SpeedupFigure.FIGURE, f < 1 ? palette.bad() : palette.text()));
        }
        if (slot >= LABELLED / 2 || of.number() % 4 == 1) {
            pen.textCentred(Integer.toString(of.number()), x, axis.plot().getMaxY() + 16,
                    marked ? SpeedupFigure.HEAD : SpeedupFigure.TEXT, marked ? palette.text() : palette.muted());
        }
        if (marked) {
            pen.fill(x - width, axis.plot().getMaxY() + 19, 2 * width, 2, palette.accent());
        }
    }

    /// The transformer layer whose bars are at a place.
    Optional<TransformerLayer> layerAt(double x, double width) {
        Rectangle2D plot = Axis.plotOf(area(width, HEIGHT));
        int slot = (int) Math.floor((x - plot.getX()) / plot.getWidth() * between.layers().size());
        return slot >= 0 && slot < between.layers().size() ? Optional.of(between.layers().get(slot)) : Optional.empty();
    }
}
