package org.moelab.app.timeline;

import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;

/// What the pointer does at places of a timeline's picture: clicks, drags, and the strip that shows the whole trace.
final class TimelinePointer {
    private final TimelineViewModel timeline;
    private final Selection selection;

    TimelinePointer(TimelineViewModel timeline, Selection selection) {
        this.timeline = timeline;
        this.selection = selection;
    }

    /// What lies at a point of the picture.
    Optional<Hit> hit(double x, double y) {
        return timeline.request().flatMap(r -> HitTest.at(r, x, y));
    }

    /// Selects the event at a point. Where none lies there, the selection of event and kernel ends. In the captions it opens or closes the row.
    void click(double x, double y) {
        Optional<FrameRequest> request = timeline.request();
        if (request.isEmpty()) {
            return;
        }
        if (x < request.get().size().gutter()) {
            HitTest.place(request.get(), y).ifPresent(place -> timeline.toggle(request.get().layout().row(place)));
            return;
        }
        Optional<Hit> hit = hit(x, y);
        selection.kernelProperty().set(Optional.empty());
        selection.eventProperty().set(hit.map(h -> OptionalInt.of(h.event())).orElse(OptionalInt.empty()));
    }

    /// Selects the part between two points.
    void drag(double fromX, double fromY, double toX, double toY) {
        timeline.request().ifPresent(request -> {
            RowLayout rows = request.layout();
            int first = placeNear(request, Math.min(fromY, toY));
            int last = placeNear(request, Math.max(fromY, toY));
            Row highest = rows.row(first);
            Row lowest = rows.row(last);
            boolean whole = lowest.isGroup() && (first == last || rows.state(last) == RowState.FOLDED);
            // rows above all others may lie behind the others in the tree
            timeline.select(new Area(times(request, fromX, toX), Math.min(highest.id(), lowest.id()),
                    Math.max(highest.id() + 1, whole ? lowest.end() : lowest.id() + 1)));
        });
    }

    /// Selects the times between two horizontal places, over all rows.
    void dragTimes(double fromX, double toX) {
        timeline.request().ifPresent(request -> timeline
                .select(Area.ofAllRows(times(request, fromX, toX), request.source().tree())));
    }

    private static TimeRange times(FrameRequest request, double fromX, double toX) {
        long from = request.timeNear(Math.min(fromX, toX));
        return new TimeRange(from, Math.max(from, request.timeNear(Math.max(fromX, toX))));
    }

    private static int placeNear(FrameRequest request, double y) {
        double row = request.rowsY(Math.max(FrameRequest.HEADER_HEIGHT, y));
        return Math.clamp(request.layout().placeAt(row), 0, request.layout().size() - 1);
    }

    /// Puts the row at a height above all others, or back into its group.
    void togglePin(double y) {
        timeline.request().flatMap(r -> HitTest.place(r, y).map(r.layout()::row)).ifPresent(timeline::togglePin);
    }

    /// Moves the times in view so that a place on the strip that shows the whole trace lies in their middle.
    void centreOverview(double x) {
        timeline.request().ifPresent(r -> timeline
                .show(r.view().centredAt(r.plotFraction(x) * r.source().lengthNs())));
    }

    /// Moves the times in view by a way on the strip that shows the whole trace.
    void panOverview(double pixels) {
        timeline.request().ifPresent(r -> timeline
                .show(r.view().panned(pixels / r.size().plotWidth() * r.source().lengthNs())));
    }

    /// Whether a point lies on the strip that shows the whole trace, within the window that stands for the times in view.
    boolean inOverviewWindow(double x, double y) {
        return y < FrameRequest.OVERVIEW_HEIGHT && timeline.request().map(Look::overviewWindow)
                .filter(w -> x >= w.from() && x <= w.to()).isPresent();
    }
}
