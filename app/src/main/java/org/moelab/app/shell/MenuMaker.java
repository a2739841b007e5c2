package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;

import org.kordamp.ikonli.javafx.FontIcon;

import org.moelab.app.theme.Tip;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;

/// Makes menus and buttons from actions.
final class MenuMaker {
    private MenuMaker() {
    }

    /// A menu a group; the recent files stand in the first.
    static MenuBar bar(List<Action> actions, MainViewModel model) {
        MenuBar bar = new MenuBar();
        for (Action.Group group : Action.Group.values()) {
            Menu menu = new Menu(group.title());
            for (Action action : actions) {
                if (action.group() == group) {
                    menu.getItems().add(item(action));
                }
            }
            if (group == Action.Group.FILE) {
                menu.getItems().add(1, recent(model));
                menu.getItems().add(2, new SeparatorMenuItem());
            }
            if (!menu.getItems().isEmpty()) {
                bar.getMenus().add(menu);
            }
        }
        return bar;
    }

    /// A menu for a view's right button.
    static ContextMenu context(Action... actions) {
        ContextMenu menu = new ContextMenu();
        for (Action action : actions) {
            menu.getItems().add(item(action));
        }
        return menu;
    }

    private static MenuItem item(Action action) {
        MenuItem item = new MenuItem(action.name(), new FontIcon(action.icon()));
        item.setId("menu-" + action.id());
        if (action.isPlainKey()) {
            item.setText(action.name() + "   " + action.keys());
        } else {
            action.accelerator().ifPresent(item::setAccelerator);
        }
        item.setOnAction(_ -> action.run());
        item.disableProperty().bind(Bindings.not(action.enabled()));
        return item;
    }

    /// A button with the action's sign alone.
    static Button button(Action action) {
        Button button = new Button("", new FontIcon(action.icon()));
        button.setId("button-" + action.id());
        button.getStyleClass().addAll("quiet", "icon-button");
        Tip.on(button, action.name() + (action.keys().isEmpty() ? "" : " (" + action.keys() + ")"));
        button.setAccessibleText(action.name());
        button.setFocusTraversable(false);
        button.setOnAction(_ -> action.run());
        button.disableProperty().bind(Bindings.not(action.enabled()));
        return button;
    }

    private static Menu recent(MainViewModel model) {
        Menu menu = new Menu("Open recent");
        model.settingsProperty().subscribe(settings -> {
            menu.getItems().setAll(settings.recentFiles().stream().map(file -> recent(model, file)).toList());
            menu.setDisable(settings.recentFiles().isEmpty());
        });
        return menu;
    }

    private static MenuItem recent(MainViewModel model, Path file) {
        MenuItem item = new MenuItem(file.toString());
        item.setMnemonicParsing(false);
        item.setOnAction(_ -> model.open(List.of(file)));
        return item;
    }
}
