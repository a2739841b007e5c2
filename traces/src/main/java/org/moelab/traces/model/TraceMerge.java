package org.moelab.traces.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// Puts several traces side by side into one: the ranks of a job, say. Each keeps processes and tracks of its own.
///
/// Clocks are aligned by the wall clock where each trace knows it: the merged time 0 is the earliest of theirs. Where any
/// does not, all times stay as they are, with a warning. Host ranges are projected onto devices anew.
public final class TraceMerge {
    private final List<Trace> traces;
    private final int[] firstEvent;
    private final int[] firstTrack;
    private final int[] firstProcess;
    private final long[] shiftNs;
    private final OptionalLong epochNs;
    private final StringTable.Builder strings = new StringTable.Builder();
    private final List<int[]> stringMaps = new ArrayList<>();
    private final List<int[]> configMaps = new ArrayList<>();
    private final Map<LaunchConfig, Integer> launchConfigs = new LinkedHashMap<>();

    private TraceMerge(List<Trace> traces) {
        this.traces = traces;
        firstEvent = starts(traces.stream().mapToInt(Trace::recordedEvents).toArray());
        firstTrack = starts(traces.stream().mapToInt(Trace::recordedTracks).toArray());
        firstProcess = starts(traces.stream().mapToInt(t -> t.processes().size()).toArray());
        boolean known = traces.stream().allMatch(t -> t.info().epochNs().isPresent());
        epochNs = known ? traces.stream().mapToLong(t -> t.info().epochNs().orElseThrow()).min() : OptionalLong.empty();
        shiftNs = traces.stream().mapToLong(t -> known
                ? t.info().epochNs().orElseThrow() - epochNs.orElseThrow()
                : 0).toArray();
        traces.forEach(t -> stringMaps.add(strings.merge(t.strings())));
        traces.forEach(t -> configMaps.add(t.launchConfigs().stream()
                .mapToInt(c -> launchConfigs.computeIfAbsent(c, _ -> launchConfigs.size())).toArray()));
    }

    /// Merges traces, in the order of their ranks where each has another one, else as given. One trace stays as it is.
    ///
    /// @throws IllegalArgumentException where there is no trace, or there are more events than an index can count
    public static Trace merge(List<Trace> traces) {
        if (traces.isEmpty()) {
            throw new IllegalArgumentException("no trace to merge");
        }
        if (traces.stream().mapToLong(Trace::size).sum() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("more than " + Integer.MAX_VALUE + " events together");
        }
        return traces.size() == 1 ? traces.getFirst() : new TraceMerge(inRankOrder(traces)).merge();
    }

    private static List<Trace> inRankOrder(List<Trace> traces) {
        Set<OptionalInt> ranks = new LinkedHashSet<>();
        traces.forEach(t -> ranks.add(rank(t)));
        if (ranks.size() < traces.size() || ranks.contains(OptionalInt.empty())) {
            return traces;
        }
        return traces.stream().sorted(Comparator.comparingInt(t -> rank(t).orElseThrow())).toList();
    }

    private static OptionalInt rank(Trace trace) {
        return trace.processes().stream().map(ProcessInfo::rank).filter(OptionalInt::isPresent).findFirst()
                .orElse(OptionalInt.empty());
    }

    private static int[] starts(int[] sizes) {
        int[] starts = new int[sizes.length + 1];
        for (int k = 0; k < sizes.length; k++) {
            starts[k + 1] = starts[k] + sizes[k];
        }
        return starts;
    }

    private Trace merge() {
        List<ProcessInfo> processes = traces.stream().flatMap(t -> t.processes().stream()).toList();
        List<Track> tracks = new ArrayList<>();
        List<CounterSeries> counters = new ArrayList<>();
        List<Flow> flows = new ArrayList<>();
        EventColumns columns = new EventColumns(firstEvent[traces.size()]);
        int[] trackBegin = new int[firstTrack[traces.size()] + 1];
        int[] fileOfTrack = new int[firstTrack[traces.size()]];
        List<Path> files = new ArrayList<>();
        for (int k = 0; k < traces.size(); k++) {
            Trace trace = traces.get(k);
            for (Track t : trace.tracks().subList(0, trace.recordedTracks())) {
                tracks.add(moved(t, k));
                trackBegin[firstTrack[k] + t.id()] = firstEvent[k] + trace.trackBegin(t.id());
                fileOfTrack[firstTrack[k] + t.id()] = files.size() + trace.fileOfTrack(t.id());
            }
            files.addAll(trace.info().files());
            copyColumns(k, columns);
            for (CounterSeries c : trace.counters()) {
                counters.add(moved(c, k));
            }
            for (Flow f : trace.flows()) {
                flows.add(new Flow(f.from() + firstEvent[k], f.to() + firstEvent[k], f.category()));
            }
        }
        trackBegin[trackBegin.length - 1] = columns.size;
        List<List<Lane>> lanes = IntStream.range(0, tracks.size()).parallel()
                .mapToObj(t -> Lanes.nest(columns, trackBegin[t], trackBegin[t + 1])).toList();
        Trace merged = new Trace(info(files), warnings(), processes, tracks, columns, strings.build(),
                List.copyOf(launchConfigs.keySet()), attributes(), counters, flows, fileOfTrack, trackBegin, lanes,
                LaunchLinks.join(columns, tracks));
        return DeviceRanges.addTo(merged, columns);
    }

    private Track moved(Track t, int k) {
        Locus l = t.locus();
        Locus locus = l.process() == Locus.NONE
                ? l
                : new Locus(l.process() + firstProcess[k], l.thread(), l.device(), l.context(), l.stream());
        boolean top = t.parent() == Locus.NONE;
        return new Track(t.id() + firstTrack[k], top ? Locus.NONE : t.parent() + firstTrack[k], t.kind(), t.name(),
                locus, top ? firstTrack[k] + Math.clamp(t.order(), 0, traces.get(k).tracks().size() - 1) : t.order());
    }

    private CounterSeries moved(CounterSeries c, int k) {
        long[] timeNs = c.timeNs().clone();
        for (int i = 0; i < timeNs.length; i++) {
            timeNs[i] += shiftNs[k];
        }
        return new CounterSeries(c.track() + firstTrack[k], c.name(), c.unit(), timeNs, c.values());
    }

    /// The events of a trace stay in their order: its tracks follow those of the traces before.
    private void copyColumns(int k, EventColumns to) {
        EventColumns from = traces.get(k).columns();
        int[] names = stringMaps.get(k);
        for (int e = 0; e < traces.get(k).recordedEvents(); e++) {
            int i = firstEvent[k] + e;
            to.start[i] = from.start[e] + shiftNs[k];
            to.duration[i] = from.duration[e];
            to.name[i] = names[from.name[e]];
            to.track[i] = from.track[e] + firstTrack[k];
            to.kind[i] = from.kind[e];
            to.correlation[i] = from.correlation[e];
            to.source[i] = from.source[e];
        }
    }

    private Map<AttributeKey, Attribute> attributes() {
        Map<AttributeKey, Integer> sizes = new LinkedHashMap<>();
        traces.forEach(t -> t.attributes().forEach(a -> sizes.merge(a.key(), a.size(), Integer::sum)));
        Map<AttributeKey, Attribute> merged = new LinkedHashMap<>();
        sizes.forEach((key, size) -> {
            int[] events = new int[size];
            long[] bits = new long[size];
            int n = 0;
            for (int k = 0; k < traces.size(); k++) {
                Attribute a = traces.get(k).attribute(key).orElse(new Attribute(key, new int[0], new long[0]));
                for (int i = 0; i < a.size(); i++) {
                    events[n] = a.event(i) + firstEvent[k];
                    bits[n++] = value(a, i, k);
                }
            }
            merged.put(key, new Attribute(key, events, bits));
        });
        return merged;
    }

    private long value(Attribute a, int i, int k) {
        if (a.key().equals(AttributeKey.LAUNCH_CONFIG)) {
            return configMaps.get(k)[(int) a.longAt(i)];
        }
        return a.key().type() == AttributeKey.Type.STRING ? stringMaps.get(k)[(int) a.longAt(i)] : a.longAt(i);
    }

    private List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        for (Trace trace : traces) {
            for (Warning w : trace.warnings()) {
                warnings.add(new Warning(w.code(), w.count(),
                        trace.info().files().getFirst().getFileName() + ": " + w.message()));
            }
        }
        if (epochNs.isEmpty()) {
            warnings.add(new Warning("unaligned-clocks", traces.size(),
                    "not all of the " + traces.size() + " files tell the wall clock: their times are not aligned"));
        }
        return warnings;
    }

    /// What all agree on.
    private RecordingInfo info(List<Path> files) {
        RecordingInfo first = traces.getFirst().info();
        Map<String, String> properties = new LinkedHashMap<>(first.properties());
        Set<DeviceInfo> devices = new LinkedHashSet<>();
        boolean sameVersion = true;
        boolean sameSchema = true;
        for (Trace trace : traces) {
            RecordingInfo info = trace.info();
            properties.entrySet().retainAll(info.properties().entrySet());
            devices.addAll(info.devices());
            sameVersion &= info.version().equals(first.version());
            sameSchema &= info.schema().equals(first.schema());
        }
        return new RecordingInfo(files, first.format(), sameVersion ? first.version() : "",
                sameSchema ? first.schema() : "", epochNs, List.copyOf(devices), properties);
    }
}
