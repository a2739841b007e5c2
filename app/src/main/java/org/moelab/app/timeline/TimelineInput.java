package org.moelab.app.timeline;

import javafx.scene.Cursor;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.input.ZoomEvent;
import javafx.scene.layout.Region;

/// Turns mouse, wheel and keys into commands of the view model.
///
/// Dragging selects; with the middle button, with the space bar, or on the strip that shows the whole trace it moves the
/// view. The wheel scrolls the rows, or zooms
/// where all rows are in view; with Ctrl it zooms, with Shift it pans.
final class TimelineInput {
    /// A press becomes a drag after this many pixels.
    private static final double DRAG_AFTER = 3;
    /// How close to the edge of the captions the pointer takes hold of it.
    private static final double EDGE_REACH = 3;
    /// What one notch of a wheel counts.
    private static final double NOTCH = 40;
    private static final double SCROLL_STEP = 3 * RowLayout.LANE_PITCH;

    private enum Drag {
        NONE, UNDECIDED, AREA, TIMES, OVERVIEW, WINDOW, PAN, GUTTER
    }

    private final Region node;
    private final TimelineViewModel viewModel;
    private final HoverCard hover;
    private final NoteField note;
    private Drag drag = Drag.NONE;
    private double pressX;
    private double pressY;
    private double lastX;
    private double lastY;
    private boolean spaceHeld;
    /// Whether the pointer is over the view, or has left it for a menu that it called.
    private boolean over;
    private boolean menuCalled;

    TimelineInput(Region node, TimelineViewModel viewModel, HoverCard hover, NoteField note) {
        this.node = node;
        this.viewModel = viewModel;
        this.hover = hover;
        this.note = note;
    }

    void install() {
        node.addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        node.addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
        node.addEventHandler(MouseEvent.MOUSE_RELEASED, this::release);
        node.addEventHandler(MouseEvent.MOUSE_MOVED, this::move);
        node.addEventHandler(MouseEvent.MOUSE_EXITED, e -> {
            over = e.isSecondaryButtonDown() || menuCalled;
            hover.leave();
        });
        node.addEventHandler(ContextMenuEvent.CONTEXT_MENU_REQUESTED, _ -> menuCalled = true);
        node.addEventHandler(ScrollEvent.SCROLL, this::scroll);
        node.addEventHandler(ZoomEvent.ZOOM, e -> viewModel.zoom(1 / e.getZoomFactor(), e.getX()));
        node.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        node.addEventHandler(KeyEvent.KEY_RELEASED, e -> spaceHeld &= e.getCode() != KeyCode.SPACE);
    }

    private void press(MouseEvent e) {
        node.requestFocus();
        over = true;
        pressX = e.getX();
        pressY = e.getY();
        lastX = pressX;
        lastY = pressY;
        if (e.getButton() == MouseButton.MIDDLE || e.getButton() == MouseButton.PRIMARY && spaceHeld) {
            drag = Drag.PAN;
            node.setCursor(Cursor.CLOSED_HAND);
        } else if (e.getButton() == MouseButton.PRIMARY) {
            boolean overview = pressY < FrameRequest.OVERVIEW_HEIGHT && pressX >= viewModel.gutter();
            boolean window = overview && viewModel.pointer().inOverviewWindow(pressX, pressY);
            drag = overEdge(pressX)
                    ? Drag.GUTTER
                    : window ? Drag.WINDOW : overview ? Drag.OVERVIEW : Drag.UNDECIDED;
            if (drag == Drag.OVERVIEW) {
                viewModel.pointer().centreOverview(pressX);
            }
        }
        e.consume();
    }

    private void drag(MouseEvent e) {
        if (drag == Drag.UNDECIDED && pressX >= viewModel.gutter()
                && Math.hypot(e.getX() - pressX, e.getY() - pressY) > DRAG_AFTER) {
            drag = pressY < FrameRequest.HEADER_HEIGHT ? Drag.TIMES : Drag.AREA;
        }
        switch (drag) {
            case AREA -> viewModel.pointer().drag(pressX, pressY, e.getX(), e.getY());
            case TIMES -> viewModel.pointer().dragTimes(pressX, e.getX());
            case OVERVIEW -> viewModel.pointer().centreOverview(e.getX());
            case WINDOW -> viewModel.pointer().panOverview(e.getX() - lastX);
            case GUTTER -> viewModel.resizeGutter(e.getX());
            case PAN -> {
                viewModel.pan(lastX - e.getX());
                viewModel.scroll(lastY - e.getY());
            }
            case NONE, UNDECIDED -> {
                // nothing moves yet
            }
        }
        lastX = e.getX();
        lastY = e.getY();
        hover.leave();
        e.consume();
    }

    private void release(MouseEvent e) {
        if (drag == Drag.UNDECIDED) {
            viewModel.pointer().click(e.getX(), e.getY());
            if (e.getClickCount() == 2 && viewModel.pointer().hit(e.getX(), e.getY()).isPresent()) {
                viewModel.fitSelection();
            }
        }
        drag = Drag.NONE;
        node.setCursor(Cursor.DEFAULT);
        e.consume();
    }

    private void move(MouseEvent e) {
        over = true;
        menuCalled = false;
        lastX = e.getX();
        lastY = e.getY();
        node.setCursor(overEdge(lastX) ? Cursor.H_RESIZE : Cursor.DEFAULT);
        hover.moveTo(lastX, lastY);
    }

    private boolean overEdge(double x) {
        return Math.abs(x - viewModel.gutter()) <= EDGE_REACH;
    }

    private void scroll(ScrollEvent e) {
        double notches = (e.getDeltaY() != 0 ? e.getDeltaY() : e.getDeltaX()) / NOTCH;
        boolean sideways = e.isShiftDown() || e.getDeltaY() == 0;
        if (e.isControlDown() || !sideways && viewModel.maxScrollY() == 0) {
            viewModel.zoom(Math.pow(TimelineViewModel.ZOOM_STEP, -notches), e.getX());
        } else if (sideways) {
            viewModel.panSteps(-notches);
        } else {
            viewModel.scroll(-notches * SCROLL_STEP);
        }
        hover.moveTo(e.getX(), e.getY());
        e.consume();
    }

    private void key(KeyEvent e) {
        if (e.isControlDown() || e.isAltDown() || e.isMetaDown() || e.getTarget() instanceof TextInputControl) {
            return;
        }
        boolean known = true;
        switch (e.getCode()) {
            case W -> viewModel.zoom(1 / TimelineViewModel.ZOOM_STEP, focusX());
            case S -> viewModel.zoom(TimelineViewModel.ZOOM_STEP, focusX());
            case A, LEFT -> viewModel.panSteps(-1);
            case D, RIGHT -> viewModel.panSteps(1);
            case UP -> viewModel.scroll(-SCROLL_STEP);
            case DOWN -> viewModel.scroll(SCROLL_STEP);
            case F -> {
                if (e.isShiftDown()) {
                    viewModel.fitAll();
                } else {
                    viewModel.fitSelection();
                }
            }
            case HOME -> viewModel.fitAll();
            case PERIOD -> viewModel.selectNext();
            case COMMA -> viewModel.selectPrevious();
            case M -> viewModel.marks().toggle(focusX()).ifPresent(note::open);
            case N -> viewModel.marks().showNeighbour(e.isShiftDown() ? -1 : 1);
            case P -> pinRow();
            case ESCAPE -> viewModel.clearSelection();
            case SPACE -> spaceHeld = true;
            default -> known = false;
        }
        if (known) {
            e.consume();
        }
    }

    /// Puts the row under the pointer above all others, or back into its group; where the pointer is elsewhere that of the
    /// selected event.
    void pinRow() {
        if (over) {
            viewModel.pointer().togglePin(lastY);
        } else {
            viewModel.togglePinOfSelected();
        }
        over &= !menuCalled;
        menuCalled = false;
    }

    /// Where keys act: at the pointer, or in the middle where it is elsewhere.
    private double focusX() {
        return lastX > viewModel.gutter() && lastX < node.getWidth()
                ? lastX
                : (viewModel.gutter() + node.getWidth()) / 2;
    }
}
