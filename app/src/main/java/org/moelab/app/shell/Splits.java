package org.moelab.app.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;

/// The movable splits of the window, by name, so that their places can be remembered and reset.
final class Splits {
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
        Split split = new Split(orientation, usual, first, second);
        split.setId("split-" + name);
        List<Double> places = remembered.getOrDefault(name, List.of());
        if (places.size() == 1) {
            split.restore(places.getFirst());
        }
        splits.put(name, split);
        return split;
    }

    /// Puts every divider back where it is at the first start.
    void reset() {
        splits.values().forEach(Split::reset);
    }

    /// Where the dividers are that a person has moved.
    Map<String, List<Double>> places() {
        Map<String, List<Double>> places = new LinkedHashMap<>();
        splits.forEach((name, split) -> {
            if (!split.chosen().isEmpty()) {
                places.put(name, split.chosen());
            }
        });
        return places;
    }
}
