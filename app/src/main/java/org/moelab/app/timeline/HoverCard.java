package org.moelab.app.timeline;

import java.util.Optional;

import javafx.beans.property.ObjectProperty;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.shape.Line;
import javafx.scene.shape.Rectangle;

import org.moelab.app.theme.Fonts;
import org.moelab.app.theme.Palette;

/// What follows the pointer over the timeline: a line at its time, and a card that tells of the event under it.
/// Lies above the painted frame, so that moving the pointer paints nothing anew.
final class HoverCard {
    private static final double WIDEST = 460;
    private static final double DISTANCE = 14;

    private final TimelineViewModel viewModel;
    private final ObjectProperty<Palette> palette;
    private final Pane node = new Pane();
    private final Line line = new Line();
    private final Label time = new Label();
    private final GridPane card = new GridPane(10, 2);
    private final Rectangle focus = new Rectangle();
    private Optional<Point> pointer = Optional.empty();

    private record Point(double x, double y) {}

    HoverCard(TimelineViewModel viewModel, ObjectProperty<Palette> palette) {
        this.viewModel = viewModel;
        this.palette = palette;
        node.setMouseTransparent(true);
        node.getChildren().addAll(line, time, card, focus);
        card.getStyleClass().add("timeline-card");
        focus.setFill(Color.TRANSPARENT);
        focus.setStrokeWidth(2);
        focus.setVisible(false);
        focus.setX(1);
        focus.setY(1);
        focus.widthProperty().bind(node.widthProperty().subtract(2));
        focus.heightProperty().bind(node.heightProperty().subtract(2));
        palette.subscribe(this::recolour);
        leave();
    }

    /// What is laid above the frame.
    Region node() {
        return node;
    }

    /// Takes the pointer's new place.
    void moveTo(double x, double y) {
        pointer = Optional.of(new Point(x, y));
        update();
    }

    /// The pointer has left.
    void leave() {
        pointer = Optional.empty();
        update();
    }

    /// Shows whether the keys act on the timeline.
    void showFocus(boolean focused) {
        focus.setVisible(focused);
    }

    /// Tells anew what lies under the pointer.
    void update() {
        Optional<FrameRequest> request = viewModel.request();
        boolean over = request.isPresent() && pointer.isPresent() && pointer.get().x >= request.get().size().gutter()
                && pointer.get().y >= FrameRequest.OVERVIEW_HEIGHT;
        line.setVisible(over);
        time.setVisible(over);
        card.setVisible(false);
        if (over) {
            Point p = pointer.get();
            showTime(request.get(), p);
            HitTest.at(request.get(), p.x, p.y)
                    .ifPresent(hit -> showCard(EventSummary.of(request.get().source(), hit), p));
        }
    }

    private void showTime(FrameRequest request, Point p) {
        double x = Math.floor(p.x) + 0.5;
        line.setStartX(x);
        line.setEndX(x);
        line.setStartY(FrameRequest.HEADER_HEIGHT);
        line.setEndY(node.getHeight());
        FrameRequest.Size size = request.size();
        double at = request.view().timeAt((p.x - size.gutter()) / size.plotWidth());
        time.setText(TimeScale.of(request.view(), size.plotWidth() * 10, 7).label(at));
        time.autosize();
        time.relocate(Math.clamp(p.x - time.getWidth() / 2, size.gutter(),
                Math.max(size.gutter(), node.getWidth() - time.getWidth())),
                FrameRequest.OVERVIEW_HEIGHT + 2);
    }

    private void showCard(EventSummary summary, Point p) {
        card.getChildren().clear();
        Label title = label(summary.title(), "timeline-card-title", palette.get().text());
        title.setStyle("-fx-font-weight: bold;");
        card.add(title, 0, 0, 2, 1);
        int row = 1;
        for (EventSummary.Fact fact : summary.facts()) {
            card.add(label(fact.label(), "timeline-card-label", palette.get().muted()), 0, row);
            card.add(label(fact.value(), "timeline-card-value", palette.get().text()), 1, row);
            row++;
        }
        card.setVisible(true);
        card.setMaxWidth(WIDEST);
        card.resize(Math.min(WIDEST, card.prefWidth(-1)), card.prefHeight(Math.min(WIDEST, card.prefWidth(-1))));
        card.layout();
        double x = p.x + DISTANCE + card.getWidth() > node.getWidth()
                ? p.x - DISTANCE - card.getWidth()
                : p.x + DISTANCE;
        double y = p.y + DISTANCE + card.getHeight() > node.getHeight()
                ? p.y - DISTANCE - card.getHeight()
                : p.y + DISTANCE;
        card.relocate(Math.max(0, Math.rint(x)), Math.max(0, Math.rint(y)));
    }

    private static Label label(String text, String styleClass, Color ink) {
        Label label = new Label(text);
        label.getStyleClass().add(styleClass);
        label.setTextFill(ink);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private void recolour(Palette colours) {
        line.setStroke(colours.muted());
        focus.setStroke(colours.accent());
        String box = "-fx-background-color: " + css(colours.line()) + ", " + css(colours.raised())
                + "; -fx-background-insets: 0, 1; -fx-background-radius: 4, 3;";
        card.setStyle(box + " -fx-padding: 8 10 8 10;");
        time.setStyle(box + " -fx-padding: 1 5 1 5; -fx-font-family: '" + Fonts.FIGURES_FAMILY + "';");
        time.setTextFill(colours.text());
    }

    private static String css(Color c) {
        return String.format(java.util.Locale.ROOT, "#%06x", Palette.argb(c) & 0xFFFFFF);
    }
}
