package org.moelab.app.inference;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.CacheSize;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.scene.paint.Color;

/// Bytes of the key-value cache against the tokens that each sequence holds: analytic lines, and what the layer allocated.
///
/// @param sizes the forms that are drawn
/// @param sequences of the batch
/// @param context tokens that each sequence of the run held in the end
/// @param allocated what the layer allocated for its cache; empty where nothing tells
/// @param weights what weights took of the device; empty where nothing tells
record CacheFigure(List<CacheSize> sizes, int sequences, int context, Optional<Long> allocated,
        Optional<Long> weights) implements Figure {
    private static final double LEFT = 58;
    private static final double RIGHT = 16;
    private static final double TOP = 40;
    private static final double BOTTOM = 64;
    private static final double LEAST_TOKENS = 128;
    private static final double MOST_TOKENS = 131_072;
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font TEXT = Fonts.text(10);
    private static final Font FIGURE = Fonts.figures(9);

    CacheFigure {
        sizes = List.copyOf(sizes);
    }

    @Override
    public String title() {
        return "Key-value cache by context";
    }

    @Override
    public double preferredWidth() {
        return 380;
    }

    @Override
    public double preferredHeight() {
        return 300;
    }

    private double mostTokens() {
        return Math.max(MOST_TOKENS, context);
    }

    private double leastTokens() {
        return Math.min(LEAST_TOKENS, context);
    }

    /// A power of ten under all that is drawn.
    private double leastBytes() {
        double least = sizes.stream().mapToDouble(s -> s.bytes(leastTokens(), sequences)).min().orElse(1e6);
        return Math.pow(10, Math.floor(Math.log10(least)));
    }

    private double mostBytes() {
        double most = Math.max(weights.orElse(0L) * 1.6,
                sizes.stream().mapToDouble(s -> s.bytes(mostTokens(), sequences)).max().orElse(1e9));
        return Math.pow(10, Math.ceil(Math.log10(most)));
    }

    /// Tokens at a place; empty beside the plot.
    Optional<Double> tokensAt(double x, double width) {
        double at = (x - LEFT) / (width - LEFT - RIGHT);
        return at < 0 || at > 1
                ? Optional.empty()
                : Optional.of(leastTokens() * Math.pow(mostTokens() / leastTokens(), at));
    }

    /// What the lines say at so many tokens.
    String describe(double tokens) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%,.0f tokens × %d", tokens, sequences));
        sizes.forEach(s -> text.append(String.format(Locale.ROOT, "%n%s %s (analytic: %,d B a token)", s.name(),
                Unit.BYTES.format(s.bytes(tokens, sequences)), s.tokenBytes())));
        return text.toString();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        new Painter(new Pen(g), palette, width, height).paint();
    }

    /// The lines as a table, at powers of two and at the run's own context.
    ReportTable table() {
        ReportTable.Builder table = ReportTable.builder(
                Column.whole("Context (tokens)", Unit.COUNT, "tokens that each sequence holds"),
                Column.whole("Sequences", Unit.COUNT, "of the batch"),
                Column.text("Form", "what the cache holds"),
                Column.whole("Bytes", Unit.BYTES,
                        "analytic: every layer keeps every token; allocated: what the run held"),
                Column.text("Basis", "analytic, or allocated in the run"));
        for (CacheSize size : sizes) {
            for (int tokens = (int) LEAST_TOKENS; tokens <= MOST_TOKENS; tokens *= 2) {
                table.row(tokens, sequences, size.name(), (long) size.bytes(tokens, sequences), "analytic");
            }
        }
        allocated.ifPresent(bytes -> table.row(context, sequences, "of this run", bytes, "allocated"));
        weights.ifPresent(bytes -> table.row(ReportTable.Cell.Missing.MISSING, ReportTable.Cell.Missing.MISSING,
                "weights", bytes, "allocated"));
        return table.build();
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final double width;
        private final double right;
        private final double height;
        private final double bottom;
        private final double least = leastBytes();
        private final double most = mostBytes();

        Painter(Pen pen, Palette palette, double width, double height) {
            this.pen = pen;
            this.palette = palette;
            this.width = width;
            this.right = width - RIGHT;
            this.height = height;
            this.bottom = Math.max(TOP + 20, height - BOTTOM);
        }

        private double x(double tokens) {
            return LEFT + (right - LEFT) * Math.log(tokens / leastTokens()) / Math.log(mostTokens() / leastTokens());
        }

        private double y(double bytes) {
            return bottom - (bottom - TOP) * Math.log(bytes / least) / Math.log(most / least);
        }

        void paint() {
            pen.fill(0, 0, width, height, palette.panel());
            pen.text(pen.fit("KV cache by context, analytic", HEAD, width - 24), 12, 18, HEAD, palette.text());
            grid();
            weights.ifPresent(bytes -> weights((double) bytes));
            line(0, palette.text());
            line(1, palette.accent(), 5, 3);
            allocated.ifPresent(bytes -> run((double) bytes));
            notes();
        }

        private void grid() {
            for (double bytes = least; bytes <= most * 1.01; bytes *= 10) {
                pen.line(LEFT, y(bytes), right, y(bytes), palette.grid());
                pen.textRight(Unit.BYTES.format(bytes).replaceFirst("\\.0+ ", " "), LEFT - 6, y(bytes) + 3, FIGURE,
                        palette.muted());
            }
            for (double tokens = LEAST_TOKENS; tokens <= mostTokens(); tokens *= 4) {
                pen.line(x(tokens), TOP, x(tokens), bottom, palette.grid());
                String label = tokens < 1024
                        ? String.format(Locale.ROOT, "%.0f", tokens)
                        : String.format(Locale.ROOT, "%.0fk", tokens / 1024);
                pen.textCentred(label, x(tokens), bottom + 12, FIGURE, palette.muted());
            }
            pen.textRight("tokens held", right, bottom + 24, TEXT, palette.muted());
        }

        private void line(int index, Color color, float... dashes) {
            if (index >= sizes.size()) {
                return;
            }
            CacheSize size = sizes.get(index);
            double from = y(size.bytes(leastTokens(), sequences));
            double to = y(size.bytes(mostTokens(), sequences));
            pen.line(x(leastTokens()), from, x(mostTokens()), to, color, 1.6f, dashes);
            double at = 0.66;
            double x = LEFT + (right - LEFT) * at;
            double y = from + (to - from) * at;
            if (index == 0) {
                pen.textRight(size.name(), x - 6, y - 4, HEAD, color);
            } else {
                pen.text(size.name(), x + 8, y + 14, HEAD, color);
            }
        }

        private void weights(double bytes) {
            pen.line(LEFT, y(bytes), right, y(bytes), palette.muted(), 1.2f, 2, 2);
            pen.text("weights on the device " + Unit.BYTES.format(bytes), LEFT + 4, y(bytes) - 4, TEXT,
                    palette.muted());
        }

        private void run(double bytes) {
            double x = x(context);
            double y = y(bytes);
            pen.line(x, y, x, bottom, palette.warn(), 1f, 2, 2);
            pen.line(x - 5, y, x + 5, y, palette.warn(), 2f);
            pen.line(x, y - 5, x, y + 5, palette.warn(), 2f);
            String words = String.format(Locale.ROOT, "this run: %,d tokens, %s", context, Unit.BYTES.format(bytes));
            double base = Math.min(y + 16, bottom - 6);
            pen.fill(x + 8, base - 11, pen.width(words, TEXT) + 4, 14, palette.panel()); // lines pass behind it
            pen.text(words, x + 10, base, TEXT, palette.text());
        }

        private void notes() {
            double room = width - 24;
            pen.text(pen.fit("2 × KV heads × head size × bytes × layers"
                    + (sequences == 1 ? "" : " × " + sequences + " sequences") + "; FP8: + 2 bytes a head", TEXT, room),
                    12, bottom + 40, TEXT, palette.muted());
            pen.text(pen.fit("Layers with a sliding window keep all tokens, too.", TEXT, room), 12, bottom + 54, TEXT,
                    palette.muted());
        }
    }
}
