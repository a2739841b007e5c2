package org.moelab.traces.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// Numbers the processes and threads of a Chrome trace. A device counts as a process and a stream as its thread, as the
/// PyTorch profiler has it; where several processes use a device, each gets a device of its own.
///
/// Slices of a thread must nest, or viewers drop some. What only overlaps its forerunner goes to a further thread.
final class ChromePlaces {
    private static final long FIRST_INVENTED_PID = 1_000_000_000;
    private static final long FIRST_INVENTED_TID = 2_000_000_000;
    /// Where the PyTorch profiler puts its own overhead that belongs to no thread.
    private static final long OVERHEAD_PID = -1;

    private final Trace trace;
    private final boolean profiler;
    private final long[] pidOfProcess;
    private final Map<DeviceKey, Long> pidOfDevice = new LinkedHashMap<>();
    private final Map<Long, Long> nextTid = new HashMap<>();
    private final long[] tidOfTrack;
    /// Tracks by the thread that they share, as `pid` and `tid`.
    private final Map<ThreadId, List<Integer>> tracksOfThread = new LinkedHashMap<>();
    /// Further threads of overlapping events, few.
    private final Map<Integer, Long> tidOfStray = new TreeMap<>();

    /// A device as a process uses it.
    record DeviceKey(int process, int device) {}

    /// A thread as the file numbers it.
    record ThreadId(long pid, long tid) {}

    ChromePlaces(Trace trace) {
        this.trace = trace;
        TraceFormat format = trace.info().format();
        this.profiler = format == TraceFormat.KINETO || format == TraceFormat.CHROME;
        this.pidOfProcess = processes();
        this.tidOfTrack = new long[trace.tracks().size()];
        for (Track track : trace.tracks()) {
            if (trace.trackBegin(track.id()) < trace.trackEnd(track.id()) && !isLeftOut(trace.trackBegin(track.id()))) {
                long pid = pid(track);
                tidOfTrack[track.id()] = tidOf(track, pid);
                tracksOfThread.computeIfAbsent(new ThreadId(pid, tidOfTrack[track.id()]), _ -> new ArrayList<>())
                        .add(track.id());
            }
        }
        tracksOfThread.forEach(this::spread);
    }

    /// The process that a track's events are shown in.
    long pid(Track track) {
        Locus locus = track.locus();
        if (isOnDevice(track)) {
            return pidOfDevice.computeIfAbsent(new DeviceKey(locus.process(), locus.device()), this::devicePid);
        }
        if (track.kind() == TrackKind.OVERHEAD && locus.thread() == Locus.NONE) {
            return OVERHEAD_PID;
        }
        return locus.process() < 0 ? FIRST_INVENTED_PID : pidOfProcess[locus.process()];
    }

    /// Whether an event is not to be written: a range that was projected onto a device. Where the PyTorch profiler made the
    /// recording, HolisticTraceAnalysis would take it for one of the profiler's own and cut the last step elsewhere.
    boolean isLeftOut(int event) {
        return profiler && trace.origin(event) >= 0;
    }

    /// The thread that an event is shown in.
    long tid(int event) {
        Long stray = tidOfStray.isEmpty() ? null : tidOfStray.get(event);
        return stray == null ? tidOfTrack[trace.trackId(event)] : stray;
    }

    /// The number of a process.
    long pidOfProcess(int process) {
        return pidOfProcess[process];
    }

    /// The numbers of the devices.
    Map<DeviceKey, Long> devices() {
        return pidOfDevice;
    }

    /// The threads and what they hold, strays left out.
    Map<ThreadId, List<Integer>> threads() {
        return tracksOfThread;
    }

    /// The further threads, each with the track whose strays it holds.
    Map<ThreadId, Integer> strayThreads() {
        Map<ThreadId, Integer> threads = new LinkedHashMap<>();
        tidOfStray.forEach((event, tid) -> threads.putIfAbsent(new ThreadId(pid(trace.track(event)), tid),
                trace.trackId(event)));
        return threads;
    }

    static boolean isOnDevice(Track track) {
        return switch (track.kind()) {
            case STREAM, DEVICE_RANGES, SYNCHRONIZATION, DEVICE, CONTEXT -> true;
            case COUNTER -> track.locus().device() != Locus.NONE;
            default -> false;
        };
    }

    private long[] processes() {
        long[] pids = new long[trace.processes().size()];
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < pids.length; i++) {
            long pid = trace.processes().get(i).pid();
            pids[i] = pid < 0 || taken.contains(pid) ? FIRST_INVENTED_PID + 1 + i : pid;
            taken.add(pids[i]);
        }
        return pids;
    }

    /// A device's own number where nothing else has it.
    private long devicePid(DeviceKey key) {
        boolean taken = key.device < 0 || pidOfDevice.containsValue((long) key.device)
                || IntStream.range(0, pidOfProcess.length).anyMatch(p -> pidOfProcess[p] == key.device);
        return taken ? FIRST_INVENTED_PID + 1_000_000 + pidOfDevice.size() : key.device;
    }

    private long tidOf(Track track, long pid) {
        Locus locus = track.locus();
        if (isOnDevice(track)) {
            return locus.stream() == Locus.NONE ? inventTid(pid) : locus.stream();
        }
        return locus.thread() == Locus.NONE ? pid == OVERHEAD_PID ? 0 : inventTid(pid) : locus.thread();
    }

    private long inventTid(long pid) {
        return nextTid.merge(pid, 1L, Long::sum) + FIRST_INVENTED_TID;
    }

    /// Sends what does not nest to further threads. Host threads of the PyTorch profiler are left as they are, because
    /// their numbers are all that tells their events apart.
    private void spread(ThreadId thread, List<Integer> tracks) {
        boolean onDevice = isOnDevice(trace.tracks().get(tracks.getFirst()));
        if (!onDevice && profiler) {
            return;
        }
        int[] events = tracks.stream().flatMapToInt(t -> IntStream.range(trace.trackBegin(t), trace.trackEnd(t)))
                .filter(e -> trace.duration(e) > 0 && !isLeftOut(e)).toArray();
        if (tracks.size() > 1) {
            IntSort.sort(events, (a, b) -> trace.start(a) != trace.start(b)
                    ? Long.compare(trace.start(a), trace.start(b))
                    : Long.compare(trace.duration(b), trace.duration(a)));
        }
        List<NestedSlices> lanes = new ArrayList<>(List.of(new NestedSlices(thread.tid)));
        for (int event : events) {
            int lane = 0;
            while (lane < lanes.size() && !lanes.get(lane).accept(trace.start(event), trace.end(event))) {
                lane++;
            }
            if (lane == lanes.size()) {
                NestedSlices further = new NestedSlices(inventTid(thread.pid));
                further.accept(trace.start(event), trace.end(event));
                lanes.add(further);
            }
            if (lane > 0) {
                tidOfStray.put(event, lanes.get(lane).tid);
            }
        }
    }

    /// Slices that come by rising start and nest.
    private static final class NestedSlices {
        private final long tid;
        private long[] openEnds = new long[16];
        private int open;

        NestedSlices(long tid) {
            this.tid = tid;
        }

        /// Takes the slice where it begins behind or lies within the last one that is open.
        boolean accept(long start, long end) {
            while (open > 0 && openEnds[open - 1] <= start) {
                open--;
            }
            if (open > 0 && openEnds[open - 1] < end) {
                return false;
            }
            if (open == openEnds.length) {
                openEnds = java.util.Arrays.copyOf(openEnds, open * 2);
            }
            openEnds[open++] = end;
            return true;
        }
    }
}
