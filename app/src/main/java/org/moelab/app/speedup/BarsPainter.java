package org.moelab.app.speedup;

import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.figure.ExpectationMark;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.Speedup;
import org.moelab.app.theme.Palette;

import javafx.scene.paint.Color;

/// Draws two bars a layer: its speedup over the lowest layer, and over the one below.
final class BarsPainter {
    /// Narrower pairs of bars have room for one figure only.
    private static final double BOTH_LABELLED = 27;
    /// From a bar to the mark of what is expected, so that it clears the figure above the bar.
    private static final double BESIDE = 10;

    private final SpeedupFigure figure;
    private final Pen pen;
    private final Palette palette;

    BarsPainter(SpeedupFigure figure, Pen pen, Palette palette) {
        this.figure = figure;
        this.pen = pen;
        this.palette = palette;
    }

    /// Draws into the rectangle.
    void paint(Rectangle2D area) {
        List<Rung> rungs = figure.ladder().measured();
        double measured = rungs.stream().flatMap(r -> Stream.of(r.cumulative(), r.incremental()))
                .flatMap(Optional::stream).mapToDouble(s -> s.repeated() ? s.high() : s.factor()).max().orElse(1);
        double most = figure.expected().stream().mapToDouble(ExpectedSpeedup::high).reduce(measured, Math::max);
        Axis axis = new Axis(Axis.plotOf(area), Math.max(most, 1) * 1.12);
        legend(area, rungs.getFirst());
        axis.draw(pen, palette, v -> String.format(Locale.ROOT, most < 3 ? "%.1f×" : "%.0f×", v));
        pen.line(axis.plot().getX(), axis.at(1), axis.plot().getMaxX(), axis.at(1), palette.text(), 1f, 4, 3);
        double slot = axis.plot().getWidth() / rungs.size();
        double width = Math.min(slot * 0.36, 30);
        for (int i = 0; i < rungs.size(); i++) {
            Rung rung = rungs.get(i);
            double x = axis.slot(i, rungs.size());
            if (i == 0) {
                pen.fill(x - width, axis.at(1), width, axis.at(0) - axis.at(1), palette.accent());
            }
            rung.cumulative().ifPresent(s -> bar(axis, s, x - width - 0.5, width, palette.accent(), true));
            if (i > 0) {
                ExpectedSpeedup.find(figure.expected(), rung.id()).ifPresent(e -> ExpectationMark.upright(pen,
                        x - width - BESIDE, axis.at(e.low()), axis.at(e.high()), palette));
            }
            rung.incremental().ifPresent(s -> bar(axis, s, x + 0.5, width, palette.muted(), width >= BOTH_LABELLED));
            boolean marked = figure.isSelected(rung);
            pen.textCentred(SpeedupFigure.shortName(rung), x, axis.plot().getMaxY() + 16,
                    marked ? SpeedupFigure.HEAD : SpeedupFigure.TEXT, marked ? palette.text() : palette.muted());
            if (marked) {
                pen.fill(x - width, axis.plot().getMaxY() + 21, 2 * width, 2, palette.accent());
            }
        }
    }

    private void legend(Rectangle2D area, Rung lowest) {
        double y = area.getY() - 2;
        double x = area.getX() + 60;
        pen.fill(x, y - 8, 10, 8, palette.accent());
        String whole = "over " + lowest.name();
        pen.text(whole, x + 15, y, SpeedupFigure.TEXT, palette.muted());
        x += 15 + pen.width(whole, SpeedupFigure.TEXT) + 16;
        pen.fill(x, y - 8, 10, 8, palette.muted());
        pen.text("over the layer below", x + 15, y, SpeedupFigure.TEXT, palette.muted());
        if (!figure.expected().isEmpty()) {
            ExpectationMark.legend(pen, area.getX() + 60, y + 14, figure.expected().getFirst().source(),
                    SpeedupFigure.TEXT, area.getWidth() - 74, palette);
        }
    }

    private void bar(Axis axis, Speedup speedup, double x, double width, Color color,
            boolean labelled) {
        pen.fill(x, axis.at(speedup.factor()), width, axis.at(0) - axis.at(speedup.factor()), color);
        double middle = x + width / 2;
        double top = axis.at(speedup.factor());
        if (speedup.repeated()) {
            pen.line(middle, axis.at(speedup.high()), middle, axis.at(speedup.low()), palette.text());
            pen.line(middle - 3, axis.at(speedup.high()), middle + 3, axis.at(speedup.high()), palette.text());
            pen.line(middle - 3, axis.at(speedup.low()), middle + 3, axis.at(speedup.low()), palette.text());
            top = axis.at(speedup.high());
        }
        if (labelled) {
            pen.textCentred(String.format(Locale.ROOT, "%.2f", speedup.factor()), middle, top - 5,
                    SpeedupFigure.FIGURE, palette.text());
        }
    }
}
