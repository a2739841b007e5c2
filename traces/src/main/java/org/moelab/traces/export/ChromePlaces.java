package org.moelab.traces.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Set<Long> takenPids = new HashSet<>();
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
        for (int i = 0; i < pids.length; i++) {
            long pid = trace.processes().get(i).pid();
            pids[i] = pid < 0 || takenPids.contains(pid) ? FIRST_INVENTED_PID + 1 + i : pid;
            takenPids.add(pids[i]);
        }
        return pids;
    }

    /// A device's own number where nothing else has it.
    private long devicePid(DeviceKey key) {
        return key.device < 0 || !takenPids.add((long) key.device)
                ? FIRST_INVENTED_PID + 1_000_000 + pidOfDevice.size()
                : key.device;
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
        NestingThreads threads = new NestingThreads();
        List<Long> numbers = new ArrayList<>(List.of(thread.tid));
        for (int event : events) {
            int place = threads.place(trace.start(event), trace.end(event));
            if (place == numbers.size()) {
                numbers.add(inventTid(thread.pid));
            }
            if (place > 0) {
                tidOfStray.put(event, numbers.get(place));
            }
        }
    }
}
