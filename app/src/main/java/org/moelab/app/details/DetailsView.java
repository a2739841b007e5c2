package org.moelab.app.details;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// The details panel's content: the name, the facts, and a way to everything that the file tells.
public final class DetailsView extends StackPane {
    /// Shows what the model finds.
    public DetailsView(DetailsViewModel model) {
        getStyleClass().add("details");
        Label title = new Label();
        title.getStyleClass().addAll("details-name", "figures");
        title.setWrapText(true);
        title.textProperty().bind(model.titleProperty());
        Tooltip full = new Tooltip();
        full.setWrapText(true);
        full.setMaxWidth(640);
        full.textProperty().bind(model.fullNameProperty());
        title.setTooltip(full);
        Button more = new Button("All fields in the file");
        more.setId("read-more");
        more.getStyleClass().add("quiet");
        more.setOnAction(_ -> model.readMore());
        more.visibleProperty().bind(model.canReadMoreProperty());
        more.managedProperty().bind(more.visibleProperty());
        more.disableProperty().bind(model.readingProperty());
        VBox content = new VBox(title, new FactsView(model.groups(), model::follow), more);
        content.getStyleClass().add("details-content");
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        Label nothing = new Label("Click an event on the timeline or a row of the kernel table.");
        nothing.getStyleClass().add("placeholder-text");
        nothing.setWrapText(true);
        nothing.visibleProperty().bind(Bindings.isEmpty(model.groups()));
        scroll.visibleProperty().bind(nothing.visibleProperty().not());
        getChildren().addAll(scroll, nothing);
    }
}
