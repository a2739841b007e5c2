package org.moelab.app.timeline;

import java.util.Optional;

import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;

/// Finds the event under the pointer by binary search in the levels drawn there.
final class HitTest {
    /// How many pixels beside an event still point at it.
    static final double REACH = 3;

    private final FrameRequest request;
    private final Trace trace;
    private final double timeNs;
    private final double nsPerPixel;
    private int best = -1;
    private double bestDistance;
    private int sharing;

    private HitTest(FrameRequest request, double x) {
        this.request = request;
        this.trace = request.source().trace();
        this.nsPerPixel = request.view().spanNs() / request.size().plotWidth();
        this.timeNs = request.view().fromNs() + (x - request.size().gutter()) * nsPerPixel;
        this.bestDistance = REACH * nsPerPixel;
    }

    /// The place of the row at a height, where there is one.
    static Optional<Integer> place(FrameRequest request, double y) {
        if (y < FrameRequest.HEADER_HEIGHT || y >= request.size().height()) {
            return Optional.empty();
        }
        int place = request.layout().placeAt(request.rowsY(y));
        return place < 0 || place >= request.layout().size() ? Optional.empty() : Optional.of(place);
    }

    /// The event at a point.
    static Optional<Hit> at(FrameRequest request, double x, double y) {
        if (x < request.size().gutter()) {
            return Optional.empty();
        }
        return place(request, y).flatMap(place -> new HitTest(request, x).find(place, y));
    }

    private Optional<Hit> find(int place, double y) {
        double row = request.rowsY(y);
        for (RowLayout.Bar bar : request.layout().bars(place)) {
            boolean within = bar.strip() || row >= bar.top() && row < bar.top() + RowLayout.LANE_PITCH;
            for (int track : within ? bar.tracks() : new int[0]) {
                search(trace.lanes(track).get(bar.lane()));
            }
        }
        return best < 0
                ? Optional.empty()
                : Optional.of(new Hit(request.layout().row(place).id(), best, Math.max(1, sharing)));
    }

    private void search(Lane lane) {
        long time = trace.startNs() + (long) Math.floor(timeNs);
        int after = lane.firstEndingAfter(time);
        for (int i = Math.max(0, after - 1); i <= Math.min(after + 1, lane.size() - 1); i++) {
            int event = lane.event(i);
            double start = trace.start(event) - trace.startNs();
            double end = start + trace.duration(event);
            double distance = timeNs < start ? start - timeNs : timeNs > end ? timeNs - end : 0;
            if (distance < bestDistance || distance == 0 && best < 0) {
                best = event;
                bestDistance = distance;
                long pixel = trace.startNs() + (long) Math.floor(timeNs - nsPerPixel / 2);
                sharing = lane.count(pixel, pixel + Math.max(1, (long) nsPerPixel));
            }
        }
    }
}
