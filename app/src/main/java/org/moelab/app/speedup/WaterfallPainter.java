package org.moelab.app.speedup;

import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

import org.moelab.app.figure.Pen;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.Speedup;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.bench.Spread;

import javafx.scene.paint.Color;

/// Draws the way from the lowest layer's time to the highest's: the whole time, a step a layer, the time that is left.
final class WaterfallPainter {
    private static final double BAR = 0.62;
    private static final double LEAST_HEIGHT = 1.5;

    private final SpeedupFigure figure;
    private final Pen pen;
    private final Palette palette;

    WaterfallPainter(SpeedupFigure figure, Pen pen, Palette palette) {
        this.figure = figure;
        this.pen = pen;
        this.palette = palette;
    }

    private Spread time(Rung rung) {
        return rung.result().flatMap(figure.ladder().phase()::timeMs).orElseThrow();
    }

    /// Draws into the rectangle.
    void paint(Rectangle2D area) {
        List<Rung> rungs = figure.ladder().measured();
        double most = rungs.stream().mapToDouble(r -> time(r).max()).max().orElse(1) * 1.04;
        Axis axis = new Axis(Axis.plotOf(area), most);
        axis.draw(pen, palette, v -> String.format(Locale.ROOT, most < 5 ? "%.1f" : "%.0f", v));
        int slots = rungs.size() + 1;
        double half = axis.plot().getWidth() / slots * BAR / 2;
        double before = time(rungs.getFirst()).p50();
        for (int i = 0; i < rungs.size(); i++) {
            Rung rung = rungs.get(i);
            double now = time(rung).p50();
            double x = axis.slot(i, slots);
            if (i == 0) {
                bar(axis, x, half, 0, now, palette.muted());
                label(SpeedupFigure.ms(now), x, axis.at(now) - 6, palette.text());
            } else {
                step(axis, rung, x, half, before, now);
            }
            double next = axis.slot(i + 1, slots);
            pen.line(x + half, axis.at(now), next - half, axis.at(now), palette.muted(), 1f, 2, 2);
            name(axis, rung, SpeedupFigure.shortName(rung), x, half);
            before = now;
        }
        double x = axis.slot(slots - 1, slots);
        bar(axis, x, half, 0, before, palette.accent());
        whisker(axis, rungs.getLast(), x);
        label(SpeedupFigure.ms(before), x, axis.at(time(rungs.getLast()).max()) - 6, palette.text());
        pen.textCentred("after " + SpeedupFigure.shortName(rungs.getLast()), x, axis.plot().getMaxY() + 16,
                SpeedupFigure.TEXT, palette.muted());
    }

    private void step(Axis axis, Rung rung, double x, double half, double before, double now) {
        boolean slower = now > before;
        boolean noise = rung.incremental().filter(Speedup::withinNoise).isPresent();
        Color color = noise ? palette.muted() : slower ? palette.bad() : palette.good();
        bar(axis, x, half, Math.min(before, now), Math.max(before, now), color);
        whisker(axis, rung, x);
        String text = (noise ? "≈ " : "") + (slower ? "+" : "−") + SpeedupFigure.ms(Math.abs(now - before));
        double top = axis.at(Math.max(Math.max(before, now), time(rung).max()));
        label(text, x, top - 6, noise ? palette.muted() : slower ? palette.bad() : palette.text());
    }

    private void bar(Axis axis, double x, double half, double from, double to, Color color) {
        double height = Math.max(LEAST_HEIGHT, axis.at(from) - axis.at(to));
        pen.fill(x - half, axis.at(to), 2 * half, height, color);
    }

    private void whisker(Axis axis, Rung rung, double x) {
        Spread time = time(rung);
        if (time.count() > 1) {
            pen.line(x, axis.at(time.max()), x, axis.at(time.min()), palette.text());
            pen.line(x - 3, axis.at(time.max()), x + 3, axis.at(time.max()), palette.text());
            pen.line(x - 3, axis.at(time.min()), x + 3, axis.at(time.min()), palette.text());
        }
    }

    private void label(String text, double x, double y, Color color) {
        pen.textCentred(text, x, y, SpeedupFigure.FIGURE, color);
    }

    private void name(Axis axis, Rung rung, String name, double x, double half) {
        boolean marked = figure.isSelected(rung);
        pen.textCentred(name, x, axis.plot().getMaxY() + 16, marked ? SpeedupFigure.HEAD : SpeedupFigure.TEXT,
                marked ? palette.text() : palette.muted());
        if (marked) {
            pen.fill(x - half, axis.plot().getMaxY() + 21, 2 * half, 2, palette.accent());
        }
    }
}
