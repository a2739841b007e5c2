package org.moelab.app.charts;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Optional;

import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.entity.CategoryItemEntity;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.entity.EntityCollection;
import org.moelab.app.figure.FigurePane;
import org.moelab.app.kernels.KernelTableViewModel;
import org.moelab.app.theme.Palette;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;

/// The kernel-time chart on screen: as many bars as it has room for; a click on one selects its kernel. It is drawn when it is
/// first laid out, because its library takes long to start.
public final class KernelTimeChartView extends StackPane {
    private final KernelTableViewModel kernels;
    private final ObservableValue<Palette> palette;
    private final ObjectProperty<KernelTimeChart> shown = new SimpleObjectProperty<>(this, "shown");
    private final Tooltip tooltip = new Tooltip();
    /// Where the bars are, found when the pointer first comes over them.
    private Optional<EntityCollection> places = Optional.empty();

    /// Shows all kernels of the table, whatever its filter hides: the chart is of the whole.
    public KernelTimeChartView(KernelTableViewModel kernels, ObservableValue<Palette> palette) {
        this.kernels = kernels;
        this.palette = palette;
        setMinSize(0, 0);
        setPrefSize(600, 200);
        setAccessibleText("Device time by kernel");
        draw();
        getChildren().add(new FigurePane(shown, palette));
        heightProperty().subscribe(this::draw);
        widthProperty().subscribe(() -> places = Optional.empty());
        kernels.allRows().addListener((ListChangeListener<Object>) _ -> draw());
        setOnMouseClicked(e -> at(e).filter(CategoryItemEntity.class::isInstance).map(CategoryItemEntity.class::cast)
                .map(CategoryItemEntity::getColumnKey).filter(KernelTimeChart.Column.class::isInstance)
                .map(KernelTimeChart.Column.class::cast)
                .ifPresent(c -> shown.get().bars().get(c.index()).row().ifPresent(kernels::select)));
        setOnMouseMoved(e -> at(e).map(ChartEntity::getToolTipText).ifPresentOrElse(text -> {
            tooltip.setText(text);
            tooltip.show(this, e.getScreenX() + 14, e.getScreenY() + 14);
        }, tooltip::hide));
        setOnMouseExited(_ -> tooltip.hide());
    }

    private void draw() {
        places = Optional.empty();
        shown.set(KernelTimeChart.of(kernels.allRows(), KernelTimeChart.barsIn(getHeight())));
    }

    private Optional<ChartEntity> at(MouseEvent event) {
        if (places.isEmpty()) {
            ChartRenderingInfo info = new ChartRenderingInfo();
            Graphics2D nowhere = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB).createGraphics();
            shown.get().chart(palette.getValue(), getWidth()).draw(nowhere,
                    new Rectangle2D.Double(0, 0, getWidth(), getHeight()), info);
            nowhere.dispose();
            places = Optional.of(info.getEntityCollection());
        }
        return Optional.ofNullable(places.get().getEntity(event.getX(), event.getY()));
    }

    /// The chart as an exported picture shows it.
    public KernelTimeChart figure() {
        return KernelTimeChart.of(kernels.allRows(), KernelTimeChart.USUAL_BARS);
    }
}
