package org.moelab.traces.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Host ranges as they appear on the device: for each range with device work in it, the time from the start of its first
/// piece of work to the end of its last.
///
/// Work is in a range if the call that launched it lies within the range, on the same thread. A range that ends on another
/// thread ([AttributeKey#END_THREAD]) is left out. This is how Nsight Systems defines its NVTX GPU projection. Entries are
/// numbered from 0 to [#size()], thread by thread, by rising start of the range.
public final class RangeProjection {
    private int[] ranges = new int[0];
    private long[] startNs = new long[0];
    private long[] endNs = new long[0];
    private int[] launches = new int[0];
    private int[] levels = new int[0];
    private int[] children = new int[0];
    private int size;

    private RangeProjection() {
    }

    private record HostThread(int process, long id) {}

    /// Projects all ranges of a trace.
    ///
    /// @param counts which device events count as work in a range
    public static RangeProjection of(Trace trace, IntPredicate counts) {
        RangeProjection projection = new RangeProjection();
        for (List<Track> tracks : threads(trace)) {
            int[] found = rangesOf(trace, tracks);
            if (found.length > 0) {
                projection.add(trace, found, LaunchedWork.of(trace, tracks, counts));
            }
        }
        return projection;
    }

    /// Projects all ranges of a trace on each device that work was launched on from within them. All device work counts.
    static SortedMap<Integer, RangeProjection> byDevice(Trace trace) {
        SortedMap<Integer, RangeProjection> projections = new TreeMap<>();
        for (List<Track> tracks : threads(trace)) {
            int[] found = rangesOf(trace, tracks);
            if (found.length > 0) {
                LaunchedWork.byDevice(trace, tracks).forEach((device, work) -> projections
                        .computeIfAbsent(device, _ -> new RangeProjection()).add(trace, found, work));
            }
        }
        return projections;
    }

    /// The tracks of each thread that hold events.
    private static Collection<List<Track>> threads(Trace trace) {
        Map<HostThread, List<Track>> threads = new HashMap<>();
        for (Track track : trace.tracks()) {
            if (trace.trackBegin(track.id()) < trace.trackEnd(track.id())) {
                Locus at = track.locus();
                threads.computeIfAbsent(new HostThread(at.process(), at.thread()), _ -> new ArrayList<>()).add(track);
            }
        }
        return threads.values();
    }

    /// The ranges of a thread by rising start, outer ones first.
    private static int[] rangesOf(Trace trace, List<Track> tracks) {
        Attribute elsewhere = trace.attribute(AttributeKey.END_THREAD).orElse(null);
        int[] found = tracks.stream().flatMapToInt(
                t -> IntStream.range(trace.trackBegin(t.id()), trace.trackEnd(t.id())))
                .filter(e -> isRange(trace.kind(e)) && (elsewhere == null || !elsewhere.has(e))).toArray();
        IntSort.sort(found, (a, b) -> trace.start(a) != trace.start(b)
                ? Long.compare(trace.start(a), trace.start(b))
                : Long.compare(trace.end(b), trace.end(a)));
        return found;
    }

    private static boolean isRange(EventKind kind) {
        return kind == EventKind.RANGE || kind == EventKind.START_END_RANGE;
    }

    private void add(Trace trace, int[] found, LaunchedWork work) {
        makeRoomFor(size + found.length);
        List<Integer> open = new ArrayList<>();
        for (int range : found) {
            LaunchedWork.Span span = work.within(trace.start(range), trace.end(range));
            if (span.launches() == 0) {
                continue;
            }
            int entry = size++;
            ranges[entry] = range;
            startNs[entry] = span.startNs();
            endNs[entry] = span.endNs();
            launches[entry] = span.launches();
            open.removeIf(o -> trace.end(ranges[o]) <= trace.start(range));
            int parent = -1;
            for (int o : open) {
                if (trace.end(ranges[o]) >= trace.end(range)) {
                    levels[entry]++;
                    parent = o;
                }
            }
            if (parent >= 0) {
                children[parent]++;
            }
            open.add(entry);
        }
    }

    private void makeRoomFor(int entries) {
        if (entries > ranges.length) {
            int room = Math.max(entries, ranges.length + (ranges.length >> 1));
            ranges = Arrays.copyOf(ranges, room);
            startNs = Arrays.copyOf(startNs, room);
            endNs = Arrays.copyOf(endNs, room);
            launches = Arrays.copyOf(launches, room);
            levels = Arrays.copyOf(levels, room);
            children = Arrays.copyOf(children, room);
        }
    }

    /// How many ranges have work in them.
    public int size() {
        return size;
    }

    /// The range's event.
    public int range(int entry) {
        return ranges[entry];
    }

    /// Start of the first piece of work in ns.
    public long startNs(int entry) {
        return startNs[entry];
    }

    /// End of the last piece of work in ns.
    public long endNs(int entry) {
        return endNs[entry];
    }

    /// How many calls in the range launched work. A CUDA graph counts once, however many kernels it runs.
    public int launches(int entry) {
        return launches[entry];
    }

    /// How many other projected ranges of its thread enclose the range.
    public int level(int entry) {
        return levels[entry];
    }

    /// How many projected ranges the range encloses directly.
    public int children(int entry) {
        return children[entry];
    }
}
