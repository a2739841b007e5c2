package org.moelab.traces.advice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;

/// A timeline as rules look at it: the work of each device by time, the gaps between, and the calls that held the host up.
/// Projected ranges are no work and play no part.
final class Observed {
    private final Trace trace;
    private final HostCalls calls;
    private final Stretches stretches;
    private final List<DeviceWork> devices = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    private record Device(int process, int device) {}

    /// The work of one device.
    ///
    /// @param info what the recording tells of the device; empty where it tells nothing
    /// @param events by rising start, at least one
    /// @param fromNs start of the first
    /// @param toNs the latest end
    @SuppressWarnings("ArrayRecordComponent") // built once, never compared
    record DeviceWork(Optional<DeviceInfo> info, int[] events, long fromNs, long toNs) {
        long extentNs() {
            return toNs - fromNs;
        }
    }

    Observed(Trace trace) {
        this.trace = trace;
        this.calls = new HostCalls(trace);
        this.stretches = new Stretches(trace);
        Map<Device, List<Integer>> tracks = new LinkedHashMap<>();
        for (int track = 0; track < trace.tracks().size(); track++) {
            if (trace.trackBegin(track) < trace.trackEnd(track)) {
                Locus at = trace.tracks().get(track).locus();
                // a PyTorch profiler numbers the devices of each process anew
                int process = trace.info().format() == TraceFormat.NSYS ? Locus.NONE : at.process();
                tracks.computeIfAbsent(new Device(process, at.device()), _ -> new ArrayList<>()).add(track);
            }
        }
        tracks.forEach(this::addDevice);
    }

    private void addDevice(Device device, List<Integer> tracks) {
        int[] events = tracks.stream().flatMapToInt(t -> IntStream.range(trace.trackBegin(t), trace.trackEnd(t)))
                .filter(e -> trace.kind(e).isDeviceWork()).toArray();
        IntSort.sort(events, (a, b) -> Long.compare(trace.start(a), trace.start(b)));
        if (events.length == 0) {
            return;
        }
        long covered = trace.start(events[0]);
        for (int e : events) {
            if (trace.start(e) > covered) {
                gaps.add(gap(covered, e));
            }
            covered = Math.max(covered, trace.end(e));
        }
        devices.add(new DeviceWork(
                trace.info().devices().stream().filter(d -> d.id() == device.device).findFirst(), events,
                trace.start(events[0]), covered));
    }

    private Gap gap(long fromNs, int next) {
        long toNs = trace.start(next);
        int launch = trace.link(next);
        if (launch < 0) {
            return new Gap(fromNs, toNs, next, Gap.Cause.UNKNOWN, Map.of(), -1);
        }
        if (trace.start(launch) <= fromNs) {
            return new Gap(fromNs, toNs, next, Gap.Cause.QUEUED, Map.of(), -1);
        }
        // what the host did once the launch had begun did not hold the device up
        HostCalls.Blocked blocked = calls.blocked(launch, fromNs, Math.min(toNs, trace.start(launch)));
        return new Gap(fromNs, toNs, next, Gap.Cause.LATE, blocked.ns(), blocked.longest());
    }

    Trace trace() {
        return trace;
    }

    /// The devices that did something.
    List<DeviceWork> devices() {
        return devices;
    }

    /// All times in which a device did nothing between its first work and its last.
    List<Gap> gaps() {
        return gaps;
    }

    /// How many calls of the host were recorded.
    int hostCalls() {
        return calls.count();
    }

    /// From each device's first work to its last, summed: what shares are of.
    double extentNs() {
        return devices.stream().mapToDouble(DeviceWork::extentNs).sum();
    }

    /// The outermost ranges of the devices.
    Stretches stretches() {
        return stretches;
    }

    /// A name as short as it stays clear.
    String label(int event) {
        return FunctionName.parse(trace.name(event)).label();
    }
}
