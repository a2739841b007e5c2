package org.moelab.app.shell;

import java.util.List;
import java.util.Locale;

import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// All actions with their keys, and the keys of the views.
final class HelpOverlay extends VBox {
    /// A key of a view, that no action stands for.
    ///
    /// @param keys as people write them
    /// @param does what they do
    record ViewKey(String keys, String does) {}

    private static final double KEYS = 120;
    private static final double DOES = 250;

    private final ScrollPane scroll;

    HelpOverlay(List<Action> actions, String viewName, List<ViewKey> viewKeys) {
        setId("help");
        setSpacing(10);
        Label title = new Label("Keys and commands");
        title.getStyleClass().add("overlay-title");
        VBox left = new VBox(12);
        for (Action.Group group : Action.Group.values()) {
            List<ViewKey> keys = actions.stream().filter(a -> a.group() == group)
                    .map(a -> new ViewKey(a.keys(), a.name())).toList();
            if (!keys.isEmpty()) {
                left.getChildren().add(section(group.title(), keys));
            }
        }
        HBox columns = new HBox(36, left, section(viewName, viewKeys));
        columns.getStyleClass().add("help-columns");
        scroll = new ScrollPane(columns);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setPrefViewportHeight(560);
        getChildren().addAll(title, scroll);
    }

    ScrollPane content() {
        return scroll;
    }

    private static VBox section(String title, List<ViewKey> keys) {
        Label heading = new Label(title.toUpperCase(Locale.ROOT));
        heading.getStyleClass().add("facts-title");
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts-grid");
        grid.getColumnConstraints().addAll(new ColumnConstraints(KEYS), new ColumnConstraints(DOES));
        for (int i = 0; i < keys.size(); i++) {
            if (!keys.get(i).keys().isEmpty()) {
                Label key = new Label(keys.get(i).keys());
                key.getStyleClass().add("key");
                grid.add(key, 0, i);
            }
            Label does = new Label(keys.get(i).does());
            does.setWrapText(true);
            does.setMinHeight(USE_PREF_SIZE);
            grid.add(does, 1, i);
        }
        return new VBox(6, heading, grid);
    }
}
