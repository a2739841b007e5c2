package org.moelab.traces.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Collects processes, tracks and events, then sorts, nests, links and freezes them into a [Trace].
///
/// Events come in [EventChunk]s, which several threads may fill at once; everything else here is for one thread, except
/// [#launchConfig], which any thread may call.
public final class TraceBuilder {
    private final List<ProcessInfo> processes = new ArrayList<>();
    private final List<Track> tracks = new ArrayList<>();
    private final Map<TrackKey, Integer> trackIds = new HashMap<>();
    private final StringTable.Builder strings = new StringTable.Builder();
    private final List<EventChunk> chunks = new ArrayList<>();
    private final List<CounterSeries> counters = new ArrayList<>();
    private final List<FlowPoint> flowPoints = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();
    private final Map<LaunchConfig, Integer> launchConfigIds = new ConcurrentHashMap<>();

    private record TrackKey(int parent, TrackKind kind, String name, Locus locus) {}

    private record FlowPoint(int track, long timeNs, long flowId, String category, boolean begins) {}

    /// Adds a process and gives its index.
    public int process(ProcessInfo process) {
        processes.add(process);
        return processes.size() - 1;
    }

    /// The id of a track, added if no track has the same parent, kind, name and locus.
    public int track(int parent, TrackKind kind, String name, Locus locus, int order) {
        return trackIds.computeIfAbsent(new TrackKey(parent, kind, name, locus), k -> {
            tracks.add(new Track(tracks.size(), k.parent, k.kind, k.name, k.locus, order));
            return tracks.size() - 1;
        });
    }

    /// The index of a launch configuration, for [AttributeKey#LAUNCH_CONFIG]. Any thread may call it.
    public int launchConfig(LaunchConfig config) {
        Integer known = launchConfigIds.get(config);
        if (known != null) {
            return known;
        }
        synchronized (launchConfigIds) {
            return launchConfigIds.computeIfAbsent(config, _ -> launchConfigIds.size());
        }
    }

    /// A chunk whose strings are this builder's own: cheaper to merge, for importers that fill it on one thread.
    public EventChunk chunk() {
        return new EventChunk(strings);
    }

    /// Hands over a filled chunk. Its track numbers must be track ids of this builder by now.
    public void add(EventChunk chunk) {
        chunks.add(chunk);
    }

    /// Adds a counter's samples; times must rise.
    public void counter(CounterSeries series) {
        counters.add(series);
    }

    /// One end of an arrow: it attaches to the innermost event of the track that covers the time.
    /// Ends with the same category and id are joined, beginning to end.
    public void flowPoint(int track, long timeNs, long flowId, String category, boolean begins) {
        flowPoints.add(new FlowPoint(track, timeNs, flowId, category, begins));
    }

    /// Notes something dropped, repaired or suspicious; nothing where the count is 0.
    public void warn(String code, long count, String message) {
        if (count > 0) {
            warnings.add(new Warning(code, count, message));
        }
    }

    /// Sorts, nests, links and freezes.
    public Trace build(RecordingInfo info, ImportMonitor monitor) {
        EventColumns columns = new EventColumns(Math.toIntExact(chunks.stream().mapToLong(EventChunk::size).sum()));
        int[] trackBegin = new int[tracks.size() + 1];
        monitor.update(Double.NaN, "sorting");
        int[] positionOfRow = place(columns, trackBegin);
        Map<AttributeKey, Attribute> attributes = attributes(positionOfRow);
        monitor.checkCancelled();
        List<List<Lane>> lanes = IntStream.range(0, tracks.size()).parallel()
                .mapToObj(t -> Lanes.nest(columns, trackBegin[t], trackBegin[t + 1])).toList();
        monitor.checkCancelled();
        monitor.update(Double.NaN, "linking");
        LaunchLinks links = LaunchLinks.join(columns, tracks);
        List<LaunchConfig> configs = new ArrayList<>(
                java.util.Collections.nCopies(launchConfigIds.size(), new LaunchConfig(0, 0, 0, 0, 0, 0, 0, 0, 0)));
        launchConfigIds.forEach((config, id) -> configs.set(id, config));
        warnOfLinks(columns, links);
        Trace recorded = new Trace(info, warnings, processes, tracks, columns, strings.build(), configs, attributes,
                counters, flows(columns, lanes), new int[0], trackBegin, lanes, links);
        return DeviceRanges.addTo(recorded, columns);
    }

    private void warnOfLinks(EventColumns columns, LaunchLinks links) {
        long unlinked = 0;
        long early = 0;
        boolean calls = false;
        for (int e = 0; e < columns.size; e++) {
            EventKind kind = EventKind.of(columns.kind[e]);
            calls |= kind.isApiCall();
            if (kind.isDeviceWork()) {
                int launch = links.launchOf(e);
                unlinked += launch < 0 && kind == EventKind.KERNEL ? 1 : 0;
                early += launch >= 0 && columns.start[e] < columns.start[launch] ? 1 : 0;
            }
        }
        if (calls) {
            warn("kernel-without-launch", unlinked,
                    unlinked + " kernels have no launch: the call was cut off or not recorded");
        }
        warn("clock-backwards", early,
                early + " pieces of device work start before the call that launched them: the clocks disagree");
    }

    /// Fills the columns in sorted order; the result leads from a row (counted over all chunks) to its event.
    private int[] place(EventColumns columns, int[] trackBegin) {
        int[] firstRow = firstRows();
        for (EventChunk c : chunks) {
            for (int row = 0; row < c.size; row++) {
                trackBegin[c.track[row] + 1]++;
            }
        }
        Arrays.parallelPrefix(trackBegin, Integer::sum);
        long[] start = new long[columns.size];
        long[] duration = new long[columns.size];
        int[] order = new int[columns.size];
        int[] next = trackBegin.clone();
        for (int k = 0; k < chunks.size(); k++) {
            EventChunk c = chunks.get(k);
            for (int row = 0; row < c.size; row++) {
                int global = firstRow[k] + row;
                start[global] = c.start[row];
                duration[global] = c.duration[row];
                order[next[c.track[row]]++] = global;
            }
        }
        IntSort.Order byTime = (a,
                b) -> start[a] != start[b] ? Long.compare(start[a], start[b]) : Long.compare(duration[b], duration[a]);
        IntStream.range(0, tracks.size()).parallel()
                .forEach(t -> IntSort.sort(order, trackBegin[t], trackBegin[t + 1], byTime));
        int[] positionOfRow = new int[columns.size];
        for (int e = 0; e < columns.size; e++) {
            positionOfRow[order[e]] = e;
            columns.start[e] = start[order[e]];
            columns.duration[e] = duration[order[e]];
        }
        for (int k = 0; k < chunks.size(); k++) {
            scatter(chunks.get(k), firstRow[k], positionOfRow, columns);
        }
        return positionOfRow;
    }

    private int[] firstRows() {
        int[] first = new int[chunks.size()];
        for (int k = 1; k < first.length; k++) {
            first[k] = first[k - 1] + chunks.get(k - 1).size;
        }
        return first;
    }

    private void scatter(EventChunk c, int firstRow, int[] positionOfRow, EventColumns columns) {
        int[] names = c.strings() == strings ? new int[0] : strings.merge(c.strings());
        for (int row = 0; row < c.size; row++) {
            int e = positionOfRow[firstRow + row];
            columns.name[e] = names.length == 0 ? c.name[row] : names[c.name[row]];
            columns.track[e] = c.track[row];
            columns.kind[e] = c.kind[row];
            columns.correlation[e] = c.correlation[row];
            columns.source[e] = c.source[row];
        }
        if (names.length > 0) {
            c.attributes.forEach((key, column) -> {
                if (key.type() == AttributeKey.Type.STRING) {
                    for (int i = 0; i < column.size; i++) {
                        column.bits[i] = names[(int) column.bits[i]];
                    }
                }
            });
        }
    }

    private Map<AttributeKey, Attribute> attributes(int[] positionOfRow) {
        Map<AttributeKey, Integer> sizes = new LinkedHashMap<>();
        for (EventChunk c : chunks) {
            c.attributes.forEach((key, column) -> sizes.merge(key, column.size, Integer::sum));
        }
        int[] firstRow = firstRows();
        Map<AttributeKey, Attribute> frozen = new LinkedHashMap<>();
        sizes.forEach((key, size) -> {
            int[] events = new int[size];
            long[] bits = new long[size];
            int n = 0;
            for (int k = 0; k < chunks.size(); k++) {
                EventChunk.AttributeColumn column = chunks.get(k).attributes.get(key);
                for (int i = 0; column != null && i < column.size; i++) {
                    events[n] = positionOfRow[firstRow[k] + column.rows[i]];
                    bits[n++] = column.bits[i];
                }
            }
            int[] order = IntStream.range(0, size).toArray();
            IntSort.sort(order, (a, b) -> Integer.compare(events[a], events[b]));
            frozen.put(key, new Attribute(key, IntStream.of(order).map(i -> events[i]).toArray(),
                    IntStream.of(order).mapToLong(i -> bits[i]).toArray()));
        });
        return frozen;
    }

    private List<Flow> flows(EventColumns columns, List<List<Lane>> lanes) {
        record Key(String category, long id) {}
        Map<Key, Integer> beginnings = new HashMap<>();
        for (FlowPoint p : flowPoints) {
            if (p.begins) {
                int e = innermost(columns, lanes.get(p.track), p.timeNs);
                if (e >= 0) {
                    beginnings.putIfAbsent(new Key(p.category, p.flowId), e);
                }
            }
        }
        List<Flow> flows = new ArrayList<>();
        for (FlowPoint p : flowPoints) {
            Integer from = p.begins ? null : beginnings.get(new Key(p.category, p.flowId));
            int to = from == null ? -1 : innermost(columns, lanes.get(p.track), p.timeNs);
            if (from != null && to >= 0) {
                flows.add(new Flow(from, to, p.category));
            }
        }
        return flows;
    }

    private static int innermost(EventColumns columns, List<Lane> lanes, long timeNs) {
        int found = -1;
        for (Lane lane : lanes) {
            int i = lane.lastStartingAtOrBefore(timeNs);
            if (i >= 0) {
                int e = lane.event(i);
                if (columns.start[e] + columns.duration[e] >= timeNs) {
                    found = e;
                }
            }
        }
        return found;
    }
}
