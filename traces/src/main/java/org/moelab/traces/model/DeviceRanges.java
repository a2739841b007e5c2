package org.moelab.traces.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Adds the projection of host ranges to a trace as tracks of its devices, after all that was recorded.
final class DeviceRanges {
    /// Above the streams of the device.
    private static final int ORDER = -1;

    private final Trace trace;
    private final EventColumns columns;
    private final List<Track> tracks;
    private final List<int[]> entries = new ArrayList<>();
    private final List<RangeProjection> projections = new ArrayList<>();

    private DeviceRanges(Trace trace, EventColumns columns) {
        this.trace = trace;
        this.columns = columns;
        this.tracks = new ArrayList<>(trace.tracks());
    }

    /// A trace with tracks of projected ranges; the same trace where no range launched device work, or where the
    /// producer placed ranges on devices itself.
    ///
    /// @param columns the trace's own columns, which grow
    static Trace addTo(Trace trace, EventColumns columns) {
        boolean producersOwn = IntStream.range(0, columns.size)
                .anyMatch(e -> columns.kind[e] == EventKind.DEVICE_RANGE.ordinal());
        boolean ranges = IntStream.range(0, columns.size).anyMatch(e -> columns.kind[e] == EventKind.RANGE.ordinal()
                || columns.kind[e] == EventKind.START_END_RANGE.ordinal());
        return producersOwn || !ranges ? trace : new DeviceRanges(trace, columns).add();
    }

    private Trace add() {
        RangeProjection.byDevice(trace).forEach(this::project);
        return entries.isEmpty() ? trace : append();
    }

    private void project(int device, RangeProjection projection) {
        int from = 0;
        while (from < projection.size()) {
            Locus thread = trace.track(projection.range(from)).locus();
            int to = from;
            while (to < projection.size() && sameThread(thread, trace.track(projection.range(to)).locus())) {
                to++;
            }
            addTrack(projection, from, to, thread, device);
            from = to;
        }
    }

    private static boolean sameThread(Locus a, Locus b) {
        return a.process() == b.process() && a.thread() == b.thread();
    }

    private void addTrack(RangeProjection projection, int from, int to, Locus thread, int device) {
        int[] sorted = IntStream.range(from, to).toArray();
        IntSort.sort(sorted, (a, b) -> projection.startNs(a) != projection.startNs(b)
                ? Long.compare(projection.startNs(a), projection.startNs(b))
                : Long.compare(projection.endNs(b), projection.endNs(a)));
        entries.add(sorted);
        projections.add(projection);
        String title = trace.info().format() == TraceFormat.NSYS ? "NVTX on GPU" : "Ranges on GPU";
        boolean first = tracks.stream().noneMatch(t -> t.id() >= trace.tracks().size()
                && t.locus().device() == device && t.locus().process() == thread.process());
        tracks.add(new Track(tracks.size(), group(thread.process(), device), TrackKind.DEVICE_RANGES,
                first ? title : title + " · thread " + thread.thread(),
                new Locus(thread.process(), thread.thread(), device, Locus.NONE, Locus.NONE), ORDER));
    }

    private int group(int process, int device) {
        return trace.tracks().stream().filter(t -> t.kind() == TrackKind.DEVICE && t.locus().device() == device)
                .filter(t -> t.locus().process() == process).mapToInt(Track::id).findFirst().orElse(Locus.NONE);
    }

    private Trace append() {
        int recorded = columns.size;
        columns.grow(entries.stream().mapToInt(a -> a.length).sum());
        int[] trackBegin = new int[tracks.size() + 1];
        for (int t = 0; t < trace.tracks().size(); t++) {
            trackBegin[t] = trace.trackBegin(t);
        }
        List<List<Lane>> lanes = new ArrayList<>();
        for (int t = 0; t < trace.tracks().size(); t++) {
            lanes.add(trace.lanes(t));
        }
        int event = recorded;
        for (int i = 0; i < entries.size(); i++) {
            int track = trace.tracks().size() + i;
            trackBegin[track] = event;
            for (int entry : entries.get(i)) {
                place(event++, track, projections.get(i), entry);
            }
            lanes.add(Lanes.nest(columns, trackBegin[track], event));
        }
        trackBegin[tracks.size()] = event;
        return new Trace(trace, tracks, columns, trackBegin, lanes, recorded);
    }

    private void place(int event, int track, RangeProjection projection, int entry) {
        columns.start[event] = projection.startNs(entry);
        columns.duration[event] = projection.endNs(entry) - projection.startNs(entry);
        columns.name[event] = columns.name[projection.range(entry)];
        columns.track[event] = track;
        columns.kind[event] = (byte) EventKind.DEVICE_RANGE.ordinal();
        columns.correlation[event] = EventColumns.NO_CORRELATION;
        columns.source[event] = projection.range(entry);
    }
}
