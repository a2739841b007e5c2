package org.moelab.traces.model;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/// A timeline: columns of events, sorted by track, then start, then falling duration; built once, then frozen.
///
/// An event is an index from 0 to [#size()]. Times are in nanoseconds on the recording's own clock
/// ([RecordingInfo#epochNs()] ties it to the wall clock where the file tells). Events of one track form lanes by nesting
/// depth: within a [Lane] they do not overlap.
///
/// Device work is linked to the call that launched it: [#link] leads from a kernel to its launch, [#forEachLaunched] back.
/// Safe for use by any number of threads.
public final class Trace implements Recording {
    private final RecordingInfo info;
    private final List<Warning> warnings;
    private final List<ProcessInfo> processes;
    private final List<Track> tracks;
    private final EventColumns columns;
    private final StringTable strings;
    private final List<LaunchConfig> launchConfigs;
    private final Map<AttributeKey, Attribute> attributes;
    private final List<CounterSeries> counters;
    private final List<Flow> flows;
    /// Which of the recording's files each track was read from; empty where there is one.
    private final int[] fileOfTrack;
    private final int[] trackBegin;
    private final List<List<Lane>> lanes;
    private final LaunchLinks links;
    /// First of the events that were not recorded but projected from host ranges.
    private final int projectedBegin;
    private final long startNs;
    private final long endNs;

    Trace(RecordingInfo info, List<Warning> warnings, List<ProcessInfo> processes, List<Track> tracks,
            EventColumns columns,
            StringTable strings, List<LaunchConfig> launchConfigs, Map<AttributeKey, Attribute> attributes,
            List<CounterSeries> counters, List<Flow> flows, int[] fileOfTrack, int[] trackBegin, List<List<Lane>> lanes,
            LaunchLinks links) {
        this.info = info;
        this.warnings = List.copyOf(warnings);
        this.processes = List.copyOf(processes);
        this.tracks = List.copyOf(tracks);
        this.columns = columns;
        this.strings = strings;
        this.launchConfigs = List.copyOf(launchConfigs);
        this.attributes = Map.copyOf(attributes);
        this.counters = List.copyOf(counters);
        this.flows = List.copyOf(flows);
        this.fileOfTrack = fileOfTrack;
        this.trackBegin = trackBegin;
        this.lanes = lanes;
        this.links = links;
        this.projectedBegin = columns.size;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int e = 0; e < columns.size; e++) {
            first = Math.min(first, columns.start[e]);
            last = Math.max(last, columns.start[e] + columns.duration[e]);
        }
        for (CounterSeries c : this.counters) {
            if (c.size() > 0) {
                first = Math.min(first, c.timeNs()[0]);
                last = Math.max(last, c.timeNs()[c.size() - 1]);
            }
        }
        this.startNs = first <= last ? first : 0;
        this.endNs = first <= last ? last : 0;
    }

    /// A trace with further tracks, whose events were projected from its own.
    Trace(Trace recorded, List<Track> tracks, EventColumns columns, int[] trackBegin, List<List<Lane>> lanes,
            int projectedBegin) {
        this.info = recorded.info;
        this.warnings = recorded.warnings;
        this.processes = recorded.processes;
        this.tracks = List.copyOf(tracks);
        this.columns = columns;
        this.strings = recorded.strings;
        this.launchConfigs = recorded.launchConfigs;
        this.attributes = recorded.attributes;
        this.counters = recorded.counters;
        this.flows = recorded.flows;
        this.fileOfTrack = recorded.fileOfTrack;
        this.trackBegin = trackBegin;
        this.lanes = List.copyOf(lanes);
        this.links = recorded.links;
        this.projectedBegin = projectedBegin;
        this.startNs = recorded.startNs;
        this.endNs = recorded.endNs;
    }

    @Override
    public RecordingInfo info() {
        return info;
    }

    @Override
    public List<Warning> warnings() {
        return warnings;
    }

    /// Number of events.
    public int size() {
        return columns.size;
    }

    /// Start of the event in ns.
    public long start(int event) {
        return columns.start[event];
    }

    /// Duration of the event in ns, 0 for an instant.
    public long duration(int event) {
        return columns.duration[event];
    }

    /// End of the event in ns.
    public long end(int event) {
        return columns.start[event] + columns.duration[event];
    }

    /// Index of the event's name in [#strings()].
    public int nameId(int event) {
        return columns.name[event];
    }

    /// The event's name.
    public String name(int event) {
        return strings.get(columns.name[event]);
    }

    /// Id of the event's track.
    public int trackId(int event) {
        return columns.track[event];
    }

    /// The event's track.
    public Track track(int event) {
        return tracks.get(columns.track[event]);
    }

    /// What the event is.
    public EventKind kind(int event) {
        return EventKind.of(columns.kind[event]);
    }

    /// How many events of its track enclose or overlap it from below: its lane.
    public int depth(int event) {
        return columns.depth[event];
    }

    /// The correlation id as an unsigned 32-bit number, or -1 where the event has none.
    public long correlation(int event) {
        int c = columns.correlation[event];
        return c == EventColumns.NO_CORRELATION ? -1 : Integer.toUnsignedLong(c);
    }

    /// The call that launched this device event, or -1. Only device events have one.
    public int link(int event) {
        return links.launchOf(event);
    }

    /// Calls the consumer with every device event that this call launched, in start order for each stream.
    public void forEachLaunched(int call, IntConsumer consumer) {
        links.forEachLaunched(call, consumer);
    }

    /// How many device events this call launched.
    public int launchedCount(int call) {
        return links.launchedCount(call);
    }

    /// Where in its file the event was read from: the importer that wrote it can read its details again.
    /// -1 for events that were not recorded, see [#origin].
    public long source(int event) {
        return event < projectedBegin ? columns.source[event] : -1;
    }

    /// The host range that an event was projected from, or -1 for events that were recorded. Projected events show where
    /// a range's work ran on the device; no report counts them.
    public int origin(int event) {
        return event < projectedBegin ? -1 : (int) columns.source[event];
    }

    /// The file that the event, or the range it was projected from, was read from.
    public Path file(int event) {
        int recorded = event < projectedBegin ? event : origin(event);
        return info.files().get(fileOfTrack(columns.track[recorded]));
    }

    /// The event that directly encloses this one on its track, or -1.
    public int parent(int event) {
        int depth = depth(event);
        if (depth == 0) {
            return -1;
        }
        Lane lane = lanes.get(trackId(event)).get(depth - 1);
        int i = lane.lastStartingAtOrBefore(start(event));
        if (i < 0) {
            return -1;
        }
        int candidate = lane.event(i);
        return end(candidate) >= end(event) ? candidate : -1;
    }

    /// All tracks, groups included; the index is the id.
    public List<Track> tracks() {
        return tracks;
    }

    /// First event of a track.
    public int trackBegin(int track) {
        return trackBegin[track];
    }

    /// One past the last event of a track.
    public int trackEnd(int track) {
        return trackBegin[track + 1];
    }

    /// The lanes of a track by rising depth; empty where the track has no events.
    public List<Lane> lanes(int track) {
        return lanes.get(track);
    }

    /// The processes covered.
    public List<ProcessInfo> processes() {
        return processes;
    }

    /// The strings that names and text attributes refer to.
    public StringTable strings() {
        return strings;
    }

    /// Distinct launch configurations, referred to by [AttributeKey#LAUNCH_CONFIG].
    public List<LaunchConfig> launchConfigs() {
        return launchConfigs;
    }

    /// How the kernel was launched, where the file tells.
    public Optional<LaunchConfig> launchConfig(int event) {
        return attribute(AttributeKey.LAUNCH_CONFIG).map(a -> a.valueOr(event, -1)).filter(i -> i >= 0)
                .map(i -> launchConfigs.get(i.intValue()));
    }

    /// A sparse column by key.
    public Optional<Attribute> attribute(AttributeKey key) {
        return Optional.ofNullable(attributes.get(key));
    }

    /// All sparse columns.
    public Collection<Attribute> attributes() {
        return attributes.values();
    }

    /// Counter samples.
    public List<CounterSeries> counters() {
        return counters;
    }

    /// Recorded arrows beside launch links.
    public List<Flow> flows() {
        return flows;
    }

    /// Start of the earliest event or sample, 0 in an empty trace.
    public long startNs() {
        return startNs;
    }

    /// End of the latest event or sample, 0 in an empty trace.
    public long endNs() {
        return endNs;
    }

    /// Which of the recording's files a track was read from.
    int fileOfTrack(int track) {
        return fileOfTrack.length == 0 ? 0 : fileOfTrack[track];
    }

    /// How many tracks hold what was recorded; those behind them hold what was projected.
    int recordedTracks() {
        int track = 0;
        while (track < tracks.size() && trackBegin[track + 1] <= projectedBegin) {
            track++;
        }
        return track;
    }

    /// How many events were recorded; those behind them were projected.
    int recordedEvents() {
        return projectedBegin;
    }

    EventColumns columns() {
        return columns;
    }

    /// Heap bytes of the store without its strings: columns, lanes, pyramids, links and attributes.
    public long storeBytes() {
        long bytes = columns.bytes() + 4L * trackBegin.length + links.bytes();
        for (List<Lane> trackLanes : lanes) {
            for (Lane lane : trackLanes) {
                bytes += lane.bytes();
            }
        }
        for (Attribute a : attributes.values()) {
            bytes += a.bytes();
        }
        for (CounterSeries c : counters) {
            bytes += 16L * c.size();
        }
        return bytes;
    }
}
