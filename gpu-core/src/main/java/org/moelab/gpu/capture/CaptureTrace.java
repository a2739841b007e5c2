package org.moelab.gpu.capture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

import org.moelab.gpu.capture.ActivityRecord.Call;
import org.moelab.gpu.capture.ActivityRecord.Copy;
import org.moelab.gpu.capture.ActivityRecord.DeviceWork;
import org.moelab.gpu.capture.ActivityRecord.External;
import org.moelab.gpu.capture.ActivityRecord.Fill;
import org.moelab.gpu.capture.ActivityRecord.Kernel;
import org.moelab.gpu.capture.ActivityRecord.Marker;
import org.moelab.gpu.capture.ActivityRecord.Overhead;
import org.moelab.gpu.capture.ActivityRecord.Place;
import org.moelab.gpu.capture.ActivityRecord.Wait;
import org.moelab.gpu.engine.Operation;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CopyKind;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

/// Makes a timeline of a captured run: the thread that ran the session with its steps, operations and calls, and
/// each stream with its work and, above it, the steps and operations that the work belongs to.
public final class CaptureTrace {
    private static final int DEVICES_BEHIND_THREADS = 1 << 24;
    private static final List<String> WAITS = List.of("Synchronization", "Event Sync", "Stream Wait Event",
            "Stream Sync", "Context Sync");
    private static final Map<Integer, String> OVERHEADS = Map.of(1, "Driver JIT compiler", 1 << 16,
            "CUPTI buffer flush", 2 << 16, "CUPTI instrumentation", 3 << 16, "CUPTI resource", 4 << 16,
            "Runtime module loading", 5 << 16, "Lazy function loading", 6 << 16, "Command buffer full", 7 << 16,
            "CUPTI buffer request");

    private final CapturedRun run;
    private final Attribution attribution;
    private final List<DeviceInfo> devices;
    private final TraceBuilder builder = new TraceBuilder();
    private final EventChunk events = builder.chunk();
    private final Map<Long, Integer> deviceOfContext = new HashMap<>();
    private final Map<RangeKey, Range> deviceRanges = new LinkedHashMap<>();
    private final int process;
    private final int processTrack;
    /// The thread that ran the session, as its calls tell it.
    private final long mainThread;

    /// Where a range on a device lies and what makes it one: a span, or an operation within one launch of a graph.
    private record RangeKey(Place place, long span, long launch, Optional<Operation> operation) {}

    private record Range(String name, long startNs, long endNs) {
        Range with(Range other) {
            return new Range(name, Math.min(startNs, other.startNs), Math.max(endNs, other.endNs));
        }
    }

    private CaptureTrace(CapturedRun run, List<DeviceInfo> devices) {
        this.run = run;
        this.attribution = run.attribution();
        this.devices = devices;
        ProcessHandle self = ProcessHandle.current();
        this.process = builder.process(new ProcessInfo(self.pid(), "moelab", OptionalInt.empty()));
        this.processTrack = builder.track(Locus.NONE, TrackKind.PROCESS, "moelab (" + self.pid() + ")",
                Locus.process(process), 0);
        this.mainThread = run.records().stream().filter(Call.class::isInstance).map(Call.class::cast)
                .filter(call -> attribution.span(call.correlation()).isPresent()).mapToLong(Call::thread).findFirst()
                .orElse(self.pid());
    }

    /// Makes the timeline. Its time 0 is the start of the capture.
    ///
    /// @param devices the GPUs by CUDA's numbers
    /// @param version of this program
    /// @param properties further facts
    public static Trace of(CapturedRun run, List<DeviceInfo> devices, String version,
            Map<String, String> properties) {
        return new CaptureTrace(run, devices).build(new RecordingInfo(List.of(), TraceFormat.MOELAB, version, "",
                OptionalLong.of(run.epochNs()), devices, properties));
    }

    private Trace build(RecordingInfo info) {
        run.spans().forEach(this::addSpan);
        run.records().stream().filter(DeviceWork.class::isInstance).map(DeviceWork.class::cast)
                .forEach(work -> deviceOfContext.put(work.place().context(), work.place().device()));
        List<Marker> markers = new ArrayList<>();
        for (ActivityRecord record : run.records()) {
            switch (record) {
                case DeviceWork work -> addWork(work);
                case Call call -> addCall(call);
                case Wait wait -> addWait(wait);
                case Overhead overhead -> addOverhead(overhead);
                case Marker marker -> markers.add(marker);
                case External _ -> {
                    // has done its part in the attribution
                }
            }
        }
        addMarkers(markers);
        deviceRanges.forEach(this::addRange);
        builder.add(events);
        builder.warn("dropped-records", run.dropped(),
                run.dropped() + " records found no room and are missing: times and counts are too small");
        builder.warn("work-without-times", run.untimed(),
                run.untimed() + " pieces of device work were recorded without times and left out");
        builder.warn("graphs-without-operations", attribution.unmatchedGraphs(), attribution.unmatchedGraphs()
                + " launches of graphs did another number of kernels, copies and fills than were recorded; their work has"
                + " its step's name only");
        return builder.build(info, ImportMonitor.NONE);
    }

    private int add(int track, EventKind kind, long startNs, long endNs, String name, long correlation) {
        return events.add(track, kind, startNs - run.startNs(), Math.max(0, endNs - startNs),
                events.strings().intern(name), correlation, 0);
    }

    private void tag(int row, Optional<Operation> operation) {
        operation.ifPresent(o -> {
            events.attribute(row, AttributeKey.OPERATION, events.strings().intern(o.name()));
            events.attribute(row, AttributeKey.OPERATION_KIND, events.strings().intern(o.kind()));
        });
    }

    private void addSpan(Span span) {
        tag(add(threadRow(mainThread, TrackKind.RANGES, "Steps and operations", 0), EventKind.RANGE, span.startNs(),
                span.endNs(), span.name(), -1), span.operation());
    }

    private void addCall(Call call) {
        EventKind kind = switch (call.api()) {
            case DRIVER -> EventKind.DRIVER_CALL;
            case RUNTIME -> EventKind.RUNTIME_CALL;
        };
        int row = add(threadRow(call.thread(), TrackKind.API, "CUDA API", 2), kind, call.startNs(), call.endNs(),
                call.name(), call.correlation());
        if (call.result() != 0) {
            events.attribute(row, AttributeKey.RETURN_VALUE, call.result());
        }
    }

    private void addWork(DeviceWork work) {
        noteRanges(work); // before the stream's row, so that ranges are shown above it
        int track = builder.track(deviceGroup(work.place().device()), TrackKind.STREAM,
                "Stream " + work.place().stream(), Locus.stream(process, work.place().device(),
                        work.place().context(), work.place().stream()),
                order(work.place()) + 1);
        int row = switch (work) {
            case Kernel kernel -> {
                int added = add(track, EventKind.KERNEL, kernel.startNs(), kernel.endNs(), kernel.name(),
                        kernel.correlation());
                events.attribute(added, AttributeKey.LAUNCH_CONFIG, builder.launchConfig(kernel.launch()));
                yield added;
            }
            case Copy copy -> {
                int added = add(track, EventKind.MEMCPY, copy.startNs(), copy.endNs(),
                        CopyKind.of(copy.kind()).title(), copy.correlation());
                events.attribute(added, AttributeKey.COPY_KIND, copy.kind());
                events.attribute(added, AttributeKey.BYTES, copy.bytes());
                yield added;
            }
            case Fill fill -> {
                int added = add(track, EventKind.MEMSET, fill.startNs(), fill.endNs(), "Memset (Device)",
                        fill.correlation());
                events.attribute(added, AttributeKey.BYTES, fill.bytes());
                yield added;
            }
        };
        if (work.graphNode() != 0) {
            events.attribute(row, AttributeKey.GRAPH_NODE, work.graphNode());
        }
        tag(row, attribution.operation(work));
    }

    /// Widens the ranges that a piece of work lies in: those of all its spans, and of its operation where a graph hides it.
    private void noteRanges(DeviceWork work) {
        Optional<Span> inner = attribution.span(work);
        List<Span> path = new ArrayList<>();
        for (Optional<Span> span = inner; span.isPresent(); span = attribution.parent(span.get())) {
            path.addFirst(span.get());
        }
        for (Span span : path) {
            widen(new RangeKey(work.place(), span.id(), 0, span.operation()), span.name(), work);
        }
        Optional<Operation> operation = attribution.operation(work);
        if (operation.isPresent() && inner.flatMap(Span::operation).isEmpty()) {
            widen(new RangeKey(work.place(), inner.map(Span::id).orElse(0L), work.correlation(), operation),
                    operation.get().name(), work);
        }
    }

    private void widen(RangeKey key, String name, DeviceWork work) {
        rangeTrack(key.place);
        deviceRanges.merge(key, new Range(name, work.startNs(), work.endNs()), Range::with);
    }

    private int rangeTrack(Place place) {
        return builder.track(deviceGroup(place.device()), TrackKind.DEVICE_RANGES,
                "Operations on stream " + place.stream(),
                Locus.stream(process, place.device(), Locus.NONE, place.stream()), order(place));
    }

    private void addRange(RangeKey key, Range range) {
        tag(add(rangeTrack(key.place), EventKind.DEVICE_RANGE, range.startNs, range.endNs, range.name, -1),
                key.operation);
    }

    private void addWait(Wait wait) {
        int device = deviceOfContext.getOrDefault(wait.context(), devices.isEmpty() ? 0 : devices.getFirst().id());
        int track = builder.track(deviceGroup(device), TrackKind.SYNCHRONIZATION, "Synchronization",
                Locus.device(process, device), Integer.MAX_VALUE);
        String name = WAITS.get(wait.type() > 0 && wait.type() < WAITS.size() ? wait.type() : 0);
        int row = add(track, EventKind.SYNCHRONIZATION, wait.startNs(), wait.endNs(), name, wait.correlation());
        if (wait.stream() >= 0) {
            events.attribute(row, AttributeKey.STREAM, wait.stream());
        }
    }

    private void addOverhead(Overhead overhead) {
        int track = builder.track(processTrack, TrackKind.OVERHEAD, "Profiler overhead", Locus.process(process),
                DEVICES_BEHIND_THREADS - 1);
        add(track, EventKind.OVERHEAD, overhead.startNs(), overhead.endNs(),
                OVERHEADS.getOrDefault(overhead.kind(), "Overhead"), -1);
    }

    /// Ranges of other annotations, where something in the process emits them; an end without a beginning is left out.
    private void addMarkers(List<Marker> markers) {
        Map<Long, Marker> begun = new TreeMap<>();
        markers.stream().sorted(Comparator.comparingLong(Marker::timeNs)).forEach(marker -> {
            switch (marker.shape()) {
                case INSTANT -> addMarker(marker, EventKind.MARK, marker.timeNs());
                case BEGIN -> begun.put(marker.id(), marker);
                case END -> Optional.ofNullable(begun.remove(marker.id()))
                        .ifPresent(begin -> addMarker(begin, EventKind.RANGE, marker.timeNs()));
            }
        });
    }

    private void addMarker(Marker marker, EventKind kind, long endNs) {
        long thread = marker.thread() < 0 ? mainThread : marker.thread();
        int row = add(threadRow(thread, TrackKind.RANGES, "NVTX", 1), kind, marker.timeNs(), endNs, marker.name(), -1);
        if (!marker.domain().isEmpty()) {
            events.attribute(row, AttributeKey.DOMAIN, events.strings().intern(marker.domain()));
        }
    }

    private int threadRow(long thread, TrackKind kind, String title, int order) {
        Locus locus = Locus.thread(process, thread);
        int group = builder.track(processTrack, TrackKind.THREAD,
                (thread == mainThread ? "session" : "thread") + " " + thread, locus,
                thread == mainThread ? 0 : (int) Math.min(thread, DEVICES_BEHIND_THREADS - 2));
        return builder.track(group, kind, title, locus, order);
    }

    private int deviceGroup(int device) {
        String name = devices.stream().filter(d -> d.id() == device).map(d -> " · " + d.name()).findFirst().orElse("");
        return builder.track(processTrack, TrackKind.DEVICE, "GPU " + device + name, Locus.device(process, device),
                DEVICES_BEHIND_THREADS + device);
    }

    private static int order(Place place) {
        return (int) Math.min(2 * place.stream(), Integer.MAX_VALUE - 2);
    }
}
