package org.moelab.app.profile;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

/// The hottest instructions or source lines of a profiled kernel, in the code's order, with the share of its samples as a bar. A line
/// says how many of all they are; dots stand where rows between were left out.
///
/// @param kernel what the kernel is called
/// @param part instructions or source lines
/// @param file the source file; empty for instructions
/// @param rows the rows that are drawn
/// @param heading how many of all rows these are, and how much of the samples
/// @param origin what all rows are, what they sum to, and where their text is from
record CodeFigure(String kernel, CodePart part, String file, List<Shown> rows, String heading, String origin)
        implements
            Figure {
    /// How many rows a picture has at most.
    static final int MOST = 40;

    private static final double WIDTH = 1100;
    private static final double ROW = 18;
    private static final double TOP = 62;
    private static final double MARGIN = 14;
    private static final double PLACE = 52;
    private static final double BAR = 90;
    private static final double FIGURES = 78;
    private static final double WAITS = 120;
    private static final double LINE = 140;
    private static final Font TEXT = Fonts.text(11);
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font FIGURE = Fonts.figures(10.5);

    CodeFigure {
        rows = List.copyOf(rows);
    }

    /// A row that is drawn.
    ///
    /// @param row what it says
    /// @param apart whether rows before it were left out
    record Shown(CodeRow row, boolean apart) {}

    /// The hottest of a listing; its first rows where none has samples.
    static CodeFigure of(String kernel, CodePart part, String file, List<CodeRow> all, String origin) {
        boolean sampled = all.stream().anyMatch(r -> r.samples() > 0);
        List<Integer> chosen = IntStream.range(0, all.size()).boxed()
                .filter(i -> all.size() <= MOST || !sampled || all.get(i).samples() > 0)
                .sorted(Comparator.comparingLong((Integer i) -> -all.get(i).samples())).limit(MOST).sorted().toList();
        List<Shown> rows = IntStream.range(0, chosen.size())
                .mapToObj(i -> new Shown(all.get(chosen.get(i)),
                        chosen.get(i) > (i == 0 ? 0 : chosen.get(i - 1) + 1)))
                .toList();
        return new CodeFigure(kernel, part, file, rows, heading(part, all, rows, sampled), origin);
    }

    private static String heading(CodePart part, List<CodeRow> all, List<Shown> rows, boolean sampled) {
        String what = part == CodePart.SOURCE ? "lines" : "instructions";
        if (rows.size() == all.size()) {
            return String.format(Locale.ROOT, "all %,d %s", all.size(), what);
        }
        if (!sampled) {
            return String.format(Locale.ROOT, "the first %,d of %,d %s; none was sampled", rows.size(), all.size(),
                    what);
        }
        double share = rows.stream().mapToDouble(r -> r.row().share()).sum();
        return String.format(Locale.ROOT,
                "the %,d hottest of %,d %s, in the code's order: %.1f %% of the kernel's samples",
                rows.size(), all.size(), what, share * 100);
    }

    @Override
    public String title() {
        return part.title() + " of " + kernel + (file.isEmpty() ? "" : ", " + file);
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return TOP + ROW * rows.size() + 14;
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Painter painter = new Painter(new Pen(g), palette, width);
        painter.pen.fill(0, 0, width, height, palette.panel());
        painter.headings();
        double y = TOP;
        for (Shown shown : rows) {
            painter.row(shown, y);
            y += ROW;
        }
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final double width;
        private final double bar = MARGIN + PLACE;
        private final double share = bar + BAR + 56;
        private final double samples = share + FIGURES - 14;
        private final double executed = samples + FIGURES;
        private final double waits = executed + 16;
        private final double line = waits + WAITS;
        private final double text = part == CodePart.SOURCE ? line : line + LINE;
        private final double hottest = rows.stream().mapToDouble(r -> r.row().share()).filter(s -> s > 0).max()
                .orElse(1);

        Painter(Pen pen, Palette palette, double width) {
            this.pen = pen;
            this.palette = palette;
            this.width = width;
        }

        void headings() {
            pen.text(pen.fit(heading, HEAD, width - 2 * MARGIN), MARGIN, 15, HEAD, palette.text());
            pen.text(pen.fit(origin, TEXT, width - 2 * MARGIN), MARGIN, 31, TEXT, palette.muted());
            boolean source = part == CodePart.SOURCE;
            pen.text(source ? "line" : "offset", MARGIN, TOP - 9, HEAD, palette.muted());
            pen.text("share of samples", bar, TOP - 9, HEAD, palette.muted());
            pen.textRight("samples", samples, TOP - 9, HEAD, palette.muted());
            pen.textRight("executed", executed, TOP - 9, HEAD, palette.muted());
            pen.text("waits", waits, TOP - 9, HEAD, palette.muted());
            if (!source) {
                pen.text("from line", line, TOP - 9, HEAD, palette.muted());
            }
            pen.text(source ? "source" : "instruction", text, TOP - 9, HEAD, palette.muted());
            pen.line(MARGIN, TOP - 3, width - MARGIN, TOP - 3, palette.line());
        }

        void row(Shown shown, double y) {
            CodeRow row = shown.row();
            double base = y + ROW - 5;
            if (shown.apart()) {
                pen.line(MARGIN, y, width - MARGIN, y, palette.line(), 1f, 2f, 4f);
            }
            pen.text(row.place(), MARGIN, base, FIGURE, palette.muted());
            if (row.share() > 0) {
                pen.fill(bar, y + 4, Math.max(1, BAR * row.share() / hottest), 10, palette.accent());
                pen.textRight(String.format(Locale.ROOT, "%.2f %%", row.share() * 100), share, base, FIGURE,
                        palette.text());
            }
            if (row.samples() > 0) {
                pen.textRight(String.format(Locale.ROOT, "%,d", row.samples()), samples, base, FIGURE, palette.text());
            }
            if (row.instructions() > 0) {
                pen.textRight(String.format(Locale.ROOT, "%,d", row.executed()), executed, base, FIGURE,
                        palette.muted());
            }
            pen.text(pen.fit(row.mostly(), TEXT, WAITS - 8), waits, base, TEXT, palette.muted());
            if (part != CodePart.SOURCE) {
                pen.text(pen.fit(row.lineLabel(), TEXT, LINE - 8), line, base, TEXT, palette.muted());
            }
            pen.text(pen.fit(row.text().replace("\t", "    "), FIGURE, width - MARGIN - text), text, base, FIGURE,
                    palette.text());
        }
    }
}
