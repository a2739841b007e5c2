package org.moelab.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;

/// The movable splits of the window, by name, so that their places can be remembered and reset.
final class Splits {
    private record Split(SplitPane pane, DoubleUnaryOperator usual) {
        double size() {
            return pane.getOrientation() == Orientation.HORIZONTAL ? pane.getWidth() : pane.getHeight();
        }

        void reset() {
            pane.setDividerPositions(usual.applyAsDouble(size()));
        }
    }

    private final Map<String, Split> splits = new LinkedHashMap<>();
    private final Map<String, List<Double>> remembered;

    Splits(Map<String, List<Double>> remembered) {
        this.remembered = remembered;
    }

    /// A first part that takes this share of the whole, within limits in pixels.
    static DoubleUnaryOperator first(double share, double least, double most) {
        return size -> size <= 0 ? share : Math.clamp(share * size, least, most) / size;
    }

    /// A second part that takes this share of the whole, within limits in pixels.
    static DoubleUnaryOperator second(double share, double least, double most) {
        return size -> size <= 0 ? 1 - share : 1 - Math.clamp(share * size, least, most) / size;
    }

    /// A split of two views.
    ///
    /// @param usual where the divider is at the first start, 0 to 1, for the size of the whole
    SplitPane of(String name, Orientation orientation, DoubleUnaryOperator usual, Node first, Node second) {
        SplitPane pane = new SplitPane(first, second);
        pane.setId("split-" + name);
        pane.setOrientation(orientation);
        Split split = new Split(pane, usual);
        splits.put(name, split);
        List<Double> places = remembered.getOrDefault(name, List.of());
        if (places.size() == 1) {
            pane.setDividerPositions(places.getFirst());
        } else {
            placeOnceSized(split);
        }
        return pane;
    }

    private static void placeOnceSized(Split split) {
        ChangeListener<Number> listener = new ChangeListener<>() {
            @Override
            public void changed(ObservableValue<? extends Number> size, Number before, Number now) {
                if (now.doubleValue() > 0) {
                    size.removeListener(this);
                    split.reset();
                }
            }
        };
        (split.pane.getOrientation() == Orientation.HORIZONTAL
                ? split.pane.widthProperty()
                : split.pane.heightProperty()).addListener(listener);
    }

    /// Puts every divider back where it is at the first start.
    void reset() {
        splits.values().forEach(Split::reset);
    }

    /// Where the dividers are.
    Map<String, List<Double>> places() {
        Map<String, List<Double>> places = new LinkedHashMap<>();
        splits.forEach((name, split) -> places.put(name, List.of(split.pane.getDividerPositions()[0])));
        return places;
    }
}
