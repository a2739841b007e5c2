package org.moelab.app.speedup;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.export.Figure;
import org.moelab.app.figure.Pen;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.Ladder;
import org.moelab.app.run.Ladder.Rung;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

/// The way from the lowest layer's time to the highest's, what each layer took off or added; beside it the speedup of each
/// layer, in all and of its own.
///
/// @param ladder what is drawn
/// @param selected the layer that is marked
/// @param expected where speedups over the lowest layer are expected; empty where nothing like it was measured before
public record SpeedupFigure(Ladder ladder, Optional<String> selected, List<ExpectedSpeedup> expected)
        implements
            Figure {
    private static final double WIDTH = 1040;
    private static final double HEIGHT = 340;
    private static final double WATERFALL_SHARE = 0.56;
    private static final double TOP = 40;
    static final Font TEXT = Fonts.text(10.5);
    static final Font HEAD = Fonts.bold(10.5);
    static final Font FIGURE = Fonts.figures(10);

    public SpeedupFigure {
        expected = List.copyOf(expected);
    }

    @Override
    public String title() {
        return "Speedup of " + ladder.run().name() + " in " + ladder.phase().label();
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return HEIGHT;
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        Pen pen = new Pen(g);
        pen.fill(0, 0, width, height, palette.panel());
        List<Rung> rungs = ladder.measured();
        if (rungs.isEmpty()) {
            pen.textCentred("no layer of this run has a time in " + ladder.phase().label(), width / 2, height / 2, TEXT,
                    palette.muted());
            return;
        }
        double split = width * WATERFALL_SHARE;
        pen.text(
                pen.fit("Median " + ladder.phase().time()
                        + " in ms: what each layer takes off (≈ and grey: within noise)",
                        HEAD, split - 60),
                60,
                22, HEAD, palette.text());
        pen.text("Speedup of each layer", split + 50, 22, HEAD, palette.text());
        new WaterfallPainter(this, pen, palette).paint(waterfallArea(width, height));
        new BarsPainter(this, pen, palette).paint(new Rectangle2D.Double(split, TOP, width - split, height - TOP));
    }

    private static Rectangle2D waterfallArea(double width, double height) {
        return new Rectangle2D.Double(0, TOP, width * WATERFALL_SHARE, height - TOP);
    }

    /// The layer whose bars are at a place.
    Optional<String> layerAt(double x, double width) {
        List<Rung> rungs = ladder.measured();
        if (rungs.isEmpty()) {
            return Optional.empty();
        }
        double split = width * WATERFALL_SHARE;
        return x < split
                ? slot(x, Axis.plotOf(waterfallArea(width, HEIGHT)), rungs.size() + 1).map(i -> rungs
                        .get(Math.min(i, rungs.size() - 1)).id())
                : slot(x, Axis.plotOf(new Rectangle2D.Double(split, TOP, width - split, HEIGHT)), rungs.size())
                        .map(i -> rungs.get(i).id());
    }

    private static Optional<Integer> slot(double x, Rectangle2D plot, int slots) {
        int slot = (int) Math.floor((x - plot.getX()) / plot.getWidth() * slots);
        return slot >= 0 && slot < slots ? Optional.of(slot) : Optional.empty();
    }

    boolean isSelected(Rung rung) {
        return selected.filter(rung.id()::equals).isPresent();
    }

    static String shortName(Rung rung) {
        return rung.layer().filter(l -> l.number() == 0).map(l -> l.name()).orElse(rung.id());
    }

    /// Milliseconds with as many decimals as the time deserves.
    static String ms(double ms) {
        double size = Math.abs(ms);
        return String.format(Locale.ROOT, size < 10 ? "%.3f" : size < 100 ? "%.2f" : "%.1f", ms);
    }
}
