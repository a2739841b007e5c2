package org.moelab.traces.nsys;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.nsys.Place.HostRow;
import org.moelab.traces.nsys.Place.OnDevice;
import org.moelab.traces.nsys.Place.OnThread;

/// Makes the timeline's tracks of the places where events were found: process, threads and their rows, devices and their
/// streams.
final class TrackTree {
    /// Devices come after all threads of their process.
    private static final int DEVICES = 1 << 24;
    private static final int AFTER_STREAMS = 1 << 24;

    private final TraceBuilder builder;
    private final Targets targets;
    private final NvtxEvents nvtx;
    private final List<String> tables;
    private final List<Place> places;
    /// The only process with calls, for device rows that do not tell theirs.
    private final long onlyProcess;
    private final Map<Long, Integer> processes = new HashMap<>();
    private final Map<Long, Integer> processTracks = new HashMap<>();
    private final Set<Context> contexts = new HashSet<>();

    private record Context(long globalPid, int device, long context) {}

    TrackTree(Collector collector, Targets targets, NvtxEvents nvtx) {
        this.builder = collector.builder();
        this.targets = targets;
        this.nvtx = nvtx;
        this.tables = collector.database().tables();
        this.places = collector.places();
        Set<Long> seen = new TreeSet<>();
        for (Place place : places) {
            seen.add(switch (place) {
                case OnThread thread -> GlobalId.process(thread.globalTid());
                case OnDevice device -> device.globalPid();
            });
        }
        Set<Long> told = new TreeSet<>(seen);
        told.remove(0L);
        onlyProcess = told.size() == 1 ? told.iterator().next() : 0;
        if (onlyProcess != 0) {
            seen = told;
        }
        seen.forEach(this::addProcess);
        for (Place place : places) {
            if (place instanceof OnDevice device && device.row() == Place.DeviceRow.STREAM) {
                contexts.add(new Context(owner(device), device.device(), device.context()));
            }
        }
    }

    private void addProcess(long globalPid) {
        String name = targets.processName(globalPid);
        int process = builder.process(new ProcessInfo(GlobalId.pid(globalPid), name, OptionalInt.empty()));
        processes.put(globalPid, process);
        processTracks.put(globalPid,
                builder.track(Locus.NONE, TrackKind.PROCESS, titled(name, "process", GlobalId.pid(globalPid)),
                        Locus.process(process), process));
    }

    /// The track id of each place.
    int[] build() {
        int[] tracks = new int[places.size()];
        Comparator<Integer> mainThreadFirst = Comparator.comparing(number -> switch (places.get(number)) {
            case OnThread thread -> !GlobalId.isMainThread(thread.globalTid());
            case OnDevice _ -> true;
        });
        Stream.iterate(0, i -> i < tracks.length, i -> i + 1).sorted(mainThreadFirst)
                .forEach(number -> tracks[number] = switch (places.get(number)) {
                    case OnThread thread -> row(thread);
                    case OnDevice device -> row(device);
                });
        return tracks;
    }

    private int row(OnThread place) {
        int process = processes.getOrDefault(GlobalId.process(place.globalTid()), Locus.NONE);
        long tid = GlobalId.tid(place.globalTid());
        Locus locus = Locus.thread(process, tid);
        String name = nvtx.threadName(place.globalTid()).orElseGet(() -> targets.threadName(place.globalTid()));
        int group = builder.track(processTracks.getOrDefault(GlobalId.process(place.globalTid()), Locus.NONE),
                TrackKind.THREAD, tid == 0 ? "process-wide" : titled(name, "thread", tid), locus,
                GlobalId.isMainThread(place.globalTid()) ? 0 : (int) tid + 1);
        return builder.track(group, place.row().kind(), title(place), locus, order(place));
    }

    private String title(OnThread place) {
        return switch (place.row()) {
            case RANGES, START_END_RANGES -> place.row().title()
                    + nvtx.domain(place).map(d -> " · " + d)
                            .orElse(place.detail() == 0 ? "" : " · domain " + place.detail());
            case LIBRARY -> HostEvents.title(tables.get((int) place.detail()));
            case API, BACKTRACES, OS_RUNTIME, OVERHEAD -> place.row().title();
        };
    }

    private static int order(OnThread place) {
        int inRow = place.row() == HostRow.RANGES || place.row() == HostRow.START_END_RANGES
                ? (int) Math.min(place.detail(), 0xFFFF)
                : 0;
        return place.row().ordinal() << 16 | inRow;
    }

    private int row(OnDevice place) {
        long globalPid = owner(place);
        int process = processes.getOrDefault(globalPid, Locus.NONE);
        int group = deviceGroup(globalPid, place.device());
        return switch (place.row()) {
            case STREAM -> {
                Locus locus = Locus.stream(process, place.device(), place.context(), place.stream());
                yield builder.track(contextGroup(place, group), TrackKind.STREAM, streamTitle(place, globalPid), locus,
                        (int) Math.min(place.stream() + 1, AFTER_STREAMS - 1));
            }
            case UNIFIED_MEMORY -> deviceRow(place, group, process, "Unified memory");
            case SYNCHRONIZATION -> deviceRow(place, group, process, "Synchronization");
            case MEMORY -> deviceRow(place, group, process, "Memory");
        };
    }

    private int deviceRow(OnDevice place, int group, int process, String title) {
        return builder.track(group, place.row().kind(), title, Locus.device(process, place.device()),
                AFTER_STREAMS + place.row().ordinal());
    }

    private String streamTitle(OnDevice place, long globalPid) {
        if (place.stream() == -1) {
            return "No stream";
        }
        boolean isDefault = targets.isNullStream(globalPid, place.context(), place.stream());
        return "Stream " + place.stream() + (isDefault ? " (default)" : "");
    }

    /// The group of a device's rows in a process.
    private int deviceGroup(long globalPid, int device) {
        int process = processes.getOrDefault(globalPid, Locus.NONE);
        return builder.track(processTracks.getOrDefault(globalPid, Locus.NONE), TrackKind.DEVICE,
                targets.gpuTitle(device), Locus.device(process, device), DEVICES + device);
    }

    /// The row of a device's counter: under the process that used the device, or by itself where not exactly one did.
    int counter(int device, String name, int order) {
        List<Long> users = contexts.stream().filter(c -> c.device == device).map(Context::globalPid).distinct()
                .toList();
        long user = users.size() == 1 ? users.getFirst() : -1;
        int process = processes.getOrDefault(user, Locus.NONE);
        return builder.track(deviceGroup(user, device), TrackKind.COUNTER, name, Locus.device(process, device),
                AFTER_STREAMS + 1000 + order);
    }

    private int contextGroup(OnDevice place, int deviceGroup) {
        long globalPid = owner(place);
        long inDevice = contexts.stream().filter(c -> c.globalPid == globalPid && c.device == place.device()).count();
        if (inDevice < 2) {
            return deviceGroup;
        }
        int process = processes.getOrDefault(globalPid, Locus.NONE);
        return builder.track(deviceGroup, TrackKind.CONTEXT, "Context " + place.context(),
                Locus.stream(process, place.device(), place.context(), Locus.NONE), (int) place.context());
    }

    private long owner(OnDevice place) {
        return place.globalPid() == 0 ? onlyProcess : place.globalPid();
    }

    private static String titled(String name, String fallback, long id) {
        return (name.isEmpty() ? fallback : name) + " " + id;
    }
}
