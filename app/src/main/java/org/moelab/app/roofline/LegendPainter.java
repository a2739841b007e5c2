package org.moelab.app.roofline;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.roofline.Ceiling;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Roofline.Point;

/// Draws what the marks and lines of a roofline mean, and where each roof comes from.
final class LegendPainter {
    private static final double TOP_MARGIN = 22;
    private static final double INDENT = 14;
    private static final double TEXT_AT = 38;
    private static final double LINE = 17;
    private static final Font HEADING = Fonts.bold(10.5);
    private static final Font TEXT = Fonts.text(10.5);
    private static final Font SMALL = Fonts.text(9.5);

    private final RooflineFigure figure;
    private final Inks inks;
    private final Palette palette;
    private double x;
    private double y;
    private double width;

    LegendPainter(RooflineFigure figure, Graphics2D g, Palette palette) {
        this.figure = figure;
        this.inks = new Inks(g, palette);
        this.palette = palette;
    }

    /// Draws into the rectangle, from its top.
    void paint(Rectangle2D area) {
        x = area.getX() + INDENT;
        y = area.getY() + TOP_MARGIN;
        width = area.getWidth() - INDENT - 6;
        kinds();
        levels();
        sizes();
        roofs();
        basis();
    }

    private void heading(String text) {
        inks.text(text, x, y, HEADING, palette.text());
        y += LINE;
    }

    private void row(String text) {
        inks.text(inks.fit(text, TEXT, width - TEXT_AT + INDENT), x + TEXT_AT - INDENT, y, TEXT, palette.muted());
        y += LINE;
    }

    private void kinds() {
        Set<OperationKind> kinds = EnumSet.noneOf(OperationKind.class);
        figure.roofline().points().forEach(p -> kinds.add(RooflineFigure.kind(p.kernel())));
        if (kinds.isEmpty()) {
            return;
        }
        heading("Work");
        for (OperationKind kind : kinds) {
            inks.mark(kind, x + 8, y - 4, 5, true);
            row(kind.label());
        }
        y += 8;
    }

    private void levels() {
        Set<MemoryLevel> levels = EnumSet.noneOf(MemoryLevel.class);
        figure.roofline().points().forEach(p -> levels.add(p.level()));
        if (levels.isEmpty()) {
            return;
        }
        OperationKind example = RooflineFigure.kind(figure.roofline().points().getFirst().kernel());
        heading("Traffic counted");
        for (MemoryLevel level : levels) {
            inks.mark(example, x + 8, y - 4, 5, level == MemoryLevel.HBM);
            row(level == MemoryLevel.HBM ? "the device's memory" : "L2, the same kernel");
        }
        if (figure.roofline().points().stream().anyMatch(Point::suspect)) {
            inks.ring(x + 8, y - 4, 2);
            row("above a roof: suspect");
        }
        figure.reference().ifPresent(reference -> {
            inks.ghost(example, x + 1, y - 4, 3);
            inks.arrow(new Point2D.Double(x + 1, y - 4), new Point2D.Double(x + 20, y - 4), 4, 0);
            row("from " + reference.name());
        });
        y += 8;
    }

    private void sizes() {
        if (figure.placed().isEmpty()) {
            return;
        }
        heading("Share of the time");
        double at = x + 8;
        for (double share : new double[] { 0.01, 0.1, 0.5 }) {
            double r = RooflinePainter.radius(share);
            inks.g().setColor(Palette.awt(palette.muted()));
            inks.g().setStroke(new BasicStroke(1.2f));
            inks.g().draw(Marker.CIRCLE.at(at + r, y + 2, r));
            String text = Math.round(share * 100) + " %";
            inks.text(text, at + 2 * r + 5, y + 5.5, SMALL, palette.muted());
            at += 2 * r + 14 + inks.width(text, SMALL);
        }
        y += LINE + 18;
    }

    private void roofs() {
        Set<Ceiling.Origin> origins = new LinkedHashSet<>();
        all().forEach(c -> origins.add(c.origin()));
        if (origins.isEmpty()) {
            return;
        }
        heading("Roofs");
        for (Ceiling.Origin origin : origins) {
            inks.line(x, y - 4, x + 18, y - 4, palette.text(), 1.5f, Inks.dashes(origin));
            row(switch (origin) {
                case PROFILER -> "peaks known to the profiler";
                case DATASHEET -> "from a datasheet";
                case PUBLISHED -> "published by others";
                case MEASURED -> "measured";
            });
        }
        Map<String, List<String>> roofsOf = new LinkedHashMap<>();
        figure.roofline().ceilings().bandwidths().forEach(
                (level, c) -> roofsOf.computeIfAbsent(c.source(), _ -> new ArrayList<>())
                        .add(figure.roofline().ceilings().title(level)));
        figure.roofline().ceilings().rates().forEach(
                (precision, c) -> roofsOf.computeIfAbsent(c.source(), _ -> new ArrayList<>()).add(precision.title()));
        y += 2;
        roofsOf.forEach((source, titles) -> small(String.join(", ", titles) + ": " + source));
        y += 10;
    }

    private Stream<Ceiling> all() {
        return Stream.concat(figure.roofline().ceilings().bandwidths().values().stream(),
                figure.roofline().ceilings().rates().values().stream());
    }

    private void basis() {
        boolean measured = has(KernelWork.Basis.MEASURED);
        boolean analytic = has(KernelWork.Basis.ANALYTIC);
        if (measured) {
            small("Bytes, operations and times of the points were measured by hardware counters.");
        }
        if (analytic) {
            small("Bytes and operations of the points are analytic, from shapes; times were measured.");
        }
    }

    private boolean has(KernelWork.Basis basis) {
        return figure.roofline().kernels().stream().anyMatch(k -> k.basis() == basis);
    }

    /// Small text, broken at blanks.
    private void small(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && inks.width(line + " " + word, SMALL) > width) {
                flush(line);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        flush(line);
        y += 3;
    }

    private void flush(StringBuilder line) {
        inks.text(inks.fit(line.toString(), SMALL, width), x, y, SMALL, palette.muted());
        y += 12;
        line.setLength(0);
    }
}
