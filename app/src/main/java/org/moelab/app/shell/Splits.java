package org.moelab.app.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;

/// The movable splits of the window, by name, so that their places can be remembered and reset.
final class Splits {
    private record Split(SplitPane pane, List<Double> usual) {}

    private final Map<String, Split> splits = new LinkedHashMap<>();
    private final Map<String, List<Double>> remembered;

    Splits(Map<String, List<Double>> remembered) {
        this.remembered = remembered;
    }

    /// A split of two or three views.
    ///
    /// @param usual where the dividers are at the first start, 0 to 1 each
    SplitPane of(String name, Orientation orientation, List<Double> usual, Node... views) {
        SplitPane pane = new SplitPane(views);
        pane.setId("split-" + name);
        pane.setOrientation(orientation);
        List<Double> places = remembered.getOrDefault(name, List.of());
        place(pane, places.size() == usual.size() ? places : usual);
        splits.put(name, new Split(pane, usual));
        return pane;
    }

    /// Puts every divider back where it is at the first start.
    void reset() {
        splits.values().forEach(s -> place(s.pane, s.usual));
    }

    private static void place(SplitPane pane, List<Double> positions) {
        pane.setDividerPositions(positions.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /// Where the dividers are.
    Map<String, List<Double>> places() {
        Map<String, List<Double>> places = new LinkedHashMap<>();
        splits.forEach((name, split) -> {
            List<Double> list = new ArrayList<>();
            for (double position : split.pane.getDividerPositions()) {
                list.add(position);
            }
            places.put(name, list);
        });
        return places;
    }
}
