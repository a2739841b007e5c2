package org.moelab.app.layers;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.ExpectationMark;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

import javafx.scene.paint.Color;

/// The ladder: a row a layer with its speedup over the lowest and over the one below as bars, and its tokens a second.
///
/// @param ladder what is drawn
/// @param selected the layer that is marked
/// @param expected where speedups over the lowest layer are expected; empty where nothing like it was measured before
public record LadderFigure(Ladder ladder, Optional<String> selected, List<ExpectedSpeedup> expected)
        implements
            Figure {
    private static final double WIDTH = 1040;
    private static final double HEADING = 42;
    private static final double ROW = 50;
    private static final double FOOTING = 52;
    private static final double LINE = 15;
    private static final double NAMES = 214;
    private static final double FIGURES = 78;
    /// Where there is less room, the rate of the phase that is not looked at gives way to the bars, then both rates.
    private static final double ROOM_FOR_BOTH_RATES = 760;
    private static final double ROOM_FOR_A_RATE = 520;
    private static final double MARGIN = 14;
    private static final double THICK = 13;
    private static final double THIN = 6;
    private static final Font TITLE = Fonts.bold(12);
    private static final Font TEXT = Fonts.text(10.5);
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font FIGURE = Fonts.figures(12);
    private static final Font MOST = FIGURE.deriveFont(Font.BOLD);
    private static final Font SMALL = Fonts.figures(9.5);

    public LadderFigure {
        expected = List.copyOf(expected);
    }

    /// The room below the rows.
    private double footingRoom() {
        return expected.isEmpty() ? FOOTING : FOOTING + LINE;
    }

    @Override
    public String title() {
        return "Layers of " + ladder.run().name() + ": speedup in " + ladder.phase().label();
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return HEADING + ROW * ladder.rungs().size() + footingRoom();
    }

    /// The layer whose row is at a height.
    Optional<String> rowAt(double y, double height) {
        int row = (int) Math.floor((y - HEADING) / rowHeight(height));
        return row >= 0 && row < ladder.rungs().size() ? Optional.of(ladder.rungs().get(row).id()) : Optional.empty();
    }

    private double rowHeight(double height) {
        return Math.min(ROW * 1.3, (height - HEADING - footingRoom()) / ladder.rungs().size());
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Painter painter = new Painter(new Pen(g), palette, width);
        painter.pen.fill(0, 0, width, height, palette.panel());
        painter.headings();
        double row = rowHeight(height);
        double y = HEADING;
        painter.grid(y, y + row * ladder.rungs().size());
        for (Rung rung : ladder.rungs()) {
            painter.row(rung, y, row);
            y += row;
        }
        painter.footing(y + 18);
    }

    /// The marked layer in a sentence.
    String spoken() {
        return selected.flatMap(ladder::rung).map(rung -> rung.name() + ": "
                + rung.cumulative().map(s -> times(s.factor()) + " in all").orElse("no speedup in all") + ", "
                + rung.incremental().map(s -> times(s.factor()) + " of its own").orElse("none of its own") + ".")
                .orElse("");
    }

    private static String times(double factor) {
        return number(factor) + "×";
    }

    /// Two decimals; three near 1, where they tell slower from faster.
    private static String number(double factor) {
        return String.format(Locale.ROOT, Math.abs(factor - 1) < 0.01 ? "%.3f" : factor < 99.5 ? "%.2f" : "%.0f",
                factor);
    }

    private static String range(Speedup speedup) {
        return speedup.repeated()
                ? number(speedup.low()) + "–" + number(speedup.high())
                : "one run";
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final double width;
        private final double barsFrom;
        private final double barsTo;
        private final double largest;
        private final List<RunPhase> rates;
        private final Optional<Rung> most;

        Painter(Pen pen, Palette palette, double width) {
            this.pen = pen;
            this.palette = palette;
            this.width = width;
            this.rates = width < ROOM_FOR_A_RATE
                    ? List.of()
                    : width < ROOM_FOR_BOTH_RATES
                            ? List.of(ladder.phase())
                            : List.of(RunPhase.DECODE, RunPhase.PREFILL);
            this.most = ladder.most();
            this.barsFrom = Math.min(NAMES, width * 0.31);
            this.barsTo = Math.max(barsFrom + 60, width - (2 + rates.size()) * FIGURES - MARGIN - 16);
            this.largest = Stream
                    .concat(expected.stream().map(ExpectedSpeedup::high),
                            ladder.rungs().stream().flatMap(r -> List.of(r.cumulative(), r.incremental()).stream())
                                    .flatMap(Optional::stream).map(s -> s.repeated() ? s.high() : s.factor()))
                    .mapToDouble(f -> f).max().orElse(1) * 1.04;
        }

        private double x(double factor) {
            return barsFrom + (barsTo - barsFrom) * factor / Math.max(largest, 1.2);
        }

        private double column(int column) {
            return width - MARGIN - (1 + rates.size() - column) * FIGURES;
        }

        void headings() {
            pen.text("Layer", MARGIN + 6, 21, HEAD, palette.muted());
            double at = barsFrom;
            pen.fill(at, 12, 16, 9, palette.accent());
            at += 21;
            pen.text("over " + lowest(), at, 21, HEAD, palette.muted());
            at += pen.width("over " + lowest(), HEAD) + 16;
            boolean beside = at + 140 < barsTo;
            double x = beside ? at : barsFrom;
            double y = beside ? 21 : 34;
            pen.fill(x, y - 6, 16, 5, palette.muted());
            pen.text("over the layer below", x + 21, y, HEAD, palette.muted());
            pen.textRight("in all", column(0), 21, HEAD, palette.muted());
            pen.textRight("of its own", column(1), 21, HEAD, palette.muted());
            for (int i = 0; i < rates.size(); i++) {
                pen.textRight(rates.get(i).label() + " tok/s", column(2 + i), 21, HEAD, palette.muted());
            }
        }

        private String lowest() {
            return ladder.measured().isEmpty() ? "the lowest" : ladder.measured().getFirst().name();
        }

        void grid(double top, double bottom) {
            int step = largest > 12 ? 4 : largest > 6 ? 2 : 1;
            for (int factor = 0; factor <= largest; factor += step) {
                pen.line(x(factor), top, x(factor), bottom, palette.grid());
                pen.textCentred(factor + "×", x(factor), bottom + 13, SMALL, palette.muted());
            }
        }

        void row(Rung rung, double y, double height) {
            if (selected.filter(rung.id()::equals).isPresent()) {
                pen.fill(4, y + 1, width - 8, height - 2, palette.raised());
                pen.fill(4, y + 1, 3, height - 2, palette.accent());
                for (int factor = 1; factor <= largest; factor++) {
                    pen.line(x(factor), y + 1, x(factor), y + height - 1, palette.grid());
                }
            }
            boolean measured = rung.result().isPresent();
            Color ink = measured ? palette.text() : palette.muted();
            double middle = y + height / 2;
            String name = rung.layer().map(l -> l.number() == 0 ? l.name() : l.id() + "  " + l.name())
                    .orElse(rung.id());
            pen.text(pen.fit(name, TITLE, barsFrom - MARGIN - 18), MARGIN + 6, middle - 2, TITLE, ink);
            // no bars beside it: what became of the layer may take their room
            double room = (measured ? barsFrom : column(0) - 24) - MARGIN - 18;
            pen.text(pen.fit(note(rung), TEXT, room), MARGIN + 6, middle + 13, TEXT, palette.muted());
            bars(rung, middle);
            speedup(rung.cumulative(), rung, FIGURE, column(0), middle);
            speedup(rung.incremental(), rung, most.filter(rung::equals).isPresent() ? MOST : FIGURE, column(1),
                    middle);
            for (int i = 0; i < rates.size(); i++) {
                rate(rung, rates.get(i), column(2 + i), middle);
            }
        }

        private String note(Rung rung) {
            if (rung.failure().isPresent()) {
                return "failed: " + rung.failure().get();
            }
            return rung.result().map(r -> r.techniques().isEmpty()
                    ? "no techniques"
                    : r.techniques().size() + " techniques on").orElse("not in this run; the page Run measures it");
        }

        private void bars(Rung rung, double middle) {
            Optional<Double> whole = rung.cumulative().map(Speedup::factor)
                    .or(() -> isLowest(rung) ? Optional.of(1.0) : Optional.empty());
            whole.ifPresent(factor -> pen.fill(barsFrom, middle - THICK, x(factor) - barsFrom, THICK,
                    palette.accent()));
            rung.cumulative().ifPresent(s -> errors(s, middle - THICK / 2, THICK));
            if (!isLowest(rung)) {
                ExpectedSpeedup.find(expected, rung.id()).ifPresent(e -> ExpectationMark.level(pen, x(e.low()),
                        x(e.high()), middle - THICK - 5, palette));
            }
            rung.incremental().ifPresent(s -> {
                pen.fill(barsFrom, middle + 4, x(s.factor()) - barsFrom, THIN, palette.muted());
                errors(s, middle + 4 + THIN / 2, THIN);
            });
        }

        private boolean isLowest(Rung rung) {
            return !ladder.measured().isEmpty() && ladder.measured().getFirst().equals(rung);
        }

        private void errors(Speedup speedup, double y, double thickness) {
            if (speedup.repeated()) {
                double half = thickness / 2 - 1;
                pen.line(x(speedup.low()), y, x(speedup.high()), y, palette.text());
                pen.line(x(speedup.low()), y - half, x(speedup.low()), y + half, palette.text());
                pen.line(x(speedup.high()), y - half, x(speedup.high()), y + half, palette.text());
            }
        }

        private void speedup(Optional<Speedup> speedup, Rung rung, Font font, double right, double middle) {
            if (speedup.isEmpty()) {
                String text = isLowest(rung) ? "1" : "–";
                pen.textRight(text, right, middle - 2, FIGURE, palette.muted());
                return;
            }
            Speedup s = speedup.get();
            boolean slower = s.factor() < 1 && !s.withinNoise();
            pen.textRight((slower ? "▼ " : "") + times(s.factor()), right, middle - 2, font,
                    slower ? palette.bad() : font.isBold() ? palette.accent() : palette.text());
            pen.textRight(s.withinNoise() ? "within noise" : range(s), right, middle + 13, SMALL, palette.muted());
        }

        private void rate(Rung rung, RunPhase phase, double right, double middle) {
            String text = rung.result().flatMap(phase::tokensPerSecond)
                    .map(rate -> String.format(Locale.ROOT, rate < 1000 ? "%,.1f" : "%,.0f", rate)).orElse("–");
            pen.textRight(text, right, middle - 2, FIGURE,
                    phase == ladder.phase() ? palette.text() : palette.muted());
            rung.result().flatMap(phase::timeMs)
                    .ifPresent(t -> pen.textRight(String.format(Locale.ROOT, t.p50() < 10 ? "%.3f ms" : "%.1f ms",
                            t.p50()), right, middle + 13, SMALL, palette.muted()));
        }

        void footing(double y) {
            String how = "Speedup in " + ladder.phase().label() + ": median " + ladder.phase().time() + " of "
                    + lowest()
                    + " over that of the layer.";
            String errors = "Error bars: the least and the most that the "
                    + ladder.run().report().asked().repeats() + " repeats of each allow."
                    + most.map(rung -> " Bold: the most that a layer brought of its own.").orElse("");
            pen.text(pen.fit(how, TEXT, width - 2 * MARGIN - 6), MARGIN + 6, y + 12, TEXT, palette.muted());
            pen.text(pen.fit(errors, TEXT, width - 2 * MARGIN - 6), MARGIN + 6, y + 27, TEXT, palette.muted());
            if (!expected.isEmpty()) {
                ExpectationMark.legend(pen, MARGIN + 6, y + 27 + LINE, expected.getFirst().source(), TEXT,
                        width - 2 * MARGIN - 6, palette);
            }
        }
    }
}
