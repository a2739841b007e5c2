package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.theme.OperationKinds;
import org.moelab.app.timeline.TimelineFrame.Arrow;
import org.moelab.app.timeline.TimelineFrame.Bar;
import org.moelab.app.timeline.TimelineFrame.Box;
import org.moelab.app.timeline.TimelineFrame.CounterCurve;
import org.moelab.app.timeline.TimelineFrame.RowBand;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;

/// Prepares frames: finds what is in view and folds it to pixels, rows in parallel. Any thread may call it.
public final class FrameBuilder {
    /// More arrows than this only hide what they point at.
    static final int MOST_ARROWS = 200;
    /// How far slices may reach beyond the picture.
    private static final double BLEED = 16;

    private final FrameRequest request;
    private final Trace trace;
    private final RowLayout layout;

    private FrameBuilder(FrameRequest request) {
        this.request = request;
        this.trace = request.source().trace();
        this.layout = request.layout();
    }

    /// The frame that was asked for.
    public static TimelineFrame build(FrameRequest request) {
        return new FrameBuilder(request).build();
    }

    private record BarPlan(int band, Row row, RowLayout.Bar bar) {}

    private TimelineFrame build() {
        List<RowBand> bands = new ArrayList<>();
        List<BarPlan> plans = new ArrayList<>();
        for (int place = 0; place < layout.pinnedCount()
                && request.y(layout.top(place)) < request.size().height(); place++) {
            plan(place, bands, plans);
        }
        int first = layout.placeAt(layout.pinnedHeight() + request.scrollY());
        for (int place = first; place < layout.size()
                && request.y(layout.top(place)) < request.size().height(); place++) {
            plan(place, bands, plans);
        }
        Bar[] bars = new Bar[plans.size()];
        Cores.share(bars.length, () -> {
            SliceCollector slices = new SliceCollector(request);
            return i -> bars[i] = bar(plans.get(i), slices);
        });
        List<CounterCurve> counters = new ArrayList<>();
        for (int band = 0; band < bands.size(); band++) {
            for (CounterLevels counter : bands.get(band).row().counters()) {
                counters.add(curve(band, counter));
            }
        }
        TimeScale scale = TimeScale.of(request.view(), request.size().plotWidth(), 6.6);
        Optional<Box> outline = request.selected().isPresent() ? box(request.selected().getAsInt()) : Optional.empty();
        Overview overview = request.source().overview((int) Math.ceil(request.size().plotWidth()));
        return new TimelineFrame(request, bands, List.of(bars), counters, overview, scale, outline, arrows());
    }

    private void plan(int place, List<RowBand> bands, List<BarPlan> plans) {
        boolean pinned = place < layout.pinnedCount();
        double from = pinned ? FrameRequest.HEADER_HEIGHT : request.scrolledTop();
        for (RowLayout.Bar bar : layout.bars(place)) {
            double top = request.y(bar.top());
            if (top < request.size().height() && top + bar.height() > from) {
                plans.add(new BarPlan(bands.size(), layout.row(place), bar));
            }
        }
        bands.add(new RowBand(layout.row(place), layout.state(place), request.y(layout.top(place)),
                layout.height(place), pinned));
    }

    private Bar bar(BarPlan plan, SliceCollector slices) {
        for (int track : plan.bar().tracks()) {
            slices.collect(track, plan.bar().lane());
        }
        return new Bar(plan.band(), request.y(plan.bar().top()), plan.bar().height(), look(plan.bar()),
                !plan.bar().strip(), slices.take());
    }

    /// The curve of a counter: of each pixel the least and greatest sample, or the value that lasts into it.
    private CounterCurve curve(int band, CounterLevels levels) {
        double floor = levels.floor();
        double range = Math.max(Double.MIN_NORMAL, levels.max() - floor);
        int columns = (int) Math.ceil(request.size().plotWidth());
        float[] least = new float[columns];
        float[] greatest = new float[columns];
        int from = levels.firstAtOrAfter(timeAtColumn(0));
        for (int column = 0; column < columns; column++) {
            int to = levels.firstAtOrAfter(timeAtColumn(column + 1));
            CounterLevels.Extent extent = levels.extent(Math.max(0, from - 1), to);
            boolean none = extent.least() > extent.greatest() || to == 0
                    || timeAtColumn(column) > trace.endNs();
            least[column] = none ? Float.NaN : (float) ((extent.least() - floor) / range);
            greatest[column] = none ? Float.NaN : (float) ((extent.greatest() - floor) / range);
            from = to;
        }
        return new CounterCurve(band, least, greatest);
    }

    private long timeAtColumn(int column) {
        return trace.startNs() + (long) Math.floor(request.view().timeAt(column / request.size().plotWidth()));
    }

    private Optional<Box> box(int event) {
        int place = layout.placeOfTrack(trace.trackId(event));
        if (place < 0 || trace.end(event) < timeAtColumn(0)
                || request.x(trace.start(event)) > request.size().width()) {
            return Optional.empty();
        }
        double top = request.y(layout.laneTop(place, trace.depth(event)));
        boolean strip = layout.state(place) == RowState.FOLDED || layout.row(place).isGroup();
        double height = strip ? RowLayout.STRIP_HEIGHT : RowLayout.LANE_HEIGHT;
        double from = place < layout.pinnedCount() ? FrameRequest.HEADER_HEIGHT : request.scrolledTop();
        if (top + height <= from || top > request.size().height()) {
            return Optional.empty();
        }
        return Optional.of(new Box(Math.max(request.size().gutter() - BLEED, request.x(trace.start(event))),
                Math.max(from, top), Math.min(request.size().width() + BLEED, request.x(trace.end(event))),
                top + height));
    }

    private List<Arrow> arrows() {
        if (request.selected().isEmpty()) {
            return List.of();
        }
        int selected = request.selected().getAsInt();
        List<Arrow> arrows = new ArrayList<>();
        int call = trace.link(selected);
        if (call >= 0) {
            arrow(call, selected).ifPresent(arrows::add);
        }
        trace.forEachLaunched(selected, device -> {
            if (arrows.size() < MOST_ARROWS) {
                arrow(selected, device).ifPresent(arrows::add);
            }
        });
        return arrows;
    }

    private Optional<Arrow> arrow(int call, int device) {
        int callPlace = layout.placeOfTrack(trace.trackId(call));
        int devicePlace = layout.placeOfTrack(trace.trackId(device));
        if (callPlace < 0 || devicePlace < 0) {
            return Optional.empty();
        }
        double fromY = anchor(callPlace, call);
        double toY = anchor(devicePlace, device);
        double fromX = request.x(trace.start(call));
        double toX = request.x(trace.start(device));
        double left = request.size().gutter();
        double right = request.size().width();
        boolean outside = Math.max(fromX, toX) < left || Math.min(fromX, toX) > right
                || Math.max(fromY, toY) < FrameRequest.HEADER_HEIGHT || Math.min(fromY, toY) > request.size().height();
        // an end out of view stands at the edge: its height still tells the row
        return outside
                ? Optional.empty()
                : Optional.of(new Arrow(Math.clamp(fromX, left, right), fromY, Math.clamp(toX, left, right), toY));
    }

    /// The middle of the bar that an event lies in.
    private double anchor(int place, int event) {
        boolean strip = layout.state(place) == RowState.FOLDED || layout.row(place).isGroup();
        double height = strip ? RowLayout.STRIP_HEIGHT : RowLayout.LANE_HEIGHT;
        double middle = request.y(layout.laneTop(place, trace.depth(event))) + height / 2;
        return place < layout.pinnedCount() ? middle : Math.max(request.scrolledTop(), middle);
    }

    private TimelineFrame.Look look(RowLayout.Bar bar) {
        return switch (trace.tracks().get(bar.tracks()[0]).kind()) {
            case STREAM, API, OS_RUNTIME, SYNCHRONIZATION -> TimelineFrame.Look.WORK;
            case RANGES, DEVICE_RANGES -> TimelineFrame.Look.ANNOTATION;
            default -> TimelineFrame.Look.RANGE;
        };
    }

    /// Turns the slices of lanes into columns of pixels, one bar after the other.
    private static final class SliceCollector {
        private final Slices.Builder slices = new Slices.Builder();
        private final Trace trace;
        private final OperationKinds kinds;
        private final long cellNs;
        private final long fromNs;
        private final long toNs;
        private final double viewStart;
        private final double pixelsPerNs;
        private final double gutter;
        private final double leftmost;
        private final double rightmost;

        SliceCollector(FrameRequest request) {
            trace = request.source().trace();
            kinds = request.source().kinds();
            FrameRequest.Size size = request.size();
            Viewport view = request.view();
            cellNs = Math.max(1, (long) (view.spanNs() / size.plotWidth()));
            // cells keep their place on the trace's clock, so that panning does not make bars flicker
            fromNs = trace.startNs() + (long) Math.floor(view.fromNs() / cellNs) * cellNs;
            toNs = trace.startNs() + (long) Math.ceil(view.toNs());
            viewStart = view.fromNs();
            pixelsPerNs = size.plotWidth() / view.spanNs();
            gutter = size.gutter();
            leftmost = gutter - BLEED;
            rightmost = size.width() + BLEED;
        }

        void collect(int track, int level) {
            Lane lane = trace.lanes(track).get(level);
            // what was folded goes by its name alone: to look at its events costs more than all else
            EventKind foldedKind = lane.size() == 0 ? EventKind.OTHER : typicalKind(lane.event(0));
            lane.forEachSlice(fromNs, toNs, cellNs, (position, count, start, end, busy, name) -> {
                boolean whole = count == 1 && (busy >= cellNs || busy == 0);
                int share = whole
                        ? Slices.WHOLE
                        : (int) (Slices.FULL * Math.min(1.0, (double) busy / Math.max(cellNs, end - start)));
                EventKind kind = whole ? trace.kind(lane.event(position)) : foldedKind;
                slices.add(x(start), x(end), name, kinds.of(kind, name).ordinal(), share);
            });
        }

        /// The slices collected since the last call.
        Slices take() {
            return slices.take();
        }

        private EventKind typicalKind(int event) {
            EventKind kind = trace.kind(event);
            return kind.isDeviceWork() ? EventKind.KERNEL : kind;
        }

        private float x(long timeNs) {
            double x = gutter + (timeNs - trace.startNs() - viewStart) * pixelsPerNs;
            return (float) Math.max(leftmost, Math.min(rightmost, x));
        }
    }
}
