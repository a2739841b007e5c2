package org.moelab.app.shell;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.input.MouseEvent;

/// Two views with a movable divider. Until a person moves it, the divider's place follows from the size alone:
/// a plain [SplitPane] hands every change of size out to its parts pixel by pixel, so that how many steps a window was
/// laid out in would show in the picture.
final class Split extends SplitPane {
    private final DoubleUnaryOperator usual;
    private OptionalDouble restored = OptionalDouble.empty();
    private boolean moved;
    private double placedFor = Double.NaN;

    /// @param usual where the divider is at the first start, 0 to 1, for the size of the whole
    Split(Orientation orientation, DoubleUnaryOperator usual, Node first, Node second) {
        super(first, second);
        this.usual = usual;
        setOrientation(orientation);
        addEventFilter(MouseEvent.MOUSE_DRAGGED, e -> {
            if (e.getTarget() instanceof Node node && node.getStyleClass().contains("split-pane-divider")) {
                moved = true;
            }
        });
    }

    /// Puts the divider where it was left when the window was last open.
    ///
    /// @param position 0 to 1
    void restore(double position) {
        restored = OptionalDouble.of(position);
        placeAnew();
    }

    /// Puts the divider back where it is at the first start.
    void reset() {
        restored = OptionalDouble.empty();
        placeAnew();
    }

    private void placeAnew() {
        moved = false;
        placedFor = Double.NaN;
        requestLayout();
    }

    /// The divider's position, 0 to 1, where a person has chosen it, now or before; else nothing.
    List<Double> chosen() {
        return getItems().size() > 1 && (moved || restored.isPresent()) ? List.of(getDividerPositions()[0]) : List.of();
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        double size = getOrientation() == Orientation.HORIZONTAL ? getWidth() : getHeight();
        if (getItems().size() < 2) {
            placedFor = Double.NaN;
        } else if (!moved && size > 0 && size != placedFor) {
            placedFor = size;
            setDividerPositions(restored.orElseGet(() -> usual.applyAsDouble(size)));
            super.layoutChildren();
        }
    }
}
