package org.moelab.app.timeline;

import java.util.Arrays;

import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.app.timeline.TimelineColors.Swatch;
import org.moelab.app.timeline.TimelineFrame.Arrow;
import org.moelab.app.timeline.TimelineFrame.Bar;
import org.moelab.app.timeline.TimelineFrame.Box;
import org.moelab.app.timeline.TimelineFrame.CounterCurve;
import org.moelab.app.timeline.TimelineFrame.RowBand;
import org.moelab.traces.model.Unit;

/// Paints frames into pixels, `0xFFRRGGBB`, rows in parallel. One painter serves one palette and output scale.
public final class PixelPainter {
    private static final int ARROW_STRIPS = 6;
    /// Height of an arrow's tip.
    private static final double BARB = 5;

    private final double scale;
    private final TimelineColors colors;
    private final GlyphAtlas labels;
    private final GlyphAtlas captions;
    private final GlyphAtlas headings;
    private final GlyphAtlas figures;

    /// A painter.
    ///
    /// @param scale pixels for each logical pixel
    public PixelPainter(Palette palette, double scale) {
        this.scale = scale;
        this.colors = new TimelineColors(palette);
        this.labels = new GlyphAtlas(Fonts.text(Look.LABEL_TEXT * scale));
        this.captions = new GlyphAtlas(Fonts.text(Look.CAPTION_TEXT * scale));
        this.headings = new GlyphAtlas(Fonts.bold(Look.CAPTION_TEXT * scale));
        this.figures = new GlyphAtlas(Fonts.figures(Look.FIGURES_TEXT * scale));
    }

    /// Paints a frame.
    ///
    /// @param pixels receives the picture, row by row
    /// @param width pixels a row: the frame's width times the scale, rounded
    /// @param height rows
    public void paint(TimelineFrame frame, int[] pixels, int width, int height) {
        new Painting(frame, new PixelCanvas(pixels, width, height)).paint();
    }

    private int px(double logical) {
        return (int) Math.round(logical * scale);
    }

    /// The painting of one frame.
    private final class Painting {
        private final TimelineFrame frame;
        private final FrameRequest request;
        private final PixelCanvas canvas;
        private final int gutter;
        private final int ruler;
        /// A row of pixels of an empty row of the timeline, and of a group's heading.
        private final int[] emptyLine;
        private final int[] headingLine;
        private final int highlight;

        Painting(TimelineFrame frame, PixelCanvas canvas) {
            this.frame = frame;
            this.request = frame.request();
            this.canvas = canvas;
            this.gutter = px(request.size().gutter());
            this.ruler = px(FrameRequest.HEADER_HEIGHT);
            this.highlight = request.highlight().orElse(-1);
            this.emptyLine = line(colors.panel);
            this.headingLine = line(colors.heading);
        }

        private int[] line(int ground) {
            int[] line = new int[canvas.width()];
            Arrays.fill(line, ground);
            long first = request.source().trace().startNs();
            int from = Math.clamp(px(request.x(first)), gutter, Math.max(gutter, line.length));
            int to = Math.clamp(px(request.x(request.source().trace().endNs())), from, Math.max(from, line.length));
            Arrays.fill(line, Math.min(gutter, line.length), Math.min(from, line.length), colors.outside);
            Arrays.fill(line, Math.min(to, line.length), line.length, colors.outside);
            for (TimeScale.Tick tick : frame.scale().ticks(request.view())) {
                int x = tickX(tick);
                if (x >= gutter && x < line.length) {
                    line[x] = colors.grid;
                }
            }
            if (gutter > 0 && gutter <= line.length) {
                line[gutter - 1] = colors.line;
            }
            return line;
        }

        private int tickX(TimeScale.Tick tick) {
            return px(request.size().gutter() + request.view().fractionOf(tick.timeNs()) * request.size().plotWidth());
        }

        void paint() {
            int rowCount = frame.rows().size();
            Cores.share(rowCount + 1, () -> {
                BarLines lines = new BarLines(canvas.width());
                return piece -> {
                    if (piece < rowCount) {
                        paintRow(piece, lines);
                    } else {
                        paintHeader();
                    }
                };
            });
            int below = frame.rows().isEmpty() ? ruler : bottom(frame.rows().getLast());
            canvas.within(ruler, canvas.height()).fill(0, below, canvas.width(), canvas.height(), colors.panel);
            PixelCanvas rows = canvas.within(ruler, canvas.height());
            request.area().ifPresent(area -> paintArea(area, rows));
            paintPinnedEdge();
            request.anchor().ifPresent(this::paintAnchor);
            paintMarks();
            frame.outline().ifPresent(box -> paintOutline(box, rows));
            paintArrows();
        }

        /// In strips below one another, each with all arrows in their order: where they cross, the order shows.
        private void paintArrows() {
            double highest = canvas.height();
            double lowest = 0;
            for (Arrow arrow : frame.arrows()) {
                highest = Math.min(highest, Math.min(arrow.fromY(), arrow.toY()) - BARB);
                lowest = Math.max(lowest, Math.max(arrow.fromY(), arrow.toY()) + BARB);
            }
            int top = Math.max(ruler, px(highest) - 2);
            int bottom = Math.min(canvas.height(), px(lowest) + 2);
            Cores.share(bottom > top ? ARROW_STRIPS : 0, () -> strip -> {
                PixelCanvas rows = canvas.within(top + (bottom - top) * strip / ARROW_STRIPS,
                        top + (bottom - top) * (strip + 1) / ARROW_STRIPS);
                for (Arrow arrow : frame.arrows()) {
                    paintArrow(arrow, rows);
                }
            });
        }

        private void paintHeader() {
            paintOverview();
            paintRuler();
            canvas.fill(gutter - 1, 0, gutter, ruler, colors.line);
        }

        /// Around the event and not on it, so that a narrow one still shows.
        private void paintOutline(Box box, PixelCanvas rows) {
            int thickness = Math.max(1, px(2));
            int left = px(box.left());
            int right = Math.max(left + 1, px(box.right()));
            rows.frame(Math.max(gutter, left - thickness), px(box.top()) - thickness, right + thickness,
                    px(box.bottom()) + thickness, thickness, colors.text);
        }

        private int bottom(RowBand band) {
            return px(band.top() + band.height());
        }

        private void paintRow(int index, BarLines lines) {
            RowBand band = frame.rows().get(index);
            PixelCanvas row = canvas.within(Math.max(px(frame.visibleTop(band)), px(band.top())), bottom(band));
            int[] ground = band.row().isGroup() ? headingLine : emptyLine;
            int painted = px(band.top());
            for (Bar bar : frame.bars()) {
                if (bar.band() == index) {
                    int top = px(bar.top());
                    int bottom = px(bar.top() + bar.height());
                    row.copyRows(ground, painted, top);
                    row.copyRows(ground, 0, Math.min(gutter, ground.length), top, bottom);
                    paintBar(bar, lines.over(ground, bottom), row);
                    painted = bottom;
                }
            }
            row.copyRows(ground, painted, bottom(band));
            row.fill(0, bottom(band) - 1, canvas.width(), bottom(band), colors.grid);
            for (CounterCurve curve : frame.counters()) {
                if (curve.band() == index) {
                    paintCurve(curve, band, row);
                }
            }
            paintCaption(band, row);
        }

        /// The line that parts the rows above all others from those that scroll.
        private void paintPinnedEdge() {
            if (request.layout().pinnedCount() > 0) {
                int edge = px(request.scrolledTop());
                canvas.within(ruler, canvas.height()).fill(0, edge - Math.max(2, px(1)), canvas.width(), edge,
                        colors.line);
            }
        }

        private void paintCaption(RowBand band, PixelCanvas row) {
            if (band.pinned()) {
                row.fill(0, px(band.top()), px(Look.PIN_STRIPE), bottom(band), colors.accent);
            }
            Row r = band.row();
            int x = px(Look.captionX(r));
            int right = gutter - px(Look.CAPTION_GAP);
            double middle = Look.captionMiddle(band);
            int ink = r.isGroup() ? colors.text : colors.muted;
            if (r.folds()) {
                int size = px(7) | 1;
                row.triangle(px(Look.triangleX(r)), px(middle) - size / 2, size, band.state() != RowState.FOLDED, ink);
            }
            GlyphAtlas face = r.isGroup() ? headings : captions;
            face.draw(row.target(0, gutter), r.caption(), x, px(middle) + (face.capHeight() + 1) / 2, right - x, ink);
            String note = Look.note(band);
            if (!note.isEmpty()) {
                labels.draw(row.target(0, gutter), note, x, px(middle + Look.NOTE_DROP) + labels.capHeight() / 2,
                        right - x,
                        colors.muted);
            }
        }

        private void paintBar(Bar bar, BarLines lines, PixelCanvas row) {
            Slices slices = bar.slices();
            for (int i = 0; i < slices.size(); i++) {
                int left = Math.max(gutter, column(slices.left(i)));
                int right = Math.max(left + 1, column(slices.right(i)));
                Swatch swatch = swatch(bar, i);
                if (slices.folded(i)) {
                    lines.fold(left, right, column(slices.height(i, bar.height())), swatch.fill());
                } else {
                    lines.fill(left, right, swatch);
                }
            }
            lines.paint(row, gutter, px(bar.top()));
            if (bar.labelled()) {
                paintLabels(bar, row);
            }
        }

        /// As [#px], for places that are not far left of the picture.
        private int column(double logical) {
            return (int) (logical * scale + 0.5);
        }

        private Swatch swatch(Bar bar, int i) {
            return colors.of(bar, i, highlight);
        }

        private void paintLabels(Bar bar, PixelCanvas row) {
            Slices slices = bar.slices();
            int baseline = (px(bar.top()) + px(bar.top() + bar.height()) + labels.capHeight() + 1) / 2;
            int padding = px(Look.LABEL_PADDING);
            int least = px(Look.LABELLED_WIDTH);
            for (int i = 0; i < slices.size(); i++) {
                int left = Math.max(gutter, px(slices.left(i)));
                int right = Math.min(canvas.width(), px(slices.right(i)));
                if (right - left >= least && !slices.folded(i)) {
                    int room = right - left - 2 * padding;
                    String label = request.source().labels().of(slices.name(i));
                    labels.draw(row.target(left, right),
                            labels.fits(label, room) ? label : SliceLabels.shortened(label), left + padding, baseline,
                            room, swatch(bar, i).ink());
                }
            }
        }

        private void paintCurve(CounterCurve curve, RowBand band, PixelCanvas row) {
            double bottom = (band.top() + band.height() - Look.COUNTER_PADDING) * scale;
            double height = (band.height() - 2 * Look.COUNTER_PADDING) * scale;
            for (int x = gutter; x < canvas.width(); x++) {
                int column = Math.min(curve.greatest().length - 1, (int) ((x - gutter) / scale));
                if (!Float.isNaN(curve.greatest()[column])) {
                    int high = (int) Math.round(bottom - height * curve.greatest()[column]);
                    int low = (int) Math.round(bottom - height * curve.least()[column]);
                    row.fill(x, high, x + 1, (int) bottom, colors.curveGround);
                    row.fill(x, high, x + 1, Math.max(high + Math.max(1, px(1)), low), colors.accent);
                }
            }
        }

        private void paintOverview() {
            int bottom = px(FrameRequest.OVERVIEW_HEIGHT);
            PixelCanvas strip = canvas.within(0, bottom);
            strip.fill(0, 0, canvas.width(), bottom, colors.heading);
            double highest = FrameRequest.OVERVIEW_HEIGHT - 2 * Look.OVERVIEW_PADDING;
            for (int x = gutter; x < canvas.width(); x++) {
                int column = Math.min(frame.overview().columns() - 1, (int) ((x - gutter) / scale));
                float share = frame.overview().share(column);
                int top = px(FrameRequest.OVERVIEW_HEIGHT - Look.OVERVIEW_PADDING - Math.max(1, highest * share));
                if (share > 0) {
                    strip.fill(x, top, x + 1, px(FrameRequest.OVERVIEW_HEIGHT - Look.OVERVIEW_PADDING), colors.muted);
                }
            }
            Look.Span window = Look.overviewWindow(request);
            strip.tint(px(window.from()), 0, px(window.to()), bottom, colors.accent, Look.WINDOW_TINT);
            strip.frame(px(window.from()), 0, px(window.to()), bottom, Math.max(1, px(1)), colors.accent);
            strip.fill(0, bottom - 1, canvas.width(), bottom, colors.line);
            figures.draw(strip.target(0, gutter), Look.length(request), px(Look.MARGIN),
                    bottom / 2 + figures.capHeight() / 2, gutter - px(2 * Look.MARGIN), colors.muted);
        }

        private void paintRuler() {
            PixelCanvas top = canvas.within(px(FrameRequest.OVERVIEW_HEIGHT), ruler);
            top.fill(0, 0, canvas.width(), ruler, colors.panel);
            top.fill(0, ruler - 1, canvas.width(), ruler, colors.line);
            int baseline = px(Look.RULER_MIDDLE) + figures.capHeight() / 2;
            for (TimeScale.Tick tick : frame.scale().ticks(request.view())) {
                int x = tickX(tick);
                if (x >= gutter) {
                    top.fill(x, ruler - px(Look.TICK), x + 1, ruler, colors.muted);
                    int width = figures.width(tick.label());
                    int left = x - width / 2;
                    if (left >= gutter && left + width <= canvas.width()) {
                        figures.draw(top.target(gutter, canvas.width()), tick.label(), left, baseline, width,
                                colors.muted);
                    }
                }
            }
            figures.draw(top.target(0, gutter), Look.span(request), px(Look.MARGIN), baseline,
                    gutter - px(2 * Look.MARGIN),
                    colors.muted);
        }

        private void paintArea(Area area, PixelCanvas rows) {
            int left = Math.max(gutter, px(request.x(area.range().fromNs())));
            int right = Math.min(canvas.width(), Math.max(left + 1, px(request.x(area.range().toNs()))));
            if (right <= gutter || left >= canvas.width()) {
                return;
            }
            for (TimelineFrame.Stretch stretch : frame.stretches(area)) {
                rows.tint(left, px(stretch.top()), right, px(stretch.bottom()), colors.accent, Look.AREA_TINT);
                rows.frame(left, px(stretch.top()), right, px(stretch.bottom()), 1, colors.accent);
            }
            canvas.fill(left, ruler - px(3), right, ruler, colors.accent);
            paintFlag(Unit.NANOSECONDS.format((double) area.range().lengthNs()), (left + right) / 2, colors.text);
        }

        private void paintAnchor(long timeNs) {
            int x = px(request.x(timeNs));
            if (x >= gutter && x < canvas.width()) {
                canvas.within(ruler, canvas.height()).tint(x, ruler, x + Math.max(1, px(1)), canvas.height(),
                        colors.accent, Look.ANCHOR_TINT);
                canvas.triangle(x - px(4), ruler - px(8), px(9) | 1, true, colors.accent);
            }
        }

        private void paintMarks() {
            int thickness = Math.max(1, px(1));
            for (Look.Flag flag : Look.flags(request, text -> figures.width(text) / scale)) {
                int x = px(flag.x());
                for (int y = ruler; y < canvas.height(); y += px(8)) {
                    canvas.fill(x, y, x + thickness, y + px(4), colors.mark);
                }
                canvas.triangle(x - px(4), ruler - px(8), px(9) | 1, true, colors.mark);
                if (flag.right() > flag.left()) {
                    paintFlag(flag.mark().text(), px(flag.left()), px(flag.right()), colors.mark);
                }
            }
            for (Mark mark : request.marks()) {
                int x = px(Look.overviewX(request, mark.timeNs()));
                canvas.fill(x, 0, x + thickness, px(FrameRequest.OVERVIEW_HEIGHT), colors.mark);
            }
        }

        /// Writes over the ruler's labels, as near to a place as the picture's edges allow.
        private void paintFlag(String text, int middle, int ink) {
            int width = figures.width(text) + px(2 * Look.FLAG_PADDING);
            int left = Math.max(gutter, Math.min(middle - width / 2, canvas.width() - width));
            paintFlag(text, left, left + width, ink);
        }

        private void paintFlag(String text, int left, int right, int ink) {
            int padding = px(Look.FLAG_PADDING);
            canvas.fill(left, px(Look.RULER_MIDDLE - 8), right, px(Look.RULER_MIDDLE + 8), colors.heading);
            figures.draw(canvas.target(gutter, canvas.width()), text, left + padding,
                    px(Look.RULER_MIDDLE) + figures.capHeight() / 2, right - left - 2 * padding + 1, ink);
        }

        private void paintArrow(Arrow arrow, PixelCanvas rows) {
            double x = arrow.x(0) * scale;
            double y = arrow.y(0) * scale;
            for (int piece = 1; piece <= Arrow.PIECES; piece++) {
                double nextX = arrow.x(piece) * scale;
                double nextY = arrow.y(piece) * scale;
                rows.line(x, y, nextX, nextY, 1.2 * scale, colors.accent);
                x = nextX;
                y = nextY;
            }
            boolean down = arrow.toY() >= arrow.fromY();
            double tip = arrow.toY() * scale;
            double barb = BARB * scale * (down ? -1 : 1);
            double tipX = arrow.toX() * scale;
            rows.line(tipX, tip, tipX - 3 * scale, tip + barb, 1.6 * scale, colors.accent);
            rows.line(tipX, tip, tipX + 3 * scale, tip + barb, 1.6 * scale, colors.accent);
        }
    }
}
