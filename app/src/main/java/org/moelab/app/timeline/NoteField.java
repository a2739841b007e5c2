package org.moelab.app.timeline;

import java.util.Optional;

import javafx.application.Platform;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;

/// Where the note of a mark is written: on the ruler, at the mark. Enter keeps it, and so does going elsewhere; Escape leaves
/// the mark without.
final class NoteField {
    private static final double WIDTH = 200;
    private static final double HEIGHT = 24;

    private final Region owner;
    private final TimelineViewModel viewModel;
    private final TextField field = new TextField();
    private Optional<Mark> open = Optional.empty();
    /// The key that opened the field still sends its character.
    private boolean keyDown;

    NoteField(Region owner, TimelineViewModel viewModel) {
        this.owner = owner;
        this.viewModel = viewModel;
        field.setId("mark-note");
        field.setPromptText("Note, then Enter");
        field.setAccessibleText("Note beside the mark");
        field.getStyleClass().add("small-field");
        field.setVisible(false);
        field.setManaged(false);
        field.setOnAction(_ -> close(true));
        field.focusedProperty().subscribe(focused -> {
            if (!focused) {
                close(true);
            }
        });
        field.addEventFilter(KeyEvent.KEY_TYPED, e -> {
            if (keyDown) {
                e.consume();
            }
        });
        field.addEventFilter(KeyEvent.KEY_RELEASED, _ -> keyDown = false);
        field.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            keyDown = false;
            if (e.getCode() == KeyCode.ESCAPE) {
                close(false);
                e.consume();
            }
        });
    }

    /// What is laid above the frame.
    TextField node() {
        return field;
    }

    /// Asks for the note of a mark.
    void open(Mark mark) {
        viewModel.request().ifPresent(request -> {
            open = Optional.of(mark);
            keyDown = true;
            field.setText(mark.note());
            double room = Math.max(request.size().gutter(), owner.getWidth() - WIDTH);
            field.resizeRelocate(Math.clamp(request.x(mark.timeNs()), request.size().gutter(), room),
                    FrameRequest.HEADER_HEIGHT, WIDTH, HEIGHT);
            field.setVisible(true);
            Platform.runLater(field::requestFocus);
        });
    }

    private void close(boolean keep) {
        Optional<Mark> of = open;
        open = Optional.empty();
        if (of.isPresent()) {
            field.setVisible(false);
            if (keep) {
                viewModel.marks().note(of.get(), field.getText());
            }
            owner.requestFocus();
        }
    }
}
