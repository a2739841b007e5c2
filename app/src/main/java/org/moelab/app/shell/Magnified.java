package org.moelab.app.shell;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import javafx.beans.value.ObservableIntegerValue;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import javafx.scene.transform.Scale;

/// The window's content in the size that a person chose: laid out in less or more room and drawn by as much larger or smaller.
/// Text and lines are shapes and stay sharp; what is painted into pixels asks for as many as it gets.
final class Magnified extends Region {
    /// What the content needs: where the window has less for it, the content is not drawn as large as was asked for.
    private static final double LEAST_WIDTH = 900;
    private static final double LEAST_HEIGHT = 560;

    private final Region content;
    private final ObservableIntegerValue percent;
    private final Scale scale = new Scale(1, 1);
    private Optional<Node> dragged = Optional.empty();
    private boolean correcting;

    /// @param percent of the usual size
    Magnified(Region content, ObservableIntegerValue percent) {
        this.content = content;
        this.percent = percent;
        content.getTransforms().add(scale);
        getChildren().add(content);
        percent.subscribe(this::requestLayout);
        addEventFilter(MouseEvent.MOUSE_PRESSED, this::correct);
        addEventFilter(MouseEvent.MOUSE_DRAGGED, this::correct);
    }

    @Override
    protected void layoutChildren() {
        double most = Math.max(1, Math.min(getWidth() / LEAST_WIDTH, getHeight() / LEAST_HEIGHT));
        double factor = Math.min(percent.get() / 100.0, most);
        scale.setX(factor);
        scale.setY(factor);
        content.resizeRelocate(0, 0, getWidth() / factor, getHeight() / factor);
    }

    /// JavaFX moves dividers and edges of columns by what the pointer moves in the scene, where all else goes by the content's
    /// own coordinates: they would run ahead of the pointer.
    private void correct(MouseEvent e) {
        if (correcting) {
            return;
        }
        if (e.getEventType() == MouseEvent.MOUSE_PRESSED) {
            dragged = scale.getX() == 1 || !(e.getTarget() instanceof Node node) ? Optional.empty() : dragged(node);
        }
        dragged.ifPresent(node -> {
            e.consume();
            correcting = true;
            try {
                Event.fireEvent(node, new MouseEvent(node, node, e.getEventType(), e.getSceneX() / scale.getX(),
                        e.getSceneY() / scale.getY(), e.getScreenX(), e.getScreenY(), e.getButton(), e.getClickCount(),
                        e.isShiftDown(), e.isControlDown(), e.isAltDown(), e.isMetaDown(), e.isPrimaryButtonDown(),
                        e.isMiddleButtonDown(), e.isSecondaryButtonDown(), e.isSynthesized(), e.isPopupTrigger(),
                        e.isStillSincePress(), e.getPickResult()));
            } finally {
                correcting = false;
            }
        });
    }

    /// The divider or edge that a press on a node takes hold of.
    private static Optional<Node> dragged(Node node) {
        return Stream.iterate(node, Objects::nonNull, Node::getParent).limit(2)
                .filter(n -> n.getStyleClass().contains("split-pane-divider") || n instanceof Rectangle
                        && n.getParent() != null && n.getParent().getStyleClass().contains("nested-column-header"))
                .findFirst();
    }
}
