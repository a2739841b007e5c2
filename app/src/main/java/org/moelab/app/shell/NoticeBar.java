package org.moelab.app.shell;

import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;
import org.kordamp.ikonli.javafx.FontIcon;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// A line across the window that says what went wrong or was done, with the details on demand. It waits for nobody.
final class NoticeBar extends VBox {
    private final Label message = new Label();
    private final FontIcon icon = new FontIcon();
    private final ToggleButton details = new ToggleButton("Details");
    private final TextArea text = new TextArea();

    NoticeBar(MainViewModel model) {
        setId("notice");
        getStyleClass().add("notice");
        message.setWrapText(true);
        message.setId("notice-message");
        HBox.setHgrow(message, Priority.ALWAYS);
        message.setMaxWidth(Double.MAX_VALUE);
        details.getStyleClass().add("quiet");
        Button dismiss = new Button("Dismiss");
        dismiss.getStyleClass().add("quiet");
        dismiss.setOnAction(_ -> model.dismissNotice());
        HBox line = new HBox(10, icon, message, details, dismiss);
        line.setAlignment(Pos.CENTER_LEFT);
        text.setEditable(false);
        text.setPrefRowCount(6);
        text.getStyleClass().add("figures");
        text.visibleProperty().bind(details.selectedProperty());
        text.managedProperty().bind(text.visibleProperty());
        getChildren().addAll(line, text);
        managedProperty().bind(visibleProperty());
        model.noticeProperty().subscribe(notice -> {
            setVisible(notice.isPresent());
            notice.ifPresent(this::show);
        });
    }

    private void show(Notice notice) {
        getStyleClass().removeAll("done", "warning", "error");
        getStyleClass().add(notice.severity().name().toLowerCase(java.util.Locale.ROOT));
        icon.setIconCode(switch (notice.severity()) {
            case DONE -> BootstrapIcons.CHECK_CIRCLE;
            case WARNING -> BootstrapIcons.EXCLAMATION_TRIANGLE;
            case ERROR -> BootstrapIcons.EXCLAMATION_OCTAGON;
        });
        message.setText(notice.message());
        text.setText(notice.details());
        details.setSelected(false);
        details.setVisible(!notice.details().isEmpty());
    }
}
