package org.moelab.app.shell;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/// A question with two answers. The one that changes nothing has the focus.
final class QuestionPane extends VBox {
    private final Button refusal;

    /// @param no what changes nothing
    /// @param yes what does what was asked for
    /// @param agreed does it
    /// @param close puts the question away
    QuestionPane(String title, String text, String no, String yes, Runnable agreed, Runnable close) {
        setId("question");
        setSpacing(12);
        setPrefWidth(430);
        Label heading = new Label(title);
        heading.getStyleClass().add("overlay-title");
        Label explanation = new Label(text);
        explanation.setWrapText(true);
        refusal = new Button(no);
        refusal.setId("question-no");
        refusal.setOnAction(_ -> close.run());
        Button agreement = new Button(yes);
        agreement.setId("question-yes");
        agreement.getStyleClass().add("accent");
        agreement.setOnAction(_ -> {
            close.run();
            agreed.run();
        });
        HBox buttons = new HBox(8, refusal, agreement);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        getChildren().addAll(heading, explanation, buttons);
    }

    Node refusal() {
        return refusal;
    }
}
