package org.moelab.app.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.LogScale;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.RunPhase;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Point;

import javafx.scene.paint.Color;

/// Tokens a second against what a sweep varied, a panel a phase. Numbers stand on a logarithmic axis, names in slots; rates on a
/// logarithmic axis where they span so much that the slower ones would lie on the ground. Whiskers reach from the slowest run
/// to the fastest.
///
/// @param axis what was swept
/// @param phases the panels, from left to right
record SweepFigure(Axis axis, List<RunPhase> phases) implements Figure {
    private static final double WIDTH = 1040;
    private static final double HEIGHT = 300;
    private static final double GAP = 24;
    private static final double LEFT = 76;
    private static final double RIGHT = 30;
    private static final double ABOVE = 52;
    private static final double BELOW = 50;
    /// From this quotient of the highest and the lowest rate on, rates stand on a logarithmic axis.
    private static final double WIDE = 6;
    private static final double HEADROOM = 1.15;
    private static final double WHISKER = 5;
    private static final double DOT = 4;
    private static final int TICKS = 5;
    private static final Font HEAD = Fonts.bold(11);
    private static final Font TEXT = Fonts.text(10.5);
    private static final Font FIGURE = Fonts.figures(10);

    SweepFigure {
        phases = List.copyOf(phases);
    }

    @Override
    public String title() {
        return "Sweep of " + axis.axis();
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return HEIGHT;
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        double panel = (width - GAP * (phases.size() - 1)) / phases.size();
        for (int i = 0; i < phases.size(); i++) {
            double x = i * (panel + GAP);
            new Panel(pen, palette, phases.get(i), new Rectangle2D.Double(x + LEFT, ABOVE, panel - LEFT - RIGHT,
                    height - ABOVE - BELOW)).draw();
        }
    }

    /// A round step of 1, 2 or 5 times a power of ten, so that there are about five.
    private static double step(double most) {
        double raw = most / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double digit = raw / power;
        return power * (digit < 1.5 ? 1 : digit < 3 ? 2 : digit < 7 ? 5 : 10);
    }

    private static String number(double rate) {
        return String.format(Locale.ROOT, rate > 0 && rate < 100 ? "%,.1f" : "%,.0f", rate);
    }

    private final class Panel {
        private final Pen pen;
        private final Palette palette;
        private final RunPhase phase;
        private final Rectangle2D plot;
        private final List<SweepReport.Figure> rates;
        private final boolean logarithmic;
        private final DoubleUnaryOperator y;
        private final double least;
        private final double most;

        Panel(Pen pen, Palette palette, RunPhase phase, Rectangle2D plot) {
            this.pen = pen;
            this.palette = palette;
            this.phase = phase;
            this.plot = plot;
            this.rates = axis.points().stream().flatMap(p -> Sweeps.rate(p, phase).stream()).toList();
            double lowest = rates.stream().mapToDouble(SweepReport.Figure::low).min().orElse(1);
            double highest = rates.stream().mapToDouble(SweepReport.Figure::high).max().orElse(1);
            this.logarithmic = Sweeps.isNumeric(axis) && lowest > 0 && highest / lowest > WIDE;
            this.least = logarithmic ? lowest / 1.5 : 0;
            this.most = logarithmic ? highest * 1.6 : highest * HEADROOM;
            this.y = logarithmic
                    ? new LogScale(least, most, plot.getMaxY(), plot.getMinY())::at
                    : value -> plot.getMaxY() - plot.getHeight() * value / most;
        }

        void draw() {
            pen.text((phase == RunPhase.DECODE ? "Decode" : "Prefill") + ", tokens/s", plot.getX() - LEFT + 14, 20,
                    HEAD,
                    palette.text());
            pen.text(logarithmic ? "logarithmic" : "from zero", plot.getX() - LEFT + 14, 35, TEXT, palette.muted());
            ticks();
            List<Double> xs = places();
            line(xs);
            values(xs);
            for (int i = 0; i < axis.points().size(); i++) {
                point(axis.points().get(i), xs.get(i));
            }
            String unit = axis.unit().isEmpty()
                    ? ""
                    : " (" + axis.unit() + (Sweeps.isNumeric(axis) ? ", logarithmic)" : ")");
            pen.textCentred(Sweeps.word(axis) + unit, plot.getCenterX(), plot.getMaxY() + 37, TEXT, palette.muted());
        }

        private void ticks() {
            List<Double> at = new ArrayList<>();
            if (logarithmic) {
                LogScale scale = new LogScale(least, most, 0, 1);
                at.addAll(scale.decades());
                scale.between().stream().filter(v -> at.size() < 2 || isTwoOrFive(v)).forEach(at::add);
            } else {
                DoubleStream.iterate(0, v -> v <= most, v -> v + step(most)).forEach(at::add);
            }
            for (double value : at) {
                double height = y.applyAsDouble(value);
                pen.line(plot.getX(), height, plot.getMaxX(), height, palette.grid());
                if (!logarithmic || isTwoOrFive(value) || at.size() < TICKS) {
                    pen.textRight(number(value), plot.getX() - 8, height + 3.5, FIGURE, palette.muted());
                }
            }
            pen.line(plot.getX(), plot.getMaxY(), plot.getMaxX(), plot.getMaxY(), palette.line());
        }

        private static boolean isTwoOrFive(double value) {
            double digit = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
            return DoubleStream.of(1, 2, 5).anyMatch(d -> Math.abs(digit - d) < 1e-6);
        }

        /// Where each point stands.
        private List<Double> places() {
            List<Point> points = axis.points();
            if (Sweeps.isNumeric(axis)) {
                DoubleStream all = points.stream().mapToDouble(p -> Double.parseDouble(p.value()));
                double low = points.stream().mapToDouble(p -> Double.parseDouble(p.value())).min().orElse(1);
                double high = all.max().orElse(1);
                if (low > 0 && high > low) {
                    LogScale scale = new LogScale(low, high, plot.getX() + 26, plot.getMaxX() - 26);
                    return points.stream().map(p -> scale.at(Double.parseDouble(p.value()))).toList();
                }
            }
            List<Double> slots = new ArrayList<>();
            for (int i = 0; i < points.size(); i++) {
                slots.add(plot.getX() + plot.getWidth() * (i + 0.5) / points.size());
            }
            return slots;
        }

        private void line(List<Double> xs) {
            if (!Sweeps.isNumeric(axis)) {
                return;
            }
            List<Integer> measured = new ArrayList<>();
            for (int i = 0; i < xs.size(); i++) {
                if (Sweeps.rate(axis.points().get(i), phase).isPresent()) {
                    measured.add(i);
                }
            }
            measured.sort((a, b) -> Double.compare(xs.get(a), xs.get(b)));
            for (int i = 1; i < measured.size(); i++) {
                int from = measured.get(i - 1);
                int to = measured.get(i);
                pen.line(xs.get(from), height(from), xs.get(to), height(to), palette.accent(), 1.4f);
            }
        }

        private double height(int index) {
            return y.applyAsDouble(Sweeps.rate(axis.points().get(index), phase).orElseThrow().median());
        }

        /// The values below the axis; those that would run into their neighbour are left to the table.
        private void values(List<Double> xs) {
            double free = Double.NEGATIVE_INFINITY;
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < xs.size(); i++) {
                order.add(i);
            }
            order.sort((a, b) -> Double.compare(xs.get(a), xs.get(b)));
            for (int i : order) {
                String value = axis.points().get(i).value();
                double half = pen.width(value, FIGURE) / 2;
                pen.line(xs.get(i), plot.getMaxY(), xs.get(i), plot.getMaxY() + 4, palette.line());
                if (xs.get(i) - half > free) {
                    pen.textCentred(value, xs.get(i), plot.getMaxY() + 17, FIGURE, palette.text());
                    free = xs.get(i) + half + 6;
                }
            }
        }

        private void point(Point point, double x) {
            Optional<SweepReport.Figure> found = Sweeps.rate(point, phase);
            if (found.isEmpty()) {
                cross(x, plot.getMaxY() - 12, palette.bad());
                pen.textCentred(point.refused().isPresent() ? "refused" : "not measured", x, plot.getMaxY() - 22, TEXT,
                        palette.muted());
                return;
            }
            SweepReport.Figure rate = found.get();
            double middle = y.applyAsDouble(rate.median());
            if (!Sweeps.isNumeric(axis)) {
                double half = Math.min(44, plot.getWidth() / axis.points().size() * 0.3);
                pen.fill(x - half, middle, 2 * half, plot.getMaxY() - middle, palette.accent());
            }
            double low = y.applyAsDouble(rate.low());
            double high = y.applyAsDouble(rate.high());
            if (rate.runs() > 1) {
                pen.line(x, low, x, high, palette.text());
                pen.line(x - WHISKER, low, x + WHISKER, low, palette.text());
                pen.line(x - WHISKER, high, x + WHISKER, high, palette.text());
            }
            if (Sweeps.isNumeric(axis)) {
                pen.g().setColor(Palette.awt(palette.accent()));
                pen.g().fill(new Ellipse2D.Double(x - DOT, middle - DOT, 2 * DOT, 2 * DOT));
            }
            pen.textCentred(number(rate.median()), x, high - 9, FIGURE, palette.text());
        }

        private void cross(double x, double y, Color color) {
            pen.line(x - DOT, y - DOT, x + DOT, y + DOT, color, 1.6f);
            pen.line(x - DOT, y + DOT, x + DOT, y - DOT, color, 1.6f);
        }
    }
}
