package org.moelab.app.inference;

import java.awt.Font;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

import javafx.scene.paint.Color;

/// Which experts the tokens were sent to: a row a layer of the model, a column an expert, and beside each row how uneven it is.
///
/// @param title what it is of
/// @param load what is drawn; empty where the run does not tell
/// @param missing what is said in its place
record LoadsFigure(String title, Optional<ExpertLoad> load, String missing) implements Figure {
    private static final double LEFT = 40;
    private static final double TOP = 46;
    private static final double BOTTOM = 48;
    private static final double BARS = 170;
    private static final double GAP = 14;
    private static final double MARGIN = 12;
    private static final double LEGEND = 150;
    private static final Font HEAD = Fonts.bold(10.5);
    private static final Font TEXT = Fonts.text(10);
    private static final Font FIGURE = Fonts.figures(8.5);

    /// Where things are.
    private record Grid(double x, double y, double width, double height, int layers, int experts) {
        double column(int expert) {
            return x + width * expert / experts;
        }

        double row(int layer) {
            return y + height * layer / layers;
        }

        double rowHeight() {
            return height / layers;
        }
    }

    private static Grid grid(ExpertLoad load, double width, double height) {
        return new Grid(LEFT, TOP, Math.max(40, width - LEFT - GAP - BARS - MARGIN),
                Math.max(20, height - TOP - BOTTOM), load.layers(), load.experts());
    }

    @Override
    public double preferredWidth() {
        return 660;
    }

    @Override
    public double preferredHeight() {
        return TOP + BOTTOM + 11.0 * load.map(ExpertLoad::layers).orElse(24);
    }

    /// The expert whose cell is at a place.
    Optional<ExpertLoad.Place> placeAt(double x, double y, double width, double height) {
        return load.flatMap(l -> {
            Grid grid = grid(l, width, height);
            int expert = (int) Math.floor((x - grid.x) / grid.width * grid.experts);
            int layer = (int) Math.floor((y - grid.y) / grid.height * grid.layers);
            return expert >= 0 && expert < grid.experts && layer >= 0 && layer < grid.layers
                    ? Optional.of(new ExpertLoad.Place(layer, expert))
                    : Optional.empty();
        });
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        if (load.isEmpty()) {
            pen.text(title, MARGIN, 18, HEAD, palette.text());
            pen.paragraph(missing, MARGIN, 38, width - 2 * MARGIN, TEXT, palette.muted());
            return;
        }
        new Painter(pen, palette, load.get(), grid(load.get(), width, height), width).paint(title);
    }

    /// From the ground to the accent to the ink: brighter all the way in the dark theme, darker in the light one, so that no
    /// hue has to be told from another.
    static Color color(double share, Palette palette) {
        Color most = palette.dark() ? Color.web("#f4faff") : Color.web("#0a2344");
        double at = Math.sqrt(Math.clamp(share, 0, 1));
        return at < 0.5
                ? palette.raised().interpolate(palette.accent(), at * 2)
                : palette.accent().interpolate(most, at * 2 - 1);
    }

    private record Painter(Pen pen, Palette palette, ExpertLoad load, Grid grid, double width) {
        void paint(String title) {
            pen.text(pen.fit(title, HEAD, grid.width - LEGEND + 16), MARGIN, 18, HEAD, palette.text());
            legend();
            cells();
            mark(load.busiest(), palette.warn());
            mark(load.idlest(), palette.text());
            labels();
            bars();
            notes();
        }

        private void legend() {
            double x = grid.x + grid.width - LEGEND;
            int steps = 60;
            for (int i = 0; i < steps; i++) {
                double at = (i + 0.5) / steps;
                pen.fill(x + LEGEND * i / steps, 10, LEGEND / steps + 0.6, 9, color(at * at, palette));
            }
            double most = load.tokens(load.busiest());
            double even = x + LEGEND * Math.sqrt(load.evenShare() / most);
            pen.text("0", x, 30, FIGURE, palette.muted());
            pen.line(even, 8, even, 21, palette.text());
            String mean = String.format(Locale.ROOT, "even %.1f", load.evenShare());
            String full = String.format(Locale.ROOT, "%,.0f tokens", most);
            double free = x + LEGEND - pen.width(full, FIGURE) - 6 - pen.width(mean, FIGURE) / 2;
            pen.textCentred(mean, Math.min(even, free), 30, FIGURE, palette.text());
            pen.textRight(full, x + LEGEND, 30, FIGURE, palette.muted());
        }

        private void cells() {
            double most = load.tokens(load.busiest());
            double gap = grid.width / grid.experts > 6 ? 0.8 : 0;
            for (int layer = 0; layer < grid.layers; layer++) {
                for (int expert = 0; expert < grid.experts; expert++) {
                    double x = grid.column(expert);
                    pen.fill(x, grid.row(layer), grid.column(expert + 1) - x - gap, grid.rowHeight() - gap,
                            color(load.tokens(new ExpertLoad.Place(layer, expert)) / most, palette));
                }
            }
        }

        private void mark(ExpertLoad.Place place, Color color) {
            double x = grid.column(place.expert()) - 1;
            double y = grid.row(place.layer()) - 1;
            double right = grid.column(place.expert() + 1) + 0.5;
            double bottom = y + grid.rowHeight() + 1.5;
            pen.line(x, y, right, y, color, 1.5f);
            pen.line(x, bottom, right, bottom, color, 1.5f);
            pen.line(x, y, x, bottom, color, 1.5f);
            pen.line(right, y, right, bottom, color, 1.5f);
        }

        private void labels() {
            int everyLayer = grid.rowHeight() >= 8.5 ? 1 : 4;
            for (int layer = 0; layer < grid.layers; layer += everyLayer) {
                pen.textRight(Integer.toString(layer), grid.x - 5, grid.row(layer) + grid.rowHeight() / 2 + 3, FIGURE,
                        palette.muted());
            }
            int everyExpert = Math.max(1, grid.experts / 8);
            double y = grid.y + grid.height + 10;
            double free = grid.x + grid.width - pen.width("expert", FIGURE) - 10;
            for (int expert = 0; expert < grid.experts
                    && (grid.column(expert) + grid.column(expert + 1)) / 2 < free; expert += everyExpert) {
                pen.textCentred(Integer.toString(expert), (grid.column(expert) + grid.column(expert + 1)) / 2, y,
                        FIGURE, palette.muted());
            }
            pen.text("layer", MARGIN, TOP - 6, FIGURE, palette.muted());
            pen.textRight("expert", grid.x + grid.width, y, FIGURE, palette.muted());
        }

        private void bars() {
            double from = grid.x + grid.width + GAP;
            double to = width - MARGIN - 66;
            List<Double> uneven = load.imbalances();
            double most = uneven.stream().mapToDouble(Double::doubleValue).max().orElse(1);
            pen.text("imbalance", from, 18, HEAD, palette.text());
            pen.textRight("max/mean", width - MARGIN - 34, TOP - 6, FIGURE, palette.muted());
            pen.textRight("CV", width - MARGIN, TOP - 6, FIGURE, palette.muted());
            for (int layer = 0; layer < grid.layers; layer++) {
                double y = grid.row(layer);
                double high = grid.rowHeight();
                double variation = load.variation(layer);
                pen.fill(from, y + 0.5, (to - from) * uneven.get(layer) / most, high * 0.5, palette.accent());
                pen.fill(from, y + 0.5 + high * 0.5, (to - from) * variation / most, high * 0.3, palette.muted());
                if (high >= 8.5) {
                    double base = y + high / 2 + 3;
                    pen.textRight(String.format(Locale.ROOT, "%.2f", uneven.get(layer)), width - MARGIN - 34, base,
                            FIGURE, layer == load.worstLayer() ? palette.text() : palette.muted());
                    pen.textRight(String.format(Locale.ROOT, "%.2f", variation), width - MARGIN, base, FIGURE,
                            palette.muted());
                }
            }
            double even = from + (to - from) / most;
            pen.line(even, grid.y, even, grid.y + grid.height, palette.text(), 1f, 3, 3);
            pen.textCentred("1", even, grid.y + grid.height + 10, FIGURE, palette.muted());
        }

        private void notes() {
            double y = grid.y + grid.height + 26;
            pen.text(pen.fit(load.extremes(), TEXT, width - 2 * MARGIN), MARGIN, y, TEXT, palette.text());
            pen.text(pen.fit(load.cost(), TEXT, width - 2 * MARGIN), MARGIN, y + 14, TEXT, palette.muted());
        }
    }
}
