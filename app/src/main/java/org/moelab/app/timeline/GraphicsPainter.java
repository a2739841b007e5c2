package org.moelab.app.timeline;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.app.timeline.TimelineColors.Swatch;
import org.moelab.app.timeline.TimelineFrame.Arrow;
import org.moelab.app.timeline.TimelineFrame.Bar;
import org.moelab.app.timeline.TimelineFrame.CounterCurve;
import org.moelab.app.timeline.TimelineFrame.RowBand;
import org.moelab.traces.model.Unit;

/// Draws frames as shapes and text, for files of any resolution. Shows what [PixelPainter] shows.
final class GraphicsPainter {
    private static final FontRenderContext MEASURE = new FontRenderContext(null, true, true);
    private static final int LONGEST_TEXT = 300;
    private static final double HAIRLINE = 0.6;

    private final TimelineFrame frame;
    private final FrameRequest request;
    private final Graphics2D g;
    private final TimelineColors colors;
    private final double gutter;
    private final double width;
    private final double height;
    private final int highlight;

    private GraphicsPainter(TimelineFrame frame, Graphics2D g, Palette palette) {
        this.frame = frame;
        this.request = frame.request();
        this.g = g;
        this.colors = new TimelineColors(palette);
        this.gutter = request.size().gutter();
        this.width = request.size().width();
        this.height = request.size().height();
        this.highlight = request.highlight().orElse(-1);
    }

    /// Draws a frame into the rectangle from (0, 0) to its size.
    static void paint(TimelineFrame frame, Graphics2D g, Palette palette) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        new GraphicsPainter(frame, g, palette).paint();
    }

    private void paint() {
        fill(0, 0, width, height, colors.panel);
        Shape clip = g.getClip();
        g.clip(new Rectangle2D.Double(0, FrameRequest.HEADER_HEIGHT, width, height - FrameRequest.HEADER_HEIGHT));
        paintGround();
        g.clip(new Rectangle2D.Double(gutter, 0, width - gutter, height));
        for (boolean pinned : new boolean[] { false, true }) {
            within(pinned, () -> {
                frame.counters().stream().filter(c -> frame.rows().get(c.band()).pinned() == pinned)
                        .forEach(this::paintCurve);
                frame.bars().stream().filter(b -> frame.rows().get(b.band()).pinned() == pinned)
                        .forEach(this::paintBar);
            });
        }
        request.area().ifPresent(this::paintArea);
        frame.outline().ifPresent(box -> frameOf(Math.max(gutter, box.left()) - 2, box.top() - 2, box.right() + 2,
                box.bottom() + 2, 2, colors.text));
        frame.arrows().forEach(this::paintArrow);
        g.setClip(clip);
        for (boolean pinned : new boolean[] { false, true }) {
            within(pinned, () -> frame.rows().stream().filter(b -> b.pinned() == pinned).forEach(this::paintCaption));
        }
        if (request.layout().pinnedCount() > 0) {
            fill(0, request.scrolledTop() - 1, width, request.scrolledTop(), colors.line);
        }
        paintOverview();
        paintRuler();
        request.area().ifPresent(this::paintAreaFlag);
        request.anchor().ifPresent(this::paintAnchor);
        paintMarks();
    }

    private void paintAnchor(long timeNs) {
        double x = request.x(timeNs);
        if (x >= gutter && x < width) {
            g.setColor(new Color(colors.accent & 0xFFFFFF | Look.ANCHOR_TINT << 24, true));
            g.fill(new Rectangle2D.Double(x, FrameRequest.HEADER_HEIGHT, 1, height - FrameRequest.HEADER_HEIGHT));
            triangle(x + 0.5, FrameRequest.HEADER_HEIGHT - 4, true, colors.accent);
        }
    }

    /// Paints only where the rows above all others are, or only where those that scroll are.
    private void within(boolean pinned, Runnable painting) {
        Shape clip = g.getClip();
        double top = pinned ? FrameRequest.HEADER_HEIGHT : request.scrolledTop();
        double bottom = pinned ? Math.min(height, request.scrolledTop()) : height;
        g.clip(new Rectangle2D.Double(0, top, width, Math.max(0, bottom - top)));
        painting.run();
        g.setClip(clip);
    }

    private void paintGround() {
        double rowsBottom = frame.rows().isEmpty()
                ? FrameRequest.HEADER_HEIGHT
                : frame.rows().getLast().top() + frame.rows().getLast().height();
        for (boolean pinned : new boolean[] { false, true }) {
            within(pinned, () -> frame.rows().stream().filter(b -> b.pinned() == pinned).forEach(this::paintGround));
        }
        double from = Math.clamp(request.x(request.source().trace().startNs()), gutter, Math.max(gutter, width));
        double to = Math.clamp(request.x(request.source().trace().endNs()), gutter, Math.max(gutter, width));
        fill(gutter, FrameRequest.HEADER_HEIGHT, from, rowsBottom, colors.outside);
        fill(to, FrameRequest.HEADER_HEIGHT, width, rowsBottom, colors.outside);
        for (TimeScale.Tick tick : frame.scale().ticks(request.view())) {
            double x = tickX(tick);
            fill(x, FrameRequest.HEADER_HEIGHT, x + HAIRLINE, rowsBottom, colors.grid);
        }
    }

    private void paintGround(RowBand band) {
        double bottom = band.top() + band.height();
        if (band.row().isGroup()) {
            fill(0, band.top(), width, bottom, colors.heading);
        }
        if (band.pinned()) {
            fill(0, band.top(), Look.PIN_STRIPE, bottom, colors.accent);
        }
        fill(0, bottom - HAIRLINE, width, bottom, colors.grid);
    }

    private double tickX(TimeScale.Tick tick) {
        return gutter + request.view().fractionOf(tick.timeNs()) * request.size().plotWidth();
    }

    private void paintCaption(RowBand band) {
        Row row = band.row();
        double x = Look.captionX(row);
        double right = gutter - Look.CAPTION_GAP;
        double middle = Look.captionMiddle(band);
        int ink = row.isGroup() ? colors.text : colors.muted;
        if (row.folds()) {
            triangle(Look.triangleX(row) + 3.5, middle, band.state() != RowState.FOLDED, ink);
        }
        text(row.isGroup() ? Fonts.bold(Look.CAPTION_TEXT) : Fonts.text(Look.CAPTION_TEXT), row.caption(), x, middle,
                right - x, ink);
        text(Fonts.text(Look.LABEL_TEXT), Look.note(band), x, middle + Look.NOTE_DROP, right - x, colors.muted);
    }

    private void paintBar(Bar bar) {
        Slices slices = bar.slices();
        double bottom = bar.top() + bar.height();
        for (int i = 0; i < slices.size(); i++) {
            Swatch swatch = swatch(bar, i);
            if (slices.folded(i)) {
                i = paintFolded(bar, i, swatch.fill());
                continue;
            }
            double left = Math.max(gutter, slices.left(i));
            double right = Math.min(width, Math.max(left + HAIRLINE, slices.right(i)));
            fill(left, bar.top(), right, bottom, swatch.fill());
            if (right - left >= 3) {
                fill(right - HAIRLINE, bar.top(), right, bottom, swatch.edge());
            }
            if (bar.labelled() && right - left >= Look.LABELLED_WIDTH) {
                label(slices.name(i), left + Look.LABEL_PADDING, bar.top() + bar.height() / 2,
                        right - left - 2 * Look.LABEL_PADDING, swatch.ink());
            }
        }
    }

    private void label(int name, double x, double middle, double room, int ink) {
        String label = request.source().labels().of(name);
        Font font = Fonts.text(Look.LABEL_TEXT);
        boolean fits = label.length() <= LONGEST_TEXT && measure(font, label) <= room;
        text(font, fits ? label : SliceLabels.shortened(label), x, middle, room, ink);
    }

    /// Draws a run of folded slices of one colour that touch as one shape; gives the last slice of it.
    private int paintFolded(Bar bar, int first, int argb) {
        Slices slices = bar.slices();
        double bottom = bar.top() + bar.height();
        Path2D run = new Path2D.Double();
        run.moveTo(slices.left(first), bottom);
        int i = first;
        double right = slices.left(first);
        while (i < slices.size() && slices.folded(i) && swatch(bar, i).fill() == argb
                && Math.abs(slices.left(i) - right) <= 1) {
            double top = bottom - slices.height(i, bar.height());
            run.lineTo(right, top);
            right = Math.max(slices.left(i) + 1, slices.right(i));
            run.lineTo(right, top);
            i++;
        }
        run.lineTo(right, bottom);
        run.closePath();
        g.setColor(new Color(argb));
        g.fill(run);
        return i - 1;
    }

    private Swatch swatch(Bar bar, int i) {
        return colors.of(bar, i, highlight);
    }

    private void paintCurve(CounterCurve curve) {
        RowBand band = frame.rows().get(curve.band());
        double bottom = band.top() + band.height() - Look.COUNTER_PADDING;
        double span = band.height() - 2 * Look.COUNTER_PADDING;
        for (int column = 0; column < curve.greatest().length; column++) {
            if (!Float.isNaN(curve.greatest()[column])) {
                int last = column;
                while (last + 1 < curve.greatest().length
                        && curve.greatest()[last + 1] == curve.greatest()[column]
                        && curve.least()[last + 1] == curve.least()[column]) {
                    last++;
                }
                double high = bottom - span * curve.greatest()[column];
                double low = bottom - span * curve.least()[column];
                fill(gutter + column, high, gutter + last + 1, bottom, colors.curveGround);
                fill(gutter + column, high, gutter + last + 1, Math.max(high + 1, low), colors.accent);
                column = last;
            }
        }
    }

    private void paintOverview() {
        fill(0, 0, width, FrameRequest.OVERVIEW_HEIGHT, colors.heading);
        double bottom = FrameRequest.OVERVIEW_HEIGHT - Look.OVERVIEW_PADDING;
        double highest = bottom - Look.OVERVIEW_PADDING;
        Path2D bars = new Path2D.Double();
        bars.moveTo(gutter, bottom);
        for (int column = 0; column < frame.overview().columns(); column++) {
            float share = frame.overview().share(column);
            double top = share > 0 ? bottom - Math.max(1, highest * share) : bottom;
            bars.lineTo(gutter + column, top);
            bars.lineTo(Math.min(width, gutter + column + 1), top);
        }
        bars.lineTo(width, bottom);
        bars.closePath();
        g.setColor(new Color(colors.muted));
        g.fill(bars);
        Look.Span window = Look.overviewWindow(request);
        g.setColor(new Color(colors.accent & 0xFFFFFF | Look.WINDOW_TINT << 24, true));
        g.fill(new Rectangle2D.Double(window.from(), 0, window.to() - window.from(), FrameRequest.OVERVIEW_HEIGHT));
        frameOf(window.from(), 0, window.to(), FrameRequest.OVERVIEW_HEIGHT, 1, colors.accent);
        text(Fonts.figures(Look.FIGURES_TEXT), Look.length(request), Look.MARGIN, FrameRequest.OVERVIEW_HEIGHT / 2,
                gutter - 2 * Look.MARGIN, colors.muted);
    }

    private void paintRuler() {
        fill(0, FrameRequest.OVERVIEW_HEIGHT, width, FrameRequest.HEADER_HEIGHT, colors.panel);
        fill(0, FrameRequest.HEADER_HEIGHT - HAIRLINE, width, FrameRequest.HEADER_HEIGHT, colors.line);
        fill(gutter - HAIRLINE, 0, gutter, height, colors.line);
        Font figures = Fonts.figures(Look.FIGURES_TEXT);
        for (TimeScale.Tick tick : frame.scale().ticks(request.view())) {
            double x = tickX(tick);
            double taken = measure(figures, tick.label());
            double left = x - taken / 2;
            if (x >= gutter) {
                fill(x, FrameRequest.HEADER_HEIGHT - Look.TICK, x + HAIRLINE, FrameRequest.HEADER_HEIGHT, colors.muted);
            }
            if (left >= gutter && left + taken <= width) {
                text(figures, tick.label(), left, Look.RULER_MIDDLE, taken + 1, colors.muted);
            }
        }
        text(figures, Look.span(request), Look.MARGIN, Look.RULER_MIDDLE, gutter - 2 * Look.MARGIN, colors.muted);
    }

    private void paintArea(Area area) {
        double left = Math.max(gutter, request.x(area.range().fromNs()));
        double right = Math.min(width, request.x(area.range().toNs()));
        if (right > left) {
            for (TimelineFrame.Stretch s : frame.stretches(area)) {
                g.setColor(new Color(colors.accent & 0xFFFFFF | Look.AREA_TINT << 24, true));
                g.fill(new Rectangle2D.Double(left, s.top(), right - left, s.bottom() - s.top()));
                frameOf(left, s.top(), right, s.bottom(), 1, colors.accent);
            }
        }
    }

    private void paintAreaFlag(Area area) {
        double left = Math.max(gutter, request.x(area.range().fromNs()));
        double right = Math.min(width, request.x(area.range().toNs()));
        if (right > left) {
            fill(left, FrameRequest.HEADER_HEIGHT - 3, right, FrameRequest.HEADER_HEIGHT, colors.accent);
            flag(Unit.NANOSECONDS.format((double) area.range().lengthNs()), (left + right) / 2, colors.text);
        }
    }

    private void paintMarks() {
        Font font = Fonts.figures(Look.FIGURES_TEXT);
        for (Look.Flag flag : Look.flags(request, text -> measure(font, text))) {
            for (double y = FrameRequest.HEADER_HEIGHT; y < height; y += 8) {
                fill(flag.x(), y, flag.x() + 1, y + 4, colors.mark);
            }
            triangle(flag.x() + 0.5, FrameRequest.HEADER_HEIGHT - 4, true, colors.mark);
            if (flag.right() > flag.left()) {
                flag(flag.mark().text(), flag.left(), flag.right(), colors.mark);
            }
        }
        for (Mark mark : request.marks()) {
            double x = Look.overviewX(request, mark.timeNs());
            fill(x, 0, x + 1, FrameRequest.OVERVIEW_HEIGHT, colors.mark);
        }
    }

    /// Writes over the ruler's labels, as near to a place as the picture's edges allow.
    private void flag(String label, double middle, int ink) {
        Font font = Fonts.figures(Look.FIGURES_TEXT);
        double taken = measure(font, label) + 2 * Look.FLAG_PADDING;
        double left = Math.max(gutter, Math.min(middle - taken / 2, width - taken));
        flag(label, left, left + taken, ink);
    }

    private void flag(String label, double left, double right, int ink) {
        fill(left, Look.RULER_MIDDLE - 8, right, Look.RULER_MIDDLE + 8, colors.heading);
        text(Fonts.figures(Look.FIGURES_TEXT), label, left + Look.FLAG_PADDING, Look.RULER_MIDDLE,
                right - left - 2 * Look.FLAG_PADDING + 1, ink);
    }

    private void paintArrow(Arrow arrow) {
        Path2D path = new Path2D.Double();
        path.moveTo(arrow.x(0), arrow.y(0));
        for (int piece = 1; piece <= Arrow.PIECES; piece++) {
            path.lineTo(arrow.x(piece), arrow.y(piece));
        }
        g.setColor(new Color(colors.accent));
        g.setStroke(new java.awt.BasicStroke(1.2f));
        g.draw(path);
        double barb = arrow.toY() >= arrow.fromY() ? -5 : 5;
        g.draw(new Line2D.Double(arrow.toX(), arrow.toY(), arrow.toX() - 3, arrow.toY() + barb));
        g.draw(new Line2D.Double(arrow.toX(), arrow.toY(), arrow.toX() + 3, arrow.toY() + barb));
    }

    private void triangle(double centreX, double centreY, boolean down, int argb) {
        Path2D path = new Path2D.Double();
        if (down) {
            path.moveTo(centreX - 3.5, centreY - 2);
            path.lineTo(centreX + 3.5, centreY - 2);
            path.lineTo(centreX, centreY + 2);
        } else {
            path.moveTo(centreX - 2, centreY - 3.5);
            path.lineTo(centreX - 2, centreY + 3.5);
            path.lineTo(centreX + 2, centreY);
        }
        path.closePath();
        g.setColor(new Color(argb));
        g.fill(path);
    }

    private void frameOf(double left, double top, double right, double bottom, double thickness, int argb) {
        fill(left, top, right, top + thickness, argb);
        fill(left, bottom - thickness, right, bottom, argb);
        fill(left, top, left + thickness, bottom, argb);
        fill(right - thickness, top, right, bottom, argb);
    }

    private void fill(double left, double top, double right, double bottom, int argb) {
        g.setColor(new Color(argb));
        g.fill(new Rectangle2D.Double(left, top, right - left, bottom - top));
    }

    /// Writes a line of text, cut off with an ellipsis where it does not fit.
    private void text(Font font, String text, double x, double middle, double room, int argb) {
        String shown = fit(font, text, room);
        if (!shown.isEmpty()) {
            double capHeight = font.createGlyphVector(MEASURE, "H").getVisualBounds().getHeight();
            g.setFont(font);
            g.setColor(new Color(argb));
            g.drawString(shown, (float) x, (float) (middle + capHeight / 2));
        }
    }

    private static String fit(Font font, String text, double room) {
        String candidate = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
        if (measure(font, candidate) <= room) {
            return candidate;
        }
        int low = 0;
        int high = candidate.length();
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (measure(font, candidate.substring(0, middle) + "…") <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low < Look.FEWEST_LETTERS ? "" : candidate.substring(0, low) + "…";
    }

    private static double measure(Font font, String text) {
        return text.isEmpty() ? 0 : font.getStringBounds(text, MEASURE).getWidth();
    }
}
