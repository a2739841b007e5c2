package org.moelab.app.roofline;

import java.util.Optional;

import org.moelab.app.figure.FigurePane;
import org.moelab.app.theme.Palette;
import org.moelab.traces.roofline.Roofline.Point;

import javafx.beans.value.ObservableValue;
import javafx.scene.Cursor;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;

/// The roofline on screen: a point tells its figures on hover, a click selects its operation.
public final class RooflineView extends StackPane {
    private final RooflineViewModel model;
    private final Tooltip tooltip = new Tooltip();

    /// Shows what the model follows.
    public RooflineView(RooflineViewModel model, ObservableValue<Palette> palette) {
        this.model = model;
        setId("roofline");
        setMinSize(0, 0);
        setAccessibleText("Operations under the roofs of the machine");
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(420);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_EXITED, _ -> tooltip.hide());
        addEventHandler(MouseEvent.MOUSE_CLICKED,
                e -> model.select(pointAt(e).map(p -> p.kernel().name())));
        model.figureProperty().subscribe(now -> {
            if (now.isPresent() && getChildren().isEmpty()) {
                getChildren().add(new FigurePane(model.figureProperty().map(f -> f.orElse(now.get())), palette));
            } else if (now.isEmpty()) {
                getChildren().clear();
            }
        });
    }

    private Optional<Point> pointAt(MouseEvent event) {
        return model.figureProperty().getValue()
                .flatMap(f -> f.near(event.getX(), event.getY(), getWidth(), getHeight()));
    }

    private void hover(MouseEvent event) {
        Optional<Point> point = pointAt(event);
        setCursor(point.isPresent() ? Cursor.HAND : Cursor.DEFAULT);
        point.ifPresentOrElse(p -> {
            tooltip.setText(RooflineViewModel.describe(p));
            tooltip.show(this, event.getScreenX() + 14, event.getScreenY() + 14);
        }, tooltip::hide);
    }
}
