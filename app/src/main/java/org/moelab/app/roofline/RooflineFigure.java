package org.moelab.app.roofline;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
/// @param reference where the same kernels were, from which arrows lead
/// @param selected the name of the kernel that is marked
public record RooflineFigure(String title, Roofline roofline, int labelled, Optional<Reference> reference,
        Optional<String> selected) implements Figure {
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
        return new RooflineFigure(machine.isEmpty() ? "Roofline" : "Roofline of " + machine, roofline, USUAL_LABELS,
                Optional.empty(), Optional.empty());
    }

    /// What a roofline is held against.
    ///
    /// @param name what people call it
    /// @param roofline its points; its ceilings do not count
    public record Reference(String name, Roofline roofline) {
        List<Point> placed() {
            return roofline.points().stream().filter(p -> p.kernel().totalFlop() > 0).toList();
        }
    }

    /// The same figure with arrows from another's points.
    public RooflineFigure from(Reference other) {
        return new RooflineFigure(title, roofline, labelled, Optional.of(other), selected);
    }

    /// The same figure with a kernel marked.
    public RooflineFigure selecting(Optional<String> kernel) {
        return new RooflineFigure(title, roofline, labelled, reference, kernel);
    }

    /// The point that is drawn nearest to a place, where one is near; of points at one place the one of the shorter time,
    /// which lies on top.
    public Optional<Point> near(double px, double py, double width, double height) {
        RooflineAxes axes = RooflineAxes.of(this, chartArea(width, height));
        return placed().stream().filter(p -> axes.at(p).distance(px, py) <= RooflinePainter.radius(p.share()) + 4)
                .min(Comparator.<Point>comparingDouble(p -> Math.round(axes.at(p).distance(px, py) / 4))
                        .thenComparingDouble(Point::share));
    }

    /// All points that the axes have to hold.
    List<Point> everyPlace() {
        return Stream.concat(placed().stream(), reference.stream().flatMap(r -> r.placed().stream())).toList();
    }

    /// The family of a kernel, which colours it in every view.
    static OperationKind kind(KernelWork kernel) {
        return OperationKind.ofLabel(kernel.family())
                .orElseGet(() -> OperationKind.of(EventKind.KERNEL, kernel.name()));
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
        double legend = legendWidth(width);
        double strip = strip(height);
        new RooflinePainter(this, g, palette).paint(chartArea(width, height));
        new LegendPainter(this, g, palette).paint(new Rectangle2D.Double(width - legend, 0, legend, height));
        if (strip > 0) {
            new BandwidthStrip(this, g, palette).paint(
                    new Rectangle2D.Double(0, height - strip, width - legend, strip), stripRows());
        }
    }

    private static double legendWidth(double width) {
        return Math.min(LEGEND_WIDTH, width * 0.3);
    }

    private double strip(double height) {
        return Math.min(stripHeight(), height * 0.5);
    }

    private Rectangle2D chartArea(double width, double height) {
        return new Rectangle2D.Double(0, 0, width - legendWidth(width), height - strip(height));
    }
}
