package org.moelab.app.inference;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.OperationFloors;
import org.moelab.app.run.OperationFloors.Row;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;

/// What each operation took, above the least that its bytes and FLOPs allow: the one that loses the most first.
///
/// @param step what a step is
/// @param floors what is drawn; empty where the run lacks it
/// @param missing what is said in its place
/// @param selected the operation that is marked
record FloorsFigure(String step, Optional<OperationFloors> floors, String missing, Optional<String> selected)
        implements
            Figure {
    private static final double MARGIN = 12;
    private static final double TOP = 52;
    private static final double BOTTOM = 24;
    private static final double ROW = 21;
    private static final double MOST_ROW = 27;
    private static final double LEAST_ROW = 17;
    private static final double FIGURES = 152;
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font TEXT = Fonts.text(10);
    private static final Font FIGURE = Fonts.figures(9.5);

    @Override
    public String title() {
        return "Operations against their floors";
    }

    @Override
    public double preferredWidth() {
        return 1040;
    }

    @Override
    public double preferredHeight() {
        return TOP + BOTTOM + ROW * floors.map(f -> f.measured().size()).orElse(1);
    }

    private static double names(double width) {
        return Math.clamp(width * 0.3, 120, 210);
    }

    /// How many rows have room; the rest is summed in one more.
    private int shown(double height) {
        int all = floors.map(f -> f.measured().size()).orElse(0);
        int room = Math.max(1, (int) ((height - TOP - BOTTOM) / LEAST_ROW));
        return all <= room ? all : room - 1;
    }

    private double row(double height) {
        int all = floors.map(f -> f.measured().size()).orElse(0);
        int rows = shown(height) + (shown(height) < all ? 1 : 0);
        return Math.min(MOST_ROW, (height - TOP - BOTTOM) / Math.max(1, rows));
    }

    /// The operation whose row is at a height.
    Optional<Row> rowAt(double y, double height) {
        int index = (int) Math.floor((y - TOP) / row(height));
        return floors.filter(_ -> index >= 0 && index < shown(height)).map(f -> f.measured().get(index));
    }

    /// What a row says on hover: its figures with their formulas.
    static String describe(Row row) {
        return String.format(Locale.ROOT,
                "%s (%s)%nmeasured %.2f µs a step%nbytes ÷ bandwidth %.2f µs, FLOPs ÷ rate %.2f µs: floor by %s%n"
                        + "lost %.2f µs = measured − floor",
                row.name(), row.implementation(), row.measuredUs().orElse(Double.NaN), row.bytesUs(), row.flopsUs(),
                row.bound(), row.lostUs().orElse(Double.NaN));
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        pen.text(headingText(), MARGIN, 18, HEAD, palette.text());
        if (floors.isEmpty() || floors.get().measured().isEmpty()) {
            pen.paragraph(missing, MARGIN, 38, width - 2 * MARGIN, TEXT, palette.muted());
            return;
        }
        new Painter(pen, palette, floors.get(), width).paint(height);
    }

    private String headingText() {
        return "Measured against the floor, µs a " + step;
    }

    private static String us(double us) {
        return String.format(Locale.ROOT, Math.abs(us) < 100 ? "%,.1f" : "%,.0f", us);
    }

    private final class Painter {
        private final Pen pen;
        private final Palette palette;
        private final OperationFloors all;
        private final double width;
        private final double from;
        private final double to;
        private double most;

        Painter(Pen pen, Palette palette, OperationFloors all, double width) {
            this.pen = pen;
            this.palette = palette;
            this.all = all;
            this.width = width;
            this.from = MARGIN + names(width);
            this.to = Math.max(from + 40, width - MARGIN - FIGURES);
        }

        void paint(double height) {
            heading();
            List<Row> rows = all.measured();
            int own = shown(height);
            List<Row> others = rows.subList(own, rows.size());
            double othersUs = others.stream().mapToDouble(r -> r.measuredUs().orElseThrow()).sum();
            most = Math.max(Math.max(1e-9, othersUs), rows.stream()
                    .mapToDouble(r -> Math.max(r.measuredUs().orElseThrow(), r.floorUs())).max().orElse(1));
            double high = row(height);
            double y = TOP;
            for (Row row : rows.subList(0, own)) {
                boolean marked = selected.filter(row.name()::equals).isPresent();
                if (marked) {
                    pen.fill(4, y, width - 8, high, palette.raised());
                    pen.fill(4, y, 3, high, palette.accent());
                }
                pen.fill(MARGIN, y + high / 2 - 4, 8, 8,
                        palette.of(OperationKind.ofLabel(row.kind()).orElse(OperationKind.OTHER)));
                bars(row.name(), row.measuredUs().orElseThrow(), row.floorUs(), y, high);
                y += high;
            }
            if (!others.isEmpty()) {
                bars(others.size() + " others", othersUs, others.stream().mapToDouble(Row::floorUs).sum(), y, high);
            }
            note(height);
        }

        private void heading() {
            String sums = String.format(Locale.ROOT, "in all %s measured, %s floor, %s idle", us(all.measuredUs()),
                    us(all.floorUs()), us(all.idleUs()));
            double room = width - 2 * MARGIN - pen.width(headingText(), HEAD) - 16;
            pen.textRight(pen.width(sums, FIGURE) <= room ? sums : us(all.measuredUs()) + " in all", width - MARGIN, 18,
                    FIGURE, palette.text());
            double y = 40;
            pen.fill(from, y - 8, 10, 8, palette.accent());
            pen.text("measured", from + 14, y, TEXT, palette.muted());
            double next = from + 14 + pen.width("measured", TEXT) + 12;
            pen.fill(next, y - 8, 10, 8, palette.muted());
            pen.text("floor (analytic)", next + 14, y, TEXT, palette.muted());
            pen.textRight("lost", width - MARGIN - 98, y, TEXT, palette.muted());
            pen.textRight("measured", width - MARGIN - 42, y, TEXT, palette.muted());
            pen.textRight("× floor", width - MARGIN, y, TEXT, palette.muted());
        }

        private void bars(String name, double measured, double floor, double y, double high) {
            double middle = y + high / 2;
            pen.text(pen.fit(name, TEXT, from - MARGIN - 22), MARGIN + 14, middle + 3.5, TEXT, palette.text());
            double thick = (high - 5) / 2;
            pen.fill(from, y + 2, length(measured), thick, palette.accent());
            pen.fill(from, y + 2.5 + thick, length(floor), thick, palette.muted());
            pen.textRight(us(measured - floor), width - MARGIN - 98, middle + 3.5, FIGURE, palette.text());
            pen.textRight(us(measured), width - MARGIN - 42, middle + 3.5, FIGURE, palette.muted());
            double times = measured / floor;
            String text = floor < Row.LEAST_FLOOR_US ? "–" : String.format(Locale.ROOT, "%.1f", times);
            pen.textRight(floor >= Row.LEAST_FLOOR_US && times > 99 ? ">99" : text, width - MARGIN, middle + 3.5,
                    FIGURE, palette.muted());
        }

        private double length(double us) {
            return Math.max(0.8, (to - from) * us / most);
        }

        private void note(double height) {
            String note = "Floor: the larger of bytes ÷ measured bandwidth and FLOPs ÷ measured rate"
                    + (all.products() ? "" : " (products: bytes alone)") + "; a cache can beat it";
            pen.text(pen.fit(note, TEXT, width - 2 * MARGIN), MARGIN, height - 8, TEXT, palette.muted());
        }
    }
}
