package org.moelab.app.compare;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;
import org.moelab.traces.compare.Comparison;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.compare.Row;
import org.moelab.traces.compare.StepDelta;
import org.moelab.traces.compare.WallTime;
import org.moelab.traces.compare.Waterfall;
import org.moelab.traces.compare.Waterfall.Bar;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.Unit;

import javafx.scene.paint.Color;

/// The way from A's device time to B's: the rows with the largest differences each a bar, the others one, so that they sum
/// exactly.
///
/// @param nameA what people call A
/// @param nameB what people call B
/// @param comparison what is drawn
/// @param selected the kernel that is marked, by name
public record CompareFigure(String nameA, String nameB, Comparison comparison, Optional<String> selected)
        implements
            Figure {
    private static final double MARGIN = 12;
    private static final double TOP = 38;
    private static final double BOTTOM = 42;
    private static final double ROW = 22;
    private static final double LEAST_ROW = 17;
    private static final double FIGURES = 118;
    private static final int USUAL_ROWS = 12;
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font TEXT = Fonts.text(10.5);
    private static final Font FIGURE = Fonts.figures(10);
    private static final Font SMALL = Fonts.figures(9);

    @Override
    public String title() {
        return "From " + nameA + " to " + nameB + ": device time by " + by(comparison.by());
    }

    @Override
    public double preferredWidth() {
        return 1040;
    }

    @Override
    public double preferredHeight() {
        return TOP + BOTTOM + ROW * (2 + Math.min(USUAL_ROWS + 1, changed().size()));
    }

    /// What rows of a grouping are called.
    static String by(Grouping grouping) {
        return switch (grouping) {
            case KERNEL -> "kernel";
            case RANGE -> "range";
            case KIND -> "kind of work";
        };
    }

    /// What became of a row, with a sign, so that no colour need tell it.
    static String change(Row row) {
        return switch (row.change()) {
            case ADDED -> "+ added";
            case REMOVED -> "− removed";
            case FUSED -> "⇒ fused";
            case SPLIT -> "⇐ split";
            case MATCHED -> isNoise(row)
                    ? "≈ within noise"
                    : row.deltaNs() == 0 ? "= same" : row.deltaNs() > 0 ? "▲ longer" : "▼ shorter";
        };
    }

    /// Whether the spread between the steps of both alone explains the difference.
    static boolean isNoise(Row row) {
        return row.perStep().filter(StepDelta::withinNoise).isPresent();
    }

    /// The name of a row, kernels as short as they stay clear.
    static String label(Row row, Grouping by) {
        if (by != Grouping.KERNEL) {
            return row.name();
        }
        String a = labels(row.namesA());
        String b = labels(row.namesB());
        return a.isEmpty() ? b : b.isEmpty() || row.namesA().equals(row.namesB()) ? a : a + " → " + b;
    }

    private static String labels(List<String> names) {
        return names.stream().map(n -> FunctionName.parse(n).label()).collect(Collectors.joining(" + "));
    }

    private List<Row> changed() {
        return comparison.rows().stream().filter(r -> r.deltaNs() != 0).toList();
    }

    /// How many rows have a bar of their own at a height.
    private int own(double height) {
        int room = Math.max(2, (int) ((height - TOP - BOTTOM) / LEAST_ROW) - 2);
        return changed().size() <= room ? changed().size() : room - 1;
    }

    /// Lines of the picture: both totals, the rows, the others.
    private int lines(double height) {
        int own = own(height);
        return own + (own < changed().size() ? 1 : 0) + 2;
    }

    private double rowHeight(double height) {
        return Math.min(ROW * 1.3, (height - TOP - BOTTOM) / lines(height));
    }

    /// The row whose bar is at a height.
    Optional<Row> rowAt(double y, double height) {
        int line = (int) Math.floor((y - TOP) / rowHeight(height)) - 1;
        return line >= 0 && line < own(height) ? Optional.of(changed().get(line)) : Optional.empty();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        new Painter(pen, palette, width, Waterfall.ofDeviceTime(comparison, own(height))).paint(height);
    }

    private static String ms(double ns) {
        return String.format(Locale.ROOT, "%,.3f", ns / 1e6);
    }

    private static String signed(long ns) {
        return (ns > 0 ? "+" : ns < 0 ? "−" : "") + ms(Math.abs((double) ns));
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final double width;
        private final Waterfall waterfall;
        private final double from;
        private final double to;
        private final double most;

        Painter(Pen pen, Palette palette, double width, Waterfall waterfall) {
            this.pen = pen;
            this.palette = palette;
            this.width = width;
            this.waterfall = waterfall;
            this.from = MARGIN + Math.clamp(width * 0.36, 140, 420);
            this.to = Math.max(from + 60, width - MARGIN - FIGURES - 84);
            long highest = Math.max(waterfall.startNs(), waterfall.endNs());
            for (Bar bar : waterfall.bars()) {
                highest = Math.max(highest, Math.max(bar.fromNs(), bar.toNs()));
            }
            this.most = Math.max(1, highest);
        }

        private double x(double ns) {
            return from + (to - from) * ns / most;
        }

        private double x(long ns) {
            return x((double) ns);
        }

        void paint(double height) {
            pen.text("Device time in ms, by " + by(comparison.by()), MARGIN, 18, HEAD, palette.text());
            pen.textRight("change", width - MARGIN - FIGURES + 24, 18, HEAD, palette.muted());
            pen.textRight("ms", width - MARGIN, 18, HEAD, palette.muted());
            double high = rowHeight(height);
            double y = TOP;
            grid(TOP, TOP + high * lines(height));
            total("A  " + nameA, waterfall.startNs(), y, high, palette.muted());
            List<Row> rows = changed();
            for (int i = 0; i < waterfall.bars().size(); i++) {
                y += high;
                Bar bar = waterfall.bars().get(i);
                pen.line(x(bar.fromNs()), y - 4, x(bar.fromNs()), y + 4, palette.muted(), 1f, 2, 2);
                step(bar, i < own(height) ? Optional.of(rows.get(i)) : Optional.empty(), y, high);
            }
            y += high;
            total("B  " + nameB, waterfall.endNs(), y, high, palette.accent());
            notes(height);
        }

        private void grid(double top, double bottom) {
            double raw = most / 6;
            double power = Math.pow(10, Math.floor(Math.log10(raw)));
            double digit = raw / power;
            double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
            for (double ns = 0; ns <= most; ns += step) {
                pen.line(x(ns), top, x(ns), bottom, palette.grid());
                pen.textCentred(
                        String.format(Locale.ROOT, step < 1e5 ? "%.2f" : step < 1e6 ? "%.1f" : "%.0f", ns / 1e6),
                        x(ns), top - 5, SMALL, palette.muted());
            }
        }

        private void total(String name, long ns, double y, double high, Color color) {
            pen.text(pen.fit(name, HEAD, from - MARGIN - 8), MARGIN, y + high / 2 + 4, HEAD, palette.text());
            pen.fill(from, y + 3, x(ns) - from, high - 6, color);
            pen.textRight(ms((double) ns), width - MARGIN, y + high / 2 + 4, FIGURE, palette.text());
        }

        private void step(Bar bar, Optional<Row> row, double y, double high) {
            boolean noise = row.filter(CompareFigure::isNoise).isPresent();
            if (row.isPresent() && selected.filter(s -> row.get().namesA().contains(s)
                    || row.get().namesB().contains(s)).isPresent()) {
                pen.fill(4, y, width - 8, high, palette.raised());
                pen.fill(4, y, 3, high, palette.accent());
            }
            Color color = noise ? palette.muted() : bar.deltaNs() > 0 ? palette.bad() : palette.good();
            double left = x(Math.min(bar.fromNs(), bar.toNs()));
            double right = x(Math.max(bar.fromNs(), bar.toNs()));
            pen.fill(left, y + 3, Math.max(1, right - left), high - 6, color);
            double middle = y + high / 2 + 4;
            String name = row.map(r -> label(r, comparison.by())).orElse(bar.label() + ", summed");
            pen.text(pen.fit(name, FIGURE, from - MARGIN - 8), MARGIN, middle, FIGURE,
                    noise ? palette.muted() : palette.text());
            pen.textRight(row.map(CompareFigure::change).orElse(""), width - MARGIN - FIGURES + 24, middle, FIGURE,
                    palette.muted());
            pen.textRight(signed(bar.deltaNs()), width - MARGIN, middle, FIGURE,
                    noise ? palette.muted() : palette.text());
        }

        private void notes(double height) {
            String sum = String.format(Locale.ROOT, "Exact: %,d ns in A %s %,d ns in %s = %,d ns in B",
                    waterfall.startNs(), comparison.deltaNs() < 0 ? "−" : "+", Math.abs(comparison.deltaNs()),
                    Unit.counted(comparison.rows().size(), "row"), waterfall.endNs());
            pen.text(pen.fit(sum + wall(), TEXT, width - 2 * MARGIN), MARGIN, height - 24, TEXT, palette.text());
            pen.text(pen.fit(noise(comparison), TEXT, width - 2 * MARGIN), MARGIN, height - 9, TEXT,
                    palette.muted());
        }

        private String wall() {
            Optional<WallTime> a = comparison.a().wall();
            Optional<WallTime> b = comparison.b().wall();
            if (a.isEmpty() || b.isEmpty()) {
                return "";
            }
            long overlapA = a.get().overlapNs();
            long overlapB = b.get().overlapNs();
            return " · first to last work: " + ms((double) a.get().wallNs()) + " ms in A, "
                    + ms((double) b.get().wallNs()) + " ms in B"
                    + (overlapA + overlapB == 0
                            ? ""
                            : " · counted twice, as work overlaps: " + ms((double) overlapA) + " and "
                                    + ms((double) overlapB) + " ms");
        }
    }

    /// What is known of the noise.
    static String noise(Comparison comparison) {
        List<String> counts = new ArrayList<>();
        counts.add(Unit.counted(comparison.a().steps(), "step") + " in A");
        counts.add(Unit.counted(comparison.b().steps(), "step") + " in B");
        return comparison.hasSteps()
                ? "Grey: within the spread between steps, " + String.join(", ", counts)
                : "No repeated steps in both (" + String.join(", ", counts)
                        + "): which differences are noise is not known";
    }
}
