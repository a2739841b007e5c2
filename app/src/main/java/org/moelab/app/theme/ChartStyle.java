package org.moelab.app.theme;

import java.awt.Color;

import org.jfree.chart.ChartTheme;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.ui.RectangleInsets;

/// Dresses charts in a palette, as style sheets do with controls.
public final class ChartStyle {
    private ChartStyle() {
    }

    /// The chart theme of a palette: flat bars, few lines, our typefaces.
    public static ChartTheme of(Palette p) {
        StandardChartTheme theme = new StandardChartTheme("MoE Lab");
        theme.setExtraLargeFont(Fonts.bold(14));
        theme.setLargeFont(Fonts.text(11));
        theme.setRegularFont(Fonts.text(11));
        theme.setSmallFont(Fonts.figures(10));
        Color ground = Palette.awt(p.panel());
        Color text = Palette.awt(p.text());
        Color muted = Palette.awt(p.muted());
        theme.setTitlePaint(text);
        theme.setSubtitlePaint(muted);
        theme.setChartBackgroundPaint(ground);
        theme.setPlotBackgroundPaint(ground);
        theme.setPlotOutlinePaint(new Color(0, true));
        theme.setAxisLabelPaint(muted);
        theme.setTickLabelPaint(text);
        theme.setItemLabelPaint(text);
        theme.setLegendItemPaint(muted);
        theme.setLegendBackgroundPaint(ground);
        theme.setDomainGridlinePaint(Palette.awt(p.grid()));
        theme.setRangeGridlinePaint(Palette.awt(p.grid()));
        theme.setBaselinePaint(Palette.awt(p.line()));
        theme.setCrosshairPaint(Palette.awt(p.accent()));
        theme.setShadowPaint(new Color(0, true));
        theme.setShadowVisible(false);
        theme.setAxisOffset(RectangleInsets.ZERO_INSETS);
        theme.setBarPainter(new StandardBarPainter());
        theme.setXYBarPainter(new StandardXYBarPainter());
        return theme;
    }
}
