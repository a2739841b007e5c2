package org.moelab.app.charts;

import java.util.Optional;

import org.jfree.chart.entity.CategoryItemEntity;
import org.jfree.chart.fx.ChartCanvas;
import org.jfree.chart.fx.interaction.ChartMouseEventFX;
import org.jfree.chart.fx.interaction.ChartMouseListenerFX;
import org.moelab.app.kernels.KernelTableViewModel;
import org.moelab.app.theme.Palette;

import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.scene.layout.Pane;

/// The kernel-time chart on screen: as many bars as it has room for; a click on one selects its kernel. It is made when it is
/// first laid out, because its library takes long to start.
public final class KernelTimeChartView extends Pane implements ChartMouseListenerFX {
    private final KernelTableViewModel kernels;
    private final ObservableValue<Palette> palette;
    private Optional<ChartCanvas> canvas = Optional.empty();
    private KernelTimeChart shown;

    /// Shows all kernels of the table, whatever its filter hides: the chart is of the whole.
    public KernelTimeChartView(KernelTableViewModel kernels, ObservableValue<Palette> palette) {
        this.kernels = kernels;
        this.palette = palette;
        this.shown = KernelTimeChart.of(kernels.allRows(), 2);
        setMinSize(0, 0);
        setPrefSize(600, 200);
        heightProperty().subscribe(this::draw);
        widthProperty().subscribe(this::draw);
        palette.subscribe(this::draw);
        kernels.allRows().addListener((ListChangeListener<Object>) _ -> draw());
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        if (canvas.isEmpty() && getWidth() > 0 && getHeight() > 0) {
            shown = KernelTimeChart.of(kernels.allRows(), KernelTimeChart.barsIn(getHeight()));
            ChartCanvas made = new ChartCanvas(shown.chart(palette.getValue(), getWidth()));
            made.widthProperty().bind(widthProperty());
            made.heightProperty().bind(heightProperty());
            made.setAccessibleText("Device time by kernel");
            made.setTooltipEnabled(true);
            made.setRangeZoomable(false);
            made.addChartMouseListener(this);
            canvas = Optional.of(made);
            getChildren().add(made);
        }
    }

    @Override
    public void chartMouseClicked(ChartMouseEventFX event) {
        if (event.getEntity() instanceof CategoryItemEntity bar
                && bar.getColumnKey() instanceof KernelTimeChart.Column column) {
            shown.bars().get(column.index()).row().ifPresent(kernels::select);
        }
    }

    @Override
    public void chartMouseMoved(ChartMouseEventFX event) {
        // the tooltip is the canvas' own
    }

    private void draw() {
        canvas.ifPresent(on -> {
            shown = KernelTimeChart.of(kernels.allRows(), KernelTimeChart.barsIn(getHeight()));
            on.setChart(shown.chart(palette.getValue(), getWidth()));
        });
    }

    /// The chart as an exported picture shows it.
    public KernelTimeChart figure() {
        return KernelTimeChart.of(kernels.allRows(), KernelTimeChart.USUAL_BARS);
    }
}
