package org.moelab.app.shell;

import java.util.List;
import java.util.Locale;

import org.kordamp.ikonli.javafx.FontIcon;

import javafx.collections.FXCollections;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// Every action by name: type a few letters, Enter does it.
final class CommandPalette extends VBox {
    private static final double ROW = 30;
    private static final int MOST_ROWS = 12;

    private final TextField typed = new TextField();
    private final ListView<Action> list = new ListView<>();
    private final Runnable close;

    CommandPalette(List<Action> actions, Runnable close) {
        this.close = close;
        setId("command-palette");
        setPrefWidth(520);
        setSpacing(8);
        FilteredList<Action> matching = new FilteredList<>(FXCollections.observableArrayList(actions));
        typed.setPromptText("Type a command");
        typed.textProperty().subscribe(text -> {
            matching.setPredicate(a -> matches(a, text));
            list.getSelectionModel().selectFirst();
        });
        list.setItems(matching);
        list.setFixedCellSize(ROW);
        list.setPrefHeight(ROW * Math.min(MOST_ROWS, actions.size()) + 2);
        list.setFocusTraversable(false);
        list.setCellFactory(_ -> new ActionCell());
        list.setOnMouseClicked(_ -> runSelected());
        typed.addEventFilter(KeyEvent.KEY_PRESSED, this::steer);
        getChildren().addAll(typed, list);
        list.getSelectionModel().selectFirst();
    }

    TextField field() {
        return typed;
    }

    /// Whether the letters occur in the action's name in this order.
    static boolean matches(Action action, String text) {
        String subject = (action.group().title() + " " + action.name()).toLowerCase(Locale.ROOT);
        int from = 0;
        for (char letter : text.toLowerCase(Locale.ROOT).toCharArray()) {
            from = subject.indexOf(letter, from) + 1;
            if (from == 0) {
                return false;
            }
        }
        return true;
    }

    private void steer(KeyEvent e) {
        int selected = list.getSelectionModel().getSelectedIndex();
        switch (e.getCode()) {
            case DOWN -> select(selected + 1);
            case UP -> select(selected - 1);
            case ENTER -> runSelected();
            default -> {
                return;
            }
        }
        e.consume();
    }

    private void select(int index) {
        if (!list.getItems().isEmpty()) {
            list.getSelectionModel().select(Math.clamp(index, 0, list.getItems().size() - 1));
            list.scrollTo(list.getSelectionModel().getSelectedIndex());
        }
    }

    private void runSelected() {
        Action action = list.getSelectionModel().getSelectedItem();
        close.run();
        if (action != null) {
            action.run();
        }
    }

    private static final class ActionCell extends ListCell<Action> {
        private final FontIcon icon = new FontIcon();
        private final Label name = new Label();
        private final Label keys = new Label();
        private final HBox row;

        ActionCell() {
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            keys.getStyleClass().add("key");
            row = new HBox(10, icon, name, gap, keys);
            row.setAlignment(Pos.CENTER_LEFT);
        }

        @Override
        protected void updateItem(Action action, boolean empty) {
            super.updateItem(action, empty);
            if (empty || action == null) {
                setGraphic(null);
                return;
            }
            icon.setIconCode(action.icon());
            name.setText(action.group().title() + ": " + action.name());
            keys.setText(action.keys());
            keys.setVisible(!action.keys().isEmpty());
            row.setOpacity(action.enabled().get() ? 1 : 0.45);
            setGraphic(row);
        }
    }
}
