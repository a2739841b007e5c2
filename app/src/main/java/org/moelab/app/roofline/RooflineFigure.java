package org.moelab.app.roofline;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

import org.moelab.app.export.Figure;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.Roofline;
import org.moelab.traces.roofline.Roofline.Point;

/// Kernels under the roofs of a machine: performance over intensity, both logarithmic. A kernel has a filled mark for the
/// traffic of the device's memory and a hollow one for that of L2, joined by a line. Kernels without floating-point work,
/// which have no place there, stand in a strip below by the bandwidth that they reach.
///
/// @param title what the picture shows
/// @param roofline what is drawn
/// @param labelled how many kernels get a label, those that took longest first
public record RooflineFigure(String title, Roofline roofline, int labelled) implements Figure {
    /// As many labels as an exported picture has.
    public static final int USUAL_LABELS = 12;
    private static final double WIDTH = 1080;
    private static final double CHART_HEIGHT = 560;
    private static final double LEGEND_WIDTH = 236;
    private static final double STRIP_ROW = 20;
    private static final double STRIP_MARGIN = 62;
    private static final int MOST_STRIP_ROWS = 12;

    /// The figure of a roofline with the usual number of labels.
    public static RooflineFigure of(Roofline roofline) {
        String machine = roofline.ceilings().machine();
        return new RooflineFigure(machine.isEmpty() ? "Roofline" : "Roofline of " + machine, roofline, USUAL_LABELS);
    }

    /// The family of a kernel, which colours it in every view.
    static OperationKind kind(KernelWork kernel) {
        return OperationKind.of(EventKind.KERNEL, kernel.name());
    }

    /// What fits beside a mark.
    static String label(KernelWork kernel, int longest) {
        String label = FunctionName.parse(kernel.name()).label();
        return label.length() <= longest ? label : label.substring(0, longest - 1) + "…";
    }

    /// The points that have a place on logarithmic axes.
    List<Point> placed() {
        return roofline.points().stream().filter(p -> p.kernel().totalFlop() > 0).toList();
    }

    /// The points of kernels without floating-point work.
    List<Point> withoutWork() {
        return roofline.points().stream().filter(p -> p.kernel().totalFlop() == 0).toList();
    }

    private int stripRows() {
        return (int) Math.min(MOST_STRIP_ROWS, withoutWork().stream().map(Point::index).distinct().count());
    }

    private double stripHeight() {
        return stripRows() == 0 ? 0 : STRIP_MARGIN + STRIP_ROW * stripRows();
    }

    @Override
    public double preferredWidth() {
        return WIDTH;
    }

    @Override
    public double preferredHeight() {
        return (placed().isEmpty() && stripRows() > 0 ? CHART_HEIGHT * 0.7 : CHART_HEIGHT) + stripHeight();
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        g.setColor(Palette.awt(palette.panel()));
        g.fill(new Rectangle2D.Double(0, 0, width, height));
        double legend = Math.min(LEGEND_WIDTH, width * 0.3);
        double strip = Math.min(stripHeight(), height * 0.5);
        new RooflinePainter(this, g, palette).paint(new Rectangle2D.Double(0, 0, width - legend, height - strip));
        new LegendPainter(this, g, palette).paint(new Rectangle2D.Double(width - legend, 0, legend, height));
        if (strip > 0) {
            new BandwidthStrip(this, g, palette).paint(
                    new Rectangle2D.Double(0, height - strip, width - legend, strip), stripRows());
        }
    }
}
