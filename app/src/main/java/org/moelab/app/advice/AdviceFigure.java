package org.moelab.app.advice;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.Severity;
import org.moelab.traces.model.Unit;

import javafx.scene.paint.Color;

/// Findings as rows, below what each was found in: how grave it is, the time that it is about as a bar, and in it the bound on
/// what could be gained.
///
/// @param title what the picture shows
/// @param entries by source
/// @param selected the row that is marked
public record AdviceFigure(String title, List<Entry> entries, OptionalInt selected) implements Figure {
    private static final double WIDTH = 1040;
    private static final double HEADING = 34;
    private static final double ROW = 27;
    private static final double SOURCE = 30;
    private static final double MARGIN = 14;
    private static final double SEVERITY = 66;
    private static final double FIGURES = 84;
    private static final double LEAST_TITLE = 200;
    /// Where there is less room, the share alone is shown: the rest stands beside the finding that is chosen.
    private static final double LEAST_BARS = 40;
    /// What long titles leave to the bars.
    private static final double BARS = 64;
    /// Bars of the smallest shares are still seen.
    private static final double LEAST_SCALE = 0.1;
    private static final Font TEXT = Fonts.text(11.5);
    private static final Font SMALL = Fonts.text(10.5);
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font FIGURE = Fonts.figures(10.5);

    public AdviceFigure {
        entries = List.copyOf(entries);
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return Math.max(120, HEADING + tops().last() + 10);
    }

    /// Where rows and the headings between them are, from the top of the first.
    private record Tops(List<Double> rows, List<Double> sources, double last) {}

    private Tops tops() {
        List<Double> rows = new ArrayList<>();
        List<Double> sources = new ArrayList<>();
        double y = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (i == 0 || !entries.get(i).source().equals(entries.get(i - 1).source())) {
                sources.add(y);
                y += SOURCE;
            }
            rows.add(y);
            y += ROW;
        }
        return new Tops(rows, sources, y);
    }

    /// The row at a height.
    OptionalInt rowAt(double y) {
        List<Double> rows = tops().rows();
        for (int i = 0; i < rows.size(); i++) {
            double top = HEADING + rows.get(i);
            if (y >= top && y < top + ROW) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Painter painter = new Painter(new Pen(g), palette, width);
        painter.pen.fill(0, 0, width, height, palette.panel());
        if (entries.isEmpty()) {
            painter.pen.textCentred("no rule found anything", width / 2, height / 2, TEXT, palette.muted());
            return;
        }
        painter.headings();
        Tops tops = tops();
        int source = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (source < tops.sources.size() && tops.sources.get(source) < tops.rows.get(i)) {
                painter.source(entries.get(i).source(), HEADING + tops.sources.get(source));
                source++;
            }
            painter.row(i, HEADING + tops.rows.get(i));
        }
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final double width;
        private final double barsFrom;
        private final double barsTo;
        private final double scale;
        private final boolean narrow;

        Painter(Pen pen, Palette palette, double width) {
            this.pen = pen;
            this.palette = palette;
            this.width = width;
            double to = width - MARGIN - 3 * FIGURES - 10;
            double longest = entries.stream().map(Entry::finding).filter(f -> !Double.isNaN(f.timeNs()))
                    .mapToDouble(f -> pen.width(f.title(), TEXT)).max().orElse(0) + 16;
            double from = MARGIN + SEVERITY + Math.max(LEAST_TITLE, Math.min(longest, to - MARGIN - SEVERITY - BARS));
            this.narrow = to - from < LEAST_BARS;
            this.barsTo = narrow ? width - MARGIN - FIGURES : to;
            this.barsFrom = narrow ? barsTo : from;
            this.scale = Math.max(LEAST_SCALE, entries.stream().map(Entry::finding).mapToDouble(Finding::share)
                    .filter(s -> !Double.isNaN(s)).max().orElse(0));
        }

        void headings() {
            pen.text("Finding", MARGIN, 21, HEAD, palette.muted());
            pen.textRight("share", column(0), 21, HEAD, palette.muted());
            if (narrow) {
                return;
            }
            pen.textRight("time", column(1), 21, HEAD, palette.muted());
            pen.fill(column(1) - pen.width("time", HEAD) - 20, 12, 14, 9, light(palette.accent()));
            pen.textRight("at most", column(2), 21, HEAD, palette.muted());
            pen.fill(column(2) - pen.width("at most", HEAD) - 20, 14, 14, 5, palette.accent());
        }

        private double column(int column) {
            return narrow ? width - MARGIN : width - MARGIN - (2 - column) * FIGURES;
        }

        private Color light(Color color) {
            return color.deriveColor(0, 1, 1, 0.35);
        }

        void source(String source, double top) {
            pen.line(MARGIN, top + SOURCE - 4, width - MARGIN, top + SOURCE - 4, palette.line());
            pen.text(pen.fit(source, HEAD, width - 2 * MARGIN), MARGIN, top + SOURCE - 10, HEAD, palette.text());
        }

        void row(int index, double top) {
            Finding finding = entries.get(index).finding();
            if (selected.isPresent() && selected.getAsInt() == index) {
                pen.fill(4, top, width - 8, ROW, palette.raised());
                pen.fill(4, top, 3, ROW, palette.accent());
            }
            double base = top + ROW / 2 + 4;
            pen.text(finding.severity().label().toUpperCase(Locale.ROOT), MARGIN, base, HEAD,
                    color(finding.severity()));
            boolean timed = !Double.isNaN(finding.timeNs());
            double room = (timed ? barsFrom : width) - MARGIN - SEVERITY - 12;
            title(finding.title(), room, top, base);
            if (timed) {
                pen.textRight(Unit.PERCENT.format(finding.share() * 100), column(0), base, FIGURE, palette.muted());
            }
            if (timed && !narrow) {
                bar(finding, top);
                pen.textRight(Unit.NANOSECONDS.format(finding.timeNs()), column(1), base, FIGURE, palette.text());
                pen.textRight(finding.boundNs().isPresent()
                        ? Unit.NANOSECONDS.format(finding.boundNs().getAsDouble())
                        : "–", column(2), base, FIGURE, palette.text());
            }
        }

        /// In a line, or in two smaller ones where that is too long.
        private void title(String title, double room, double top, double base) {
            double left = MARGIN + SEVERITY;
            if (pen.width(title, TEXT) <= room) {
                pen.text(title, left, base, TEXT, palette.text());
                return;
            }
            int cut = title.length();
            do {
                cut = title.lastIndexOf(' ', cut - 1);
            } while (cut > 0 && pen.width(title.substring(0, cut), SMALL) > room);
            if (cut <= 0) {
                pen.text(pen.fit(title, TEXT, room), left, base, TEXT, palette.text());
                return;
            }
            pen.text(title.substring(0, cut), left, top + ROW / 2 - 2, SMALL, palette.text());
            pen.text(pen.fit(title.substring(cut + 1), SMALL, room), left, top + ROW - 4.5, SMALL, palette.text());
        }

        private void bar(Finding finding, double top) {
            double full = barsTo - barsFrom;
            double middle = top + ROW / 2;
            pen.fill(barsFrom, middle - 6, Math.max(1, full * finding.share() / scale), 12, light(palette.accent()));
            if (finding.boundNs().isPresent()) {
                pen.fill(barsFrom, middle - 2.5, Math.max(1, full * finding.boundShare() / scale), 5,
                        palette.accent());
            }
        }

        private Color color(Severity severity) {
            return switch (severity) {
                case HIGH -> palette.bad();
                case MEDIUM -> palette.warn();
                case LOW, NOTE -> palette.muted();
            };
        }
    }
}
