package org.moelab.app.timeline;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleRole;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.layout.Region;
import javafx.stage.Window;

import org.moelab.app.theme.Palette;

/// The timeline of the selected recording. What it does lies in [TimelineViewModel]; frames are prepared in the
/// background, at most one at a time, and painted here.
public final class TimelineView extends Region {
    private static final double SCROLL_BAR_WIDTH = 12;
    private static final ExecutorService FRAMES = threads("timeline-frames-");
    /// Makes sums, counts and what else is not to hold frames up.
    static final ExecutorService SUMS = threads("timeline-sums-");

    private final TimelineViewModel viewModel;
    private final ObjectProperty<Palette> palette;
    private final FrameImage image = new FrameImage();
    private final HoverCard hover;
    private final TimelineInput input;
    private final ScrollBar scrollBar = new ScrollBar();
    private final Label empty = new Label();
    private final AnimationTimer nextPulse = new AnimationTimer() {
        @Override
        public void handle(long now) {
            stop();
            prepare();
        }
    };
    private double painted = Double.NaN;
    private boolean preparing;
    private boolean outdated;

    /// A view of what a model shows.
    ///
    /// @param palette the colours, which may change while the view is shown
    /// @param nothing what is said where there is no timeline
    TimelineView(TimelineViewModel viewModel, ObjectProperty<Palette> palette, ObservableValue<String> nothing) {
        this.viewModel = viewModel;
        this.palette = palette;
        NoteField note = new NoteField(this, viewModel);
        hover = new HoverCard(viewModel, palette);
        getStyleClass().add("timeline-view");
        empty.getStyleClass().add("timeline-empty");
        empty.setWrapText(true);
        empty.textProperty().bind(nothing);
        nothing.subscribe(this::requestLayout);
        scrollBar.setOrientation(Orientation.VERTICAL);
        scrollBar.valueProperty().subscribe(value -> viewModel.scrollTo(value.doubleValue()));
        getChildren().addAll(image.node(), hover.node(), scrollBar, note.node(), empty);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp("W and S zoom, A and D pan, F fits the selection, full stop and comma select the next and "
                + "previous event of the same name, M marks a moment, N and Shift N show the next and previous mark, "
                + "P puts a row above all others, Escape ends the selection");
        input = new TimelineInput(this, viewModel, hover, note);
        input.install();
        viewModel.revisionProperty().subscribe(this::changed);
        palette.subscribe(this::changed);
        focusedProperty().subscribe(this::showFocus);
        localToSceneTransformProperty().subscribe(_ -> {
            if (outputScale() != painted) {
                changed();
            }
        });
    }

    private static ExecutorService threads(String name) {
        return Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /// What the view shows and can do.
    public TimelineViewModel viewModel() {
        return viewModel;
    }

    /// The sums of the selected part of the timeline.
    public ReadOnlyObjectProperty<Optional<AreaStatistics>> areaProperty() {
        return viewModel.areaStatisticsProperty();
    }

    /// Puts the row under the pointer above all others, or back into its group; where the pointer is elsewhere that of the
    /// selected event.
    void pinRow() {
        input.pinRow();
    }

    /// Prepares and paints what is to be shown at once, for pictures of a scene that no window shows.
    public void refresh() {
        viewModel.request().ifPresent(request -> paint(FrameBuilder.build(request)));
    }

    private void changed() {
        boolean shows = viewModel.request().isPresent();
        empty.setVisible(!shows);
        image.node().setVisible(shows);
        scrollBar.setMax(viewModel.maxScrollY());
        scrollBar.setVisible(shows && viewModel.maxScrollY() > 0);
        scrollBar.setVisibleAmount(scrollBar.getMax() * getHeight() / (scrollBar.getMax() + Math.max(1, getHeight())));
        scrollBar.setUnitIncrement(RowLayout.LANE_PITCH);
        scrollBar.setBlockIncrement(getHeight() * 0.8);
        scrollBar.setValue(viewModel.scrollY());
        setAccessibleText(viewModel.request().map(TimelineFigure::describe).orElse(empty.getText()));
        hover.update();
        nextPulse.start();
    }

    /// Prepares the frame that is wanted now, unless one is still being prepared: then when that is painted.
    private void prepare() {
        Optional<FrameRequest> request = viewModel.request();
        if (preparing || request.isEmpty()) {
            outdated = preparing;
            return;
        }
        preparing = true;
        outdated = false;
        FRAMES.execute(() -> {
            Optional<TimelineFrame> frame = Optional.empty();
            try {
                frame = Optional.of(FrameBuilder.build(request.get()));
            } finally {
                // also where it failed, or no other frame would ever be asked for
                Optional<TimelineFrame> prepared = frame;
                Platform.runLater(() -> show(prepared));
            }
        });
    }

    private void show(Optional<TimelineFrame> frame) {
        preparing = false;
        frame.filter(this::isCurrent).ifPresent(this::paint);
        if (outdated) {
            nextPulse.start();
        }
    }

    /// Whether a frame shows the trace that is open now, at the size that the view has now.
    private boolean isCurrent(TimelineFrame frame) {
        return viewModel.request().filter(r -> r.source() == frame.request().source()
                && r.size().equals(frame.request().size())).isPresent();
    }

    private void paint(TimelineFrame frame) {
        painted = outputScale();
        image.paint(frame, palette.get(), painted);
    }

    /// Pixels of the screen for each logical one.
    private double outputScale() {
        Scene scene = getScene();
        Window window = scene == null ? null : scene.getWindow();
        return (window == null ? 1 : window.getOutputScaleX()) * getLocalToSceneTransform().getMxx();
    }

    @Override
    protected void layoutChildren() {
        double width = snapSizeX(getWidth());
        double height = snapSizeY(getHeight());
        scrollBar.resizeRelocate(width - SCROLL_BAR_WIDTH, FrameRequest.HEADER_HEIGHT, SCROLL_BAR_WIDTH,
                Math.max(0, height - FrameRequest.HEADER_HEIGHT));
        double emptyWidth = Math.min(width, 480);
        double emptyHeight = empty.prefHeight(emptyWidth);
        empty.resizeRelocate((width - emptyWidth) / 2, (height - emptyHeight) / 2, emptyWidth, emptyHeight);
        hover.node().resizeRelocate(0, 0, width, height);
        boolean resized = viewModel.resize(width, height);
        if (resized && width > 0 && height > 0) {
            refresh();
        }
    }

    private void showFocus(boolean focused) {
        pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("focused"), focused);
        hover.showFocus(focused);
    }

    @Override
    protected double computePrefWidth(double height) {
        return 900;
    }

    @Override
    protected double computePrefHeight(double width) {
        return 480;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 200;
    }

    @Override
    protected double computeMinHeight(double width) {
        return 80;
    }
}
