package org.moelab.app.theme;

import java.util.List;
import java.util.Locale;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// A card with a heading that says what it shows, and a caption that says of what and how it was measured.
/// With several tabs the headings are switches.
public final class Panel extends VBox {
    private final HBox heading = new HBox();
    private final Label caption = new Label();

    /// One of the things that a panel can show.
    ///
    /// @param title what it shows, in a word or two
    /// @param caption of what and how measured
    /// @param content the view
    /// @param tools controls in the heading, at its right
    public record Tab(String title, ObservableValue<String> caption, Node content, List<Node> tools) {}

    private Panel() {
        getStyleClass().add("panel");
        heading.getStyleClass().add("panel-heading");
        heading.setAlignment(Pos.CENTER_LEFT);
        caption.getStyleClass().add("panel-caption");
        caption.setMinWidth(0);
        HBox.setHgrow(caption, Priority.ALWAYS);
        caption.setMaxWidth(Double.MAX_VALUE);
        getChildren().add(heading);
    }

    /// A panel with one view.
    public static Panel of(String title, ObservableValue<String> caption, Node content, Node... tools) {
        Panel panel = new Panel();
        Label label = new Label(title.toUpperCase(Locale.ROOT));
        label.getStyleClass().add("panel-title");
        label.setMinWidth(Region.USE_PREF_SIZE);
        panel.heading.getChildren().addAll(label, panel.caption);
        panel.heading.getChildren().addAll(tools);
        panel.caption.textProperty().bind(caption);
        panel.getChildren().add(content);
        VBox.setVgrow(content, Priority.ALWAYS);
        content.setAccessibleText(title);
        return panel;
    }

    /// A panel with several views, of which one shows; the first to begin with.
    public static Panel tabbed(List<Tab> tabs) {
        Panel panel = new Panel();
        ToggleGroup group = new ToggleGroup();
        HBox switches = new HBox();
        HBox tools = new HBox();
        tools.getStyleClass().add("panel-tools");
        tools.setAlignment(Pos.CENTER_RIGHT);
        StackPane contents = new StackPane();
        contents.setMinHeight(0);
        VBox.setVgrow(contents, Priority.ALWAYS);
        for (Tab tab : tabs) {
            ToggleButton button = new ToggleButton(tab.title().toUpperCase(Locale.ROOT));
            button.getStyleClass().setAll("panel-tab");
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setUserData(tab);
            switches.getChildren().add(button);
            tab.content().setAccessibleText(tab.title());
        }
        panel.heading.getChildren().addAll(switches, panel.caption, tools);
        panel.getChildren().add(contents);
        group.selectedToggleProperty().addListener((_, before, now) -> {
            if (now == null) {
                group.selectToggle(before);
            } else if (now.getUserData() instanceof Tab tab) {
                panel.caption.textProperty().bind(tab.caption());
                contents.getChildren().setAll(tab.content());
                tools.getChildren().setAll(tab.tools());
            }
        });
        group.selectToggle(group.getToggles().getFirst());
        return panel;
    }
}
