package org.moelab.app.shell;

import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

/// A card in front of the window. Escape or a click beside it puts it away and gives the focus back.
final class Overlay extends StackPane {
    private static final Insets ROOM = new Insets(72, 24, 24, 24);

    private final Region shade = new Region();

    Overlay() {
        getStyleClass().add("overlay");
        shade.getStyleClass().add("overlay-shade");
        shade.setOnMousePressed(_ -> hide());
        setVisible(false);
        setManaged(false);
        addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                hide();
                e.consume();
            }
        });
    }

    /// Shows a card in place of any other.
    ///
    /// @param focus what takes the keys
    void show(Region card, Node focus) {
        card.getStyleClass().add("overlay-card");
        card.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        StackPane.setAlignment(card, Pos.TOP_CENTER);
        StackPane.setMargin(card, ROOM);
        getChildren().setAll(shade, card);
        setManaged(true);
        setVisible(true);
        focus.requestFocus();
    }

    /// Puts the card away.
    void hide() {
        setVisible(false);
        setManaged(false);
        getChildren().clear();
    }
}
