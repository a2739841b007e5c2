package org.moelab.app.roofline;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import org.moelab.app.figure.LogScale;
import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Ceiling;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Precision;
import org.moelab.app.roofline.RooflineFigure.Reference;
import org.moelab.traces.roofline.Roofline.Point;

/// Draws axes, roofs, points and labels of a roofline.
final class RooflinePainter {
    private static final double GHOST_RADIUS = 3.5;
    private static final double LEAST_RADIUS = 4.5;
    private static final double MOST_RADIUS = 15;
    private static final int LONGEST_LABEL = 34;
    private static final Font ROOFS = Fonts.text(10.5);
    private static final Font LABELS = Fonts.text(10.5);

    private final RooflineFigure figure;
    private final Inks inks;
    private final Palette palette;
    /// The ground that marks cover.
    private final List<Rectangle2D> marks = new ArrayList<>();

    RooflinePainter(RooflineFigure figure, Graphics2D g, Palette palette) {
        this.figure = figure;
        this.inks = new Inks(g, palette);
        this.palette = palette;
    }

    /// Draws into the rectangle.
    void paint(Rectangle2D area) {
        RooflineAxes axes = RooflineAxes.of(figure, area);
        Rectangle2D plot = axes.plot();
        axes.draw(inks);
        LabelLayout labels = new LabelLayout(plot);
        Map<Integer, Map<MemoryLevel, Point2D>> places = places(axes);
        Shape clip = inks.g().getClip();
        inks.g().clip(plot);
        roofs(plot, axes.x(), axes.y(), labels);
        inks.g().setClip(clip);
        figure.reference().ifPresent(reference -> arrows(reference, axes, labels));
        points(places, labels);
        if (figure.placed().isEmpty()) {
            nothing(plot);
        }
    }

    private void nothing(Rectangle2D plot) {
        if (figure.roofline().points().isEmpty() && !figure.roofline().missing().isEmpty()) {
            new Pen(inks.g()).paragraph("not measured: " + figure.roofline().missing().getFirst(),
                    plot.getMinX() + 14, plot.getMinY() + 24, plot.getWidth() - 28, ROOFS, palette.text());
            return;
        }
        String none = "no kernel has floating-point operations";
        inks.text(none, plot.getMaxX() - inks.width(none, ROOFS) - 10, plot.getMaxY() - 12, ROOFS, palette.muted());
    }

    /// From where a kernel was to where it is; a kernel that the reference lacks has none.
    private void arrows(Reference reference, RooflineAxes axes, LabelLayout labels) {
        Map<String, Point> now = new HashMap<>();
        figure.placed().stream().filter(p -> p.level() == MemoryLevel.HBM).forEach(p -> now.put(p.kernel().name(), p));
        for (Point before : reference.placed()) {
            Point after = now.get(before.kernel().name());
            if (after != null && before.level() == MemoryLevel.HBM) {
                Point2D from = axes.at(before);
                inks.ghost(RooflineFigure.kind(before.kernel()), from.getX(), from.getY(), GHOST_RADIUS);
                Point2D to = axes.at(after);
                inks.arrow(from, to, GHOST_RADIUS + 2, radius(after.share()) + 2);
                for (double t = 0; t < 1; t += 0.05) {
                    labels.avoid(new Rectangle2D.Double(from.getX() + (to.getX() - from.getX()) * t - GHOST_RADIUS,
                            from.getY() + (to.getY() - from.getY()) * t - GHOST_RADIUS, 2 * GHOST_RADIUS,
                            2 * GHOST_RADIUS));
                }
            }
        }
    }

    private void roofs(Rectangle2D plot, LogScale x, LogScale y, LabelLayout labels) {
        double highest = figure.roofline().ceilings().rates().values().stream().mapToDouble(Ceiling::perSecond).max()
                .orElse(y.most());
        double widest = figure.roofline().ceilings().bandwidths().values().stream().mapToDouble(Ceiling::perSecond)
                .max().orElse(Double.NaN);
        List<Map.Entry<Precision, Ceiling>> rates = new ArrayList<>(
                figure.roofline().ceilings().rates().entrySet());
        rates.sort(Comparator.comparingDouble(e -> -e.getValue().perSecond()));
        for (Map.Entry<Precision, Ceiling> rate : rates) {
            double at = y.at(rate.getValue().perSecond());
            double from = Double.isNaN(widest)
                    ? plot.getMinX()
                    : Math.max(plot.getMinX(), x.at(Math.max(rate.getValue().perSecond() / widest, x.least())));
            inks.line(from, at, plot.getMaxX(), at, palette.text(), 1.5f, Inks.dashes(rate.getValue().origin()));
            labels.avoid(new Rectangle2D.Double(from, at - 1, plot.getMaxX() - from, 2));
        }
        figure.roofline().ceilings().bandwidths().forEach(
                (level, bandwidth) -> slope(x, y, level, bandwidth, highest, labels));
        labelRates(plot, y, rates, labels);
    }

    /// Labels stand above the right ends of their lines; below, or further left, where a mark or another label is.
    private void labelRates(Rectangle2D plot, LogScale y, List<Map.Entry<Precision, Ceiling>> rates,
            LabelLayout labels) {
        List<Rectangle2D> taken = new ArrayList<>(marks);
        for (Map.Entry<Precision, Ceiling> rate : rates) {
            double at = y.at(rate.getValue().perSecond());
            String label = rate.getKey().title() + "  " + Unit.FLOP_PER_SECOND.format(rate.getValue().perSecond());
            Rectangle2D box = rateLabel(plot.getMaxX(), at, inks.width(label, ROOFS) + 4, taken);
            taken.add(box);
            inks.ground(box);
            inks.text(label, box.getX() + 2, box.getMaxY() - 3, ROOFS, palette.text());
            labels.avoid(box);
        }
    }

    private static Rectangle2D rateLabel(double right, double lineY, double width, List<Rectangle2D> taken) {
        for (double shift = 0; shift <= 2 * width; shift += width / 4) {
            for (double top : new double[] { lineY - 15, lineY + 2 }) {
                Rectangle2D box = new Rectangle2D.Double(right - width - 2 - shift, top, width, 13);
                if (taken.stream().noneMatch(box::intersects)) {
                    return box;
                }
            }
        }
        return new Rectangle2D.Double(right - width - 2, lineY - 15, width, 13);
    }

    private void slope(LogScale x, LogScale y, MemoryLevel level, Ceiling bandwidth, double highest,
            LabelLayout labels) {
        double endIntensity = Math.min(highest / bandwidth.perSecond(), x.most());
        double startIntensity = Math.max(x.least(), y.least() / bandwidth.perSecond());
        Line2D line = new Line2D.Double(x.at(startIntensity), y.at(startIntensity * bandwidth.perSecond()),
                x.at(endIntensity), y.at(endIntensity * bandwidth.perSecond()));
        javafx.scene.paint.Color color = level == MemoryLevel.HBM ? palette.accent() : palette.muted();
        inks.line(line.getX1(), line.getY1(), line.getX2(), line.getY2(), color, 1.8f, Inks.dashes(bandwidth.origin()));
        String label = figure.roofline().ceilings().title(level) + "  "
                + Unit.BYTES_PER_SECOND.format(bandwidth.perSecond());
        double angle = Math.atan2(line.getY2() - line.getY1(), line.getX2() - line.getX1());
        double width = inks.width(label, ROOFS);
        Point2D start = slopeLabel(line, angle, width, level == MemoryLevel.HBM ? 0.16 : 0.34);
        double lx = start.getX();
        double ly = start.getY();
        AffineTransform upright = inks.g().getTransform();
        inks.g().translate(lx, ly);
        inks.g().rotate(angle);
        inks.text(label, 0, -5, ROOFS, color);
        inks.g().setTransform(upright);
        for (double t = 0; t <= 1; t += 0.1) {
            labels.avoid(new Rectangle2D.Double(lx + Math.cos(angle) * width * t - 6,
                    ly + Math.sin(angle) * width * t - 16, 12, 16));
        }
        for (double t = 0; t <= 1; t += 0.02) {
            labels.avoid(new Rectangle2D.Double(line.getX1() + (line.getX2() - line.getX1()) * t - 2,
                    line.getY1() + (line.getY2() - line.getY1()) * t - 2, 4, 4));
        }
    }

    /// Where the marks lie; notes the ground that they cover.
    private Map<Integer, Map<MemoryLevel, Point2D>> places(RooflineAxes axes) {
        Map<Integer, Map<MemoryLevel, Point2D>> places = new HashMap<>();
        for (Point p : figure.placed()) {
            Point2D at = axes.at(p);
            places.computeIfAbsent(p.index(), _ -> new HashMap<>()).put(p.level(), at);
            double r = radius(p.share()) + 3;
            marks.add(new Rectangle2D.Double(at.getX() - r, at.getY() - r, 2 * r, 2 * r));
        }
        return places;
    }

    private boolean coversMark(Rectangle2D box) {
        return marks.stream().anyMatch(box::intersects);
    }

    /// Where a label above a slope begins: as near to the usual place as it covers no mark.
    private Point2D slopeLabel(Line2D line, double angle, double width, double usual) {
        for (double shift : new double[] { 0, 0.08, -0.08, 0.16, 0.24, 0.32, 0.4, 0.48 }) {
            double x = line.getX1() + (line.getX2() - line.getX1()) * (usual + shift);
            double y = line.getY1() + (line.getY2() - line.getY1()) * (usual + shift);
            boolean free = true;
            for (double t = 0; t <= 1; t += 0.1) {
                free &= !coversMark(new Rectangle2D.Double(x + Math.cos(angle) * width * t - 6,
                        y + Math.sin(angle) * width * t - 16, 12, 16));
            }
            if (free) {
                return new Point2D.Double(x, y);
            }
        }
        return new Point2D.Double(line.getX1() + (line.getX2() - line.getX1()) * usual,
                line.getY1() + (line.getY2() - line.getY1()) * usual);
    }

    private void points(Map<Integer, Map<MemoryLevel, Point2D>> places, LabelLayout labels) {
        List<Point> placed = figure.placed();
        marks.forEach(labels::avoid);
        for (Map<MemoryLevel, Point2D> levels : places.values()) {
            Optional<Point2D> hbm = Optional.ofNullable(levels.get(MemoryLevel.HBM));
            Optional<Point2D> l2 = Optional.ofNullable(levels.get(MemoryLevel.L2));
            if (hbm.isPresent() && l2.isPresent()) {
                inks.line(l2.get().getX(), l2.get().getY(), hbm.get().getX(), hbm.get().getY(), palette.line(), 1.2f);
            }
        }
        // large ones first, so that none hides a small one, and a kernel's filled mark within its hollow one
        for (Point p : placed.stream().sorted(Comparator.comparingInt(Point::index)
                .thenComparing(p -> p.level() == MemoryLevel.HBM)).toList()) {
            Point2D at = places.getOrDefault(p.index(), Map.of()).getOrDefault(p.level(), new Point2D.Double());
            OperationKind kind = RooflineFigure.kind(p.kernel());
            inks.mark(kind, at.getX(), at.getY(), radius(p.share()), p.level() == MemoryLevel.HBM);
            if (p.suspect()) {
                inks.ring(at.getX(), at.getY(), radius(p.share()));
            }
            if (figure.selected().filter(p.kernel().name()::equals).isPresent()) {
                inks.halo(at.getX(), at.getY(), radius(p.share()));
            }
        }
        label(placed, places, labels);
    }

    /// The area of a mark is as its kernel's share of the time, as far as it can be seen.
    static double radius(double share) {
        return LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * Math.sqrt(share);
    }

    private void label(List<Point> placed, Map<Integer, Map<MemoryLevel, Point2D>> places, LabelLayout labels) {
        ToDoubleFunction<String> widths = text -> inks.width(text, LABELS);
        List<Integer> named = new ArrayList<>();
        for (Point p : placed) {
            if (named.size() < figure.labelled() && !named.contains(p.index())) {
                named.add(p.index());
                Point2D at = places.getOrDefault(p.index(), Map.of()).getOrDefault(p.level(), new Point2D.Double());
                String text = RooflineFigure.label(p.kernel(), LONGEST_LABEL)
                        + (Double.isNaN(p.ofRoof()) ? "" : "  " + percent(p.ofRoof()))
                        + (p.suspect() ? " !" : "");
                labels.place(at, radius(p.share()), widths.applyAsDouble(text) + 4, 14)
                        .ifPresent(box -> drawLabel(text, box, at, radius(p.share())));
            }
        }
    }

    private void drawLabel(String text, Rectangle2D box, Point2D at, double radius) {
        Point2D near = LabelLayout.near(box, at);
        double distance = at.distance(near);
        if (distance > radius + 9) {
            double t = radius / distance;
            inks.line(at.getX() + (near.getX() - at.getX()) * t, at.getY() + (near.getY() - at.getY()) * t,
                    near.getX(), near.getY(), palette.muted());
        }
        inks.ground(box);
        inks.text(text, box.getX() + 2, box.getMaxY() - 3.5, LABELS, palette.text());
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", share * 100);
    }
}
