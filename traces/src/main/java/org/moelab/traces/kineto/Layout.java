package org.moelab.traces.kineto;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TrackKind;

/// Makes processes and tracks of the rows that events lie on.
///
/// The file numbers devices and processes alike as `pid`. What holds device rows is a device; it belongs to the process
/// whose calls launched its work, so that launches and work share [Locus#process()]. Rows of no real process (the
/// profiler's session, its overhead, threads that it could not name) go to the main process: the one with most calls.
final class Layout {
    private static final Pattern TRAILING_NUMBER = Pattern.compile("(\\d{1,9})\\s*$");
    private static final int DEVICES_BEHIND_THREADS = 1 << 24;

    private final TraceBuilder builder;
    private final Labels labels;
    private final Map<Integer, DeviceInfo> deviceInfos = new HashMap<>();
    private final OptionalInt rank;
    private final Map<RowKey.Id, Integer> processes = new HashMap<>();
    private final List<RowKey.Id> pids = new ArrayList<>();
    private final Map<RowKey.Id, Integer> deviceOwners = new HashMap<>();
    private final Map<Integer, Integer> processTracks = new HashMap<>();
    private final Map<RowKey.Id, Long> namedThreads = new HashMap<>();
    private final Map<ThreadKey, RowKey> arrowRows = new HashMap<>();
    private final int mainProcess;

    Layout(TraceBuilder builder, Labels labels, Envelope envelope, List<Placed> parts) {
        this.builder = builder;
        this.labels = labels;
        this.rank = envelope.rank();
        envelope.devices().forEach(d -> deviceInfos.put(d.id(), d));
        Census census = new Census(parts);
        RowKey.Id main = census.mainPid();
        mainProcess = addProcess(main);
        for (RowKey.Id pid : census.hostPids()) {
            addProcess(pid);
        }
        census.owners().forEach((device, owner) -> deviceOwners.put(device, process(owner)));
        for (Placed part : parts) {
            part.rows().forEach(this::offerForArrows);
        }
    }

    private int addProcess(RowKey.Id pid) {
        return processes.computeIfAbsent(pid, id -> {
            pids.add(id);
            long number = id instanceof RowKey.Id.Numeric(long n) ? n : Locus.NONE;
            String name = labels.process(id);
            return builder
                    .process(new ProcessInfo(number, name.isEmpty() && number == Locus.NONE ? id.toString() : name,
                            rank));
        });
    }

    private int process(RowKey.Id pid) {
        return processes.getOrDefault(pid, mainProcess);
    }

    /// The track of a row.
    int track(RowKey key) {
        return key.row().onDevice() ? deviceTrack(key) : hostTrack(key);
    }

    private int hostTrack(RowKey key) {
        int process = process(key.thread().pid());
        int parent = processTrack(process);
        Row row = key.row();
        if (row == Row.SESSION || row == Row.ASYNC || row == Row.OVERHEAD && !isThread(key.thread())) {
            return builder.track(parent, row.trackKind(), row.title(), Locus.process(process),
                    row == Row.ASYNC ? -1 : Integer.MAX_VALUE);
        }
        long tid = threadNumber(key.thread().tid());
        String threadName = labels.thread(key.thread());
        int thread = builder.track(parent, TrackKind.THREAD,
                threadName.isEmpty() ? titleOf("thread", key.thread().tid()) : threadName,
                Locus.thread(process, tid),
                Math.clamp(labels.order(key.thread()).orElse(tid), 0, DEVICES_BEHIND_THREADS - 1));
        String title = key.device() == Locus.NONE ? row.title() : row.title() + ", " + deviceTitle(key.device());
        return builder.track(thread, row.trackKind(), title,
                new Locus(process, tid, key.device(), Locus.NONE, Locus.NONE), row.ordinal());
    }

    /// The profiler's overhead has process -1 where it belongs to no thread.
    private static boolean isThread(ThreadKey thread) {
        return !(thread.pid() instanceof RowKey.Id.Numeric(long pid)) || pid >= 0;
    }

    private static String titleOf(String what, RowKey.Id id) {
        return switch (id) {
            case RowKey.Id.Numeric(long n) -> what + " " + n;
            case RowKey.Id.Named(String text) -> text;
        };
    }

    /// A named thread gets a number below [Locus#NONE].
    private long threadNumber(RowKey.Id tid) {
        return switch (tid) {
            case RowKey.Id.Numeric(long n) -> n;
            case RowKey.Id.Named _ -> namedThreads.computeIfAbsent(tid, _ -> -2L - namedThreads.size());
        };
    }

    private int deviceTrack(RowKey key) {
        RowKey.Id pid = key.thread().pid();
        int process = deviceOwners.getOrDefault(pid, mainProcess);
        int device = deviceOf(key);
        int group = deviceGroup(process, device, pid);
        RowKey.Id tid = key.thread().tid();
        long stream = key.stream();
        String name = labels.thread(key.thread());
        if (name.isEmpty()) {
            name = stream == Locus.NONE ? titleOf("stream", tid) : "stream " + stream;
        }
        if (key.row().trackKind() == TrackKind.DEVICE_RANGES && stream == Locus.NONE
                && tid instanceof RowKey.Id.Numeric(long n)) {
            stream = n;
        }
        long place = labels.order(key.thread()).orElse(Math.max(0, stream));
        return builder.track(group, key.row().trackKind(), (name + " " + key.row().title()).strip(),
                Locus.stream(process, device, key.context(), stream),
                Math.clamp(place * Row.values().length + key.row().ordinal(), 0, Integer.MAX_VALUE));
    }

    private int deviceOf(RowKey key) {
        if (key.device() != Locus.NONE) {
            return key.device();
        }
        return deviceOf(key.thread().pid());
    }

    private static int deviceOf(RowKey.Id pid) {
        return switch (pid) {
            case RowKey.Id.Numeric(long n) -> (int) n;
            case RowKey.Id.Named(String text) -> {
                Matcher number = TRAILING_NUMBER.matcher(text);
                yield number.find() ? Integer.parseInt(number.group(1)) : 0;
            }
        };
    }

    private int deviceGroup(int process, int device, RowKey.Id pid) {
        String label = labels.label(pid);
        String title = label.isEmpty() || deviceOf(pid) != device ? deviceTitle(device) : label;
        DeviceInfo info = deviceInfos.get(device);
        return builder.track(processTrack(process), TrackKind.DEVICE,
                info == null || info.name().isEmpty() ? title : title + " · " + info.name(),
                Locus.device(process, device), DEVICES_BEHIND_THREADS + device);
    }

    private static String deviceTitle(int device) {
        return "GPU " + device;
    }

    private int processTrack(int process) {
        return processTracks.computeIfAbsent(process, p -> {
            RowKey.Id pid = pids.get(p);
            String name = labels.process(pid);
            String title = name.isEmpty() ? titleOf("process", pid) : name + " (" + pid + ")";
            if (rank.isPresent()) {
                title = "rank " + rank.getAsInt() + " · " + title;
            }
            return builder.track(Locus.NONE, TrackKind.PROCESS, title, Locus.process(p), p);
        });
    }

    /// The track that shows a counter of a process or device.
    int counterTrack(RowKey.Id pid, int device, String name) {
        boolean ofDevice = device != Locus.NONE || deviceOwners.containsKey(pid);
        int process = ofDevice ? deviceOwners.getOrDefault(pid, process(pid)) : process(pid);
        if (!ofDevice) {
            return builder.track(processTrack(process), TrackKind.COUNTER, name, Locus.process(process),
                    DEVICES_BEHIND_THREADS - 1);
        }
        int id = device == Locus.NONE ? deviceOf(pid) : device;
        return builder.track(deviceGroup(process, id, pid), TrackKind.COUNTER, name, Locus.device(process, id), -1);
    }

    /// The row that arrows of a thread attach to, if it has one.
    Optional<RowKey> arrowRow(ThreadKey thread) {
        return Optional.ofNullable(arrowRows.get(thread));
    }

    private void offerForArrows(RowKey key) {
        arrowRows.merge(key.thread(), key, (a, b) -> preference(b) < preference(a) ? b : a);
    }

    private static int preference(RowKey key) {
        return switch (key.row()) {
            case OPERATORS -> 0;
            case CALLS -> 1;
            case STREAM -> 2;
            case ANNOTATIONS -> 3;
            case PYTHON -> 4;
            case EVENTS -> 5;
            default -> 6;
        };
    }

    /// Counts who holds what.
    private static final class Census {
        private final Set<RowKey.Id> devices = new LinkedHashSet<>();
        private final Map<RowKey.Id, Long> calls = new LinkedHashMap<>();
        private final Map<RowKey.Id, Long> hosts = new LinkedHashMap<>();
        private final List<Placed> parts;
        private final RowKey.Id main;

        Census(List<Placed> parts) {
            this.parts = parts;
            for (Placed part : parts) {
                long[] counts = new long[part.rows().size()];
                for (int i = 0; i < part.events().size(); i++) {
                    counts[part.events().track(i)]++;
                }
                for (int r = 0; r < counts.length; r++) {
                    count(part.rows().get(r), counts[r]);
                }
            }
            // threads that the profiler could not name stand under a device's number; so may the main process itself
            main = mostOf(calls.isEmpty() ? hosts : calls);
            hosts.keySet().removeIf(pid -> devices.contains(pid) && !pid.equals(main));
            calls.keySet().retainAll(hosts.keySet());
        }

        private static RowKey.Id mostOf(Map<RowKey.Id, Long> candidates) {
            return candidates.entrySet().stream()
                    .max(Comparator.comparingLong(Map.Entry<RowKey.Id, Long>::getValue)).map(Map.Entry::getKey)
                    .orElse(new RowKey.Id.Numeric(Locus.NONE));
        }

        private void count(RowKey key, long events) {
            RowKey.Id pid = key.thread().pid();
            if (key.row().onDevice()) {
                devices.add(pid);
            } else if (key.row() != Row.SESSION && (key.row() != Row.OVERHEAD || isThread(key.thread()))) {
                hosts.merge(pid, events, Long::sum);
                if (key.row() == Row.CALLS) {
                    calls.merge(pid, events, Long::sum);
                }
            }
        }

        RowKey.Id mainPid() {
            return main;
        }

        Set<RowKey.Id> hostPids() {
            return hosts.keySet();
        }

        /// The process that each device's work belongs to.
        Map<RowKey.Id, RowKey.Id> owners() {
            Map<RowKey.Id, RowKey.Id> owners = new HashMap<>();
            devices.forEach(device -> owners.put(device, main));
            if (calls.size() > 1) {
                new DeviceVote(parts).owners().forEach(owners::put);
            }
            return owners;
        }
    }
}
