package org.moelab.app.charts;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.moelab.app.export.Figure;
import org.moelab.app.kernels.KernelRow;
import org.moelab.app.theme.ChartStyle;
import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.OperationKind;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Unit;

/// The kernels that took most device time as bars, the rest as one: time, share and family of each.
///
/// @param title what the picture shows
/// @param bars the longest first, the rest last
public record KernelTimeChart(String title, List<Bar> bars) implements Figure {
    /// As many bars as an exported picture shows.
    public static final int USUAL_BARS = 16;
    private static final double BAR_HEIGHT = 22;
    private static final double LEAST_BAR_HEIGHT = 16;
    private static final double AXIS_AND_LEGEND = 64;
    private static final double FIGURES_WIDTH = 128;
    private static final double LABEL_SHARE = 0.4;
    private static final int LONGEST_LABEL = 46;

    public KernelTimeChart {
        bars = List.copyOf(bars);
    }

    /// A bar.
    ///
    /// @param label what stands beside it
    /// @param row the kernel, empty for the rest
    /// @param kind its family; [OperationKind#OTHER] for the rest
    /// @param totalNs its time
    /// @param share of all device work, 0 to 1
    /// @param calls how many events
    public record Bar(String label, Optional<KernelRow> row, OperationKind kind, long totalNs, double share,
            long calls) {}

    /// The chart of rows that are sorted by time.
    ///
    /// @param mostBars how many bars there may be, the one of the rest included; at least 2
    public static KernelTimeChart of(List<KernelRow> rows, int mostBars) {
        int named = rows.size() <= mostBars ? rows.size() : Math.max(1, mostBars - 1);
        List<Bar> bars = new ArrayList<>();
        for (KernelRow row : rows.subList(0, named)) {
            bars.add(new Bar(shorten(row.label()), Optional.of(row), row.kind(), row.times().totalNs(), row.share(),
                    row.times().calls()));
        }
        List<KernelRow> rest = rows.subList(named, rows.size());
        if (!rest.isEmpty()) {
            bars.add(new Bar(Unit.COUNT.format(rest.size()) + " others", Optional.empty(), OperationKind.OTHER,
                    rest.stream().mapToLong(r -> r.times().totalNs()).sum(),
                    rest.stream().mapToDouble(KernelRow::share).sum(),
                    rest.stream().mapToLong(r -> r.times().calls()).sum()));
        }
        return new KernelTimeChart("Device time by kernel", bars);
    }

    private static String shorten(String label) {
        return label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL - 1) + "…";
    }

    @Override
    public double preferredWidth() {
        return 900;
    }

    @Override
    public double preferredHeight() {
        return AXIS_AND_LEGEND + BAR_HEIGHT * Math.max(1, bars.size());
    }

    /// How many bars a height has room for.
    public static int barsIn(double height) {
        return Math.max(2, (int) ((height - AXIS_AND_LEGEND) / LEAST_BAR_HEIGHT));
    }

    @Override
    public void draw(Graphics2D g, double width, double height, Palette palette) {
        chart(palette, width).draw(g, new Rectangle2D.Double(0, 0, width, height));
    }

    /// The chart itself, for a canvas that answers the mouse. Column `i` of its data is bar `i`.
    ///
    /// @param width in which it will be drawn, in points
    public JFreeChart chart(Palette palette, double width) {
        Scale scale = Scale.of(bars.stream().mapToLong(Bar::totalNs).max().orElse(0));
        DefaultCategoryDataset data = new DefaultCategoryDataset();
        for (int i = 0; i < bars.size(); i++) {
            // columns are told apart by their key: two kernels may have the same label
            data.addValue(bars.get(i).totalNs() / scale.ns, "time", new Column(i, bars.get(i).label()));
        }
        JFreeChart chart = ChartFactory.createBarChart(null, null,
                "time on the device, summed over launches (" + scale.unit + ")", data, PlotOrientation.HORIZONTAL,
                false, false, false);
        ChartStyle.of(palette).apply(chart);
        CategoryPlot plot = chart.getCategoryPlot();
        dressAxes(plot, palette, width);
        plot.setRenderer(renderer(palette));
        chart.addLegend(legend(palette));
        chart.setPadding(new RectangleInsets(2, 4, 2, 12));
        return chart;
    }

    private void dressAxes(CategoryPlot plot, Palette palette, double width) {
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        plot.setOutlineVisible(false);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        plot.setRangeGridlineStroke(new BasicStroke(1f));
        plot.setNoDataMessage("no device work here");
        plot.setNoDataMessageFont(Fonts.text(12));
        plot.setNoDataMessagePaint(Palette.awt(palette.muted()));
        var names = plot.getDomainAxis();
        names.setTickLabelFont(Fonts.text(11));
        names.setMaximumCategoryLabelWidthRatio((float) LABEL_SHARE);
        names.setAxisLineVisible(false);
        names.setTickMarksVisible(false);
        names.setLowerMargin(0.01);
        names.setUpperMargin(0.01);
        names.setCategoryMargin(0.28);
        NumberAxis times = (NumberAxis) plot.getRangeAxis();
        times.setAxisLineVisible(false);
        times.setTickMarksVisible(false);
        times.setTickLabelFont(Fonts.figures(10));
        times.setTickLabelInsets(new RectangleInsets(2, 20, 2, 20)); // keeps the grid lines few
        times.setTickLabelPaint(Palette.awt(palette.muted()));
        times.setLabelFont(Fonts.text(10.5));
        double bars = Math.max(80, width * (1 - LABEL_SHARE) - FIGURES_WIDTH);
        times.setUpperMargin(FIGURES_WIDTH / bars); // room for the figures at the bars' ends
    }

    private BarRenderer renderer(Palette palette) {
        BarRenderer renderer = new BarRenderer() {
            private static final long serialVersionUID = 1L;

            @Override
            public Paint getItemPaint(int row, int column) {
                return Palette.awt(column < bars.size() && bars.get(column).row().isPresent()
                        ? palette.of(bars.get(column).kind())
                        : palette.line());
            }
        };
        renderer.setBarPainter(new org.jfree.chart.renderer.category.StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setMaximumBarWidth(0.2);
        renderer.setDefaultToolTipGenerator((_, _, column) -> explain(column));
        renderer.setDefaultItemLabelGenerator(new BarLabels(bars));
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultItemLabelFont(Fonts.figures(10.5));
        renderer.setDefaultItemLabelPaint(Palette.awt(palette.text()));
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
        return renderer;
    }

    private LegendTitle legend(Palette palette) {
        Set<OperationKind> kinds = new LinkedHashSet<>();
        for (OperationKind kind : OperationKind.values()) {
            if (bars.stream().anyMatch(b -> b.row().isPresent() && b.kind() == kind)) {
                kinds.add(kind);
            }
        }
        LegendItemCollection items = new LegendItemCollection();
        for (OperationKind kind : kinds) {
            LegendItem item = new LegendItem(kind.label(), null, null, null, new Ellipse2D.Double(-4, -4, 8, 8),
                    Palette.awt(palette.of(kind)));
            items.add(item);
        }
        LegendTitle legend = new LegendTitle(() -> items);
        legend.setPosition(RectangleEdge.TOP);
        legend.setHorizontalAlignment(HorizontalAlignment.LEFT);
        legend.setItemFont(Fonts.text(10.5));
        legend.setItemPaint(Palette.awt(palette.muted()));
        legend.setBackgroundPaint(Palette.awt(palette.panel()));
        legend.setFrame(org.jfree.chart.block.BlockBorder.NONE);
        return legend;
    }

    /// What is said when the mouse rests on a bar.
    String explain(int bar) {
        Bar b = bars.get(bar);
        return b.row().map(KernelRow::name).orElse(b.label()) + "\n" + b.kind().label() + "\n"
                + Unit.COUNT.format(b.calls()) + " calls · " + Unit.NANOSECONDS.format(b.totalNs()) + " · "
                + Unit.PERCENT.format(b.share() * 100) + " of the device's work";
    }

    /// A category of the chart.
    ///
    /// @param index of the bar
    public record Column(int index, String label) implements Comparable<Column> {
        @Override
        public int compareTo(Column other) {
            return Integer.compare(index, other.index);
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private record Scale(double ns, String unit) {
        static Scale of(long maxNs) {
            if (maxNs >= 1_000_000_000L) {
                return new Scale(1e9, "s");
            }
            return maxNs >= 1_000_000L ? new Scale(1e6, "ms") : new Scale(1e3, "µs");
        }
    }

    /// Time and share at the end of a bar.
    private record BarLabels(List<Bar> bars)
            implements
                org.jfree.chart.labels.CategoryItemLabelGenerator {
        @Override
        public String generateRowLabel(org.jfree.data.category.CategoryDataset data, int row) {
            return "";
        }

        @Override
        public String generateColumnLabel(org.jfree.data.category.CategoryDataset data, int column) {
            return "";
        }

        @Override
        public String generateLabel(org.jfree.data.category.CategoryDataset data, int row, int column) {
            Bar bar = bars.get(column);
            return " " + Unit.NANOSECONDS.format(bar.totalNs())
                    + String.format(Locale.ROOT, " %5.1f %%", bar.share() * 100);
        }
    }
}
