package org.moelab.app.profile;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.profile.KernelProfile.Rule;
import org.moelab.app.profile.Measure.Section;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Unit;

import javafx.scene.paint.Color;

/// A profiled kernel: how near it comes to the peaks, its occupancy, what its warps wait for, what moved between the levels of
/// memory, how it was launched, and what Nsight Compute's rules say. The baseline is a thin bar and a grey figure beside each.
///
/// @param profile the kernel
/// @param baseline the kernel that it is held against
public record ProfileFigure(KernelProfile profile, Optional<KernelProfile> baseline) implements Figure {
    private static final double WIDTH = 1000;
    private static final double ROW = 21;
    private static final double MARGIN = 14;
    private static final double HEAD_ROOM = 26;
    private static final int RULES = 6;
    private static final double GAP = 10;
    private static final double FACT = 200;
    private static final double LEAST_BARS = 30;
    private static final Font TEXT = Fonts.text(11);
    private static final Font HEAD = Fonts.bold(11);
    private static final Font FIGURE = Fonts.figures(10.5);
    private static final double MEMORY_HEIGHT = 132;

    @Override
    public String title() {
        return "Profile of " + profile.label() + baseline.map(b -> " against " + b.label()).orElse("");
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return upperHeight() + MEMORY_HEIGHT + HEAD_ROOM + 4 * ROW + rulesHeight() + 20;
    }

    private double upperHeight() {
        double left = 2 * HEAD_ROOM + (rows(Section.SPEED_OF_LIGHT) + rows(Section.OCCUPANCY)) * ROW + 10;
        double right = HEAD_ROOM + rows(Section.STALLS) * ROW;
        return Math.max(left, right) + 16;
    }

    private double rulesHeight() {
        return profile.rules().isEmpty() ? 0 : HEAD_ROOM + Math.min(RULES, profile.rules().size()) * ROW;
    }

    private int rows(Section section) {
        return Math.max(1, profile.of(section).size());
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Painter painter = new Painter(new Pen(g), palette, width);
        painter.pen.fill(0, 0, width, height, palette.panel());
        double column = (width - 3 * MARGIN) / 2;
        double y = painter.bars("Speed of light, % of peak", Section.SPEED_OF_LIGHT, MARGIN, 0, column, 100);
        String limit = profile.limitedBy().isEmpty() ? "" : ", limited by " + profile.limitedBy();
        painter.bars("Occupancy" + limit, Section.OCCUPANCY, MARGIN, y + 10, column, 100);
        double most = profile.of(Section.STALLS).stream().mapToDouble(Measure::value).max().orElse(100);
        painter.bars("Stall reasons, % of warps' time", Section.STALLS, 2 * MARGIN + column, 0, column, most);
        painter.memory(upperHeight());
        double below = painter.launch(upperHeight() + MEMORY_HEIGHT);
        painter.rules(below);
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final double width;

        Painter(Pen pen, Palette palette, double width) {
            this.pen = pen;
            this.palette = palette;
            this.width = width;
        }

        private void heading(String text, double x, double y, double room) {
            pen.text(pen.fit(text, HEAD, room), x, y + 18, HEAD, palette.text());
        }

        /// Rows of bars; gives where they end. Figures that are no percentages have no bar.
        double bars(String title, Section section, double x, double top, double room, double full) {
            heading(title, x, top, room);
            double y = top + HEAD_ROOM;
            List<Measure> measures = profile.of(section);
            if (measures.isEmpty()) {
                pen.text(pen.fit("not collected; ncu --set full does", TEXT, room), x, y + 14, TEXT, palette.muted());
                return y + ROW;
            }
            double barX = x + Math.min(labels(section), room * 0.45);
            double figures = figures(profile, section);
            double before = baseline.map(b -> figures(b, section)).orElse(0.0);
            boolean both = before > 0 && room - (barX - x) - figures - before >= LEAST_BARS;
            double barRoom = room - (barX - x) - figures - (both ? before : 0);
            Bars at = new Bars(x, barX, barRoom, barX + barRoom + figures, x + room, full, both);
            for (Measure m : measures) {
                bar(m, at, y);
                y += ROW;
            }
            return y;
        }

        /// Where a section's bars and figures are, and whether there is room for the baseline's.
        private record Bars(double left, double from, double room, double figures, double right, double full,
                boolean baseline) {}

        /// The width of the names that stand above one another with a section's: bars begin in one line.
        private double labels(Section section) {
            return GAP + column(profile, section).mapToDouble(m -> pen.width(m.label(), TEXT)).max().orElse(0);
        }

        private double figures(KernelProfile of, Section section) {
            return column(of, section).mapToDouble(m -> GAP + pen.width(m.text(), FIGURE)).max().orElse(0);
        }

        /// The figures that stand above one another with a section's.
        private Stream<Measure> column(KernelProfile of, Section section) {
            return Stream.of(Section.SPEED_OF_LIGHT, Section.OCCUPANCY, Section.STALLS)
                    .filter(s -> (s == Section.STALLS) == (section == Section.STALLS)).flatMap(s -> of.of(s).stream());
        }

        private void bar(Measure m, Bars at, double y) {
            Optional<Measure> before = baseline.flatMap(b -> b.find(m.section(), m.label()));
            pen.text(pen.fit(m.label(), TEXT, at.from - at.left - 8), at.left, y + 14, TEXT, palette.muted());
            if (m.unit() == Unit.PERCENT) {
                pen.fill(at.from, y + 4, at.room, 12, palette.grid());
                pen.fill(at.from, y + 4, length(m, at), before.isPresent() ? 7 : 12, palette.accent());
                before.ifPresent(b -> pen.fill(at.from, y + 12, length(b, at), 4, palette.muted()));
            }
            pen.textRight(m.text(), at.figures, y + 14, FIGURE, palette.text());
            before.filter(_ -> at.baseline)
                    .ifPresent(b -> pen.textRight(b.text(), at.right, y + 14, FIGURE, palette.muted()));
        }

        private double length(Measure m, Bars at) {
            return at.room * Math.clamp(m.value() / at.full, 0, 1);
        }

        /// The first of several figures, from the fullest to the shortest, that fits.
        private String fitting(double room, String... figures) {
            for (String figure : figures) {
                if (pen.width(figure, FIGURE) <= room) {
                    return figure;
                }
            }
            return pen.fit(figures[figures.length - 1], FIGURE, room);
        }

        /// The levels as boxes, what was read over them and what was written under them.
        void memory(double top) {
            heading("Memory, bytes between levels and hit rates", MARGIN, top, width - 2 * MARGIN);
            List<String> levels = List.of("Kernel", "L1", "L2", "DRAM");
            double box = Math.min(110, width * 0.11);
            double gap = (width - 2 * MARGIN - levels.size() * box) / (levels.size() - 1);
            double y = top + HEAD_ROOM + 8;
            double tall = MEMORY_HEIGHT - HEAD_ROOM - 28;
            for (int i = 0; i < levels.size(); i++) {
                double x = MARGIN + i * (box + gap);
                pen.fill(x, y, box, tall, palette.raised());
                pen.textCentred(levels.get(i), x + box / 2, y + tall / 2 - 4, HEAD, palette.text());
                profile.find(Section.MEMORY, levels.get(i) + " hit rate")
                        .ifPresent(m -> pen.textCentred(fitting(box - 4, m.text() + " hits", m.text()), x + box / 2,
                                y + tall / 2 + 13, FIGURE,
                                palette.muted()));
                if (i > 0) {
                    String from = levels.get(i - 1);
                    arrow(from + " reads from " + levels.get(i), x - 6, x - gap + 6, y + tall * 0.3, "read");
                    arrow(from + " writes to " + levels.get(i), x - gap + 6, x - 6, y + tall * 0.8, "written");
                }
            }
        }

        private void arrow(String label, double from, double to, double y, String verb) {
            Optional<Measure> moved = profile.find(Section.MEMORY, label);
            Color color = moved.isPresent() ? palette.accent() : palette.line();
            double head = to > from ? -6 : 6;
            pen.line(from, y, to, y, color, 1.5f);
            pen.line(to, y, to + head, y - 4, color, 1.5f);
            pen.line(to, y, to + head, y + 4, color, 1.5f);
            String figure = moved.map(Measure::text).orElse("not collected");
            String text = moved.isPresent() ? figure + " " + verb : figure;
            String before = baseline.flatMap(b -> b.find(Section.MEMORY, label)).map(b -> ", was " + b.text())
                    .orElse("");
            double room = Math.abs(to - from) + 6;
            Font font = moved.isPresent() ? FIGURE : TEXT;
            pen.textCentred(moved.isPresent() ? fitting(room, text + before, text, figure) : pen.fit(text, font, room),
                    (from + to) / 2, y - 6, font,
                    moved.isPresent() ? palette.text() : palette.muted());
        }

        /// Facts in a row of columns; gives where they end.
        double launch(double top) {
            heading("Launch", MARGIN, top, width);
            List<Measure> facts = profile.of(Section.LAUNCH);
            int columns = Math.clamp((long) ((width - 2 * MARGIN) / FACT), 2, 4);
            double column = (width - 2 * MARGIN) / columns;
            for (int i = 0; i < facts.size(); i++) {
                Measure fact = facts.get(i);
                double x = MARGIN + i % columns * column;
                double y = top + HEAD_ROOM + Math.floorDiv(i, columns) * ROW + 13;
                pen.text(fact.label(), x, y, TEXT, palette.muted());
                String before = baseline.flatMap(b -> b.find(Section.LAUNCH, fact.label())).map(Measure::text)
                        .filter(t -> !t.equals(fact.text())).map(t -> "  was " + t).orElse("");
                double after = x + pen.width(fact.label(), TEXT) + 8;
                pen.text(fitting(x + column - after - 6, fact.text() + before, fact.text()), after, y, FIGURE,
                        palette.text());
            }
            return top + HEAD_ROOM + Math.ceilDiv(Math.max(1, facts.size()), columns) * ROW + 4;
        }

        void rules(double top) {
            if (profile.rules().isEmpty()) {
                return;
            }
            heading("Rules of Nsight Compute, with its own estimates", MARGIN, top, width - 2 * MARGIN);
            double y = top + HEAD_ROOM;
            for (Rule rule : profile.rules().subList(0, Math.min(RULES, profile.rules().size()))) {
                pen.text(pen.fit(rule.title() + ": " + rule.text(), TEXT, width - 2 * MARGIN - 190), MARGIN, y + 14,
                        TEXT,
                        palette.text());
                pen.textRight(rule.speedup(), width - MARGIN, y + 14, FIGURE, palette.muted());
                y += ROW;
            }
        }
    }
}
