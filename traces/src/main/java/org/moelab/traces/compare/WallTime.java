package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.stats.KernelClassifier;
import org.moelab.traces.stats.KernelType;

/// Where the devices' time went, from the start of their first work to the end of their last, summed over devices:
/// `wall = Σ work − overlap + idle`, to the nanosecond.
///
/// @param workNs the sum of the durations of each kind of work
/// @param overlapNs what is counted more than once in that because work ran at the same time: Σ work minus the union of
/// all work
/// @param idleNs time without any work, between the first and the last
/// @param gaps how many stretches of such time there are
public record WallTime(Map<KernelType, Long> workNs, long overlapNs, long idleNs, long gaps) {
    public WallTime {
        EnumMap<KernelType, Long> complete = new EnumMap<>(KernelType.class);
        for (KernelType type : KernelType.values()) {
            complete.put(type, workNs.getOrDefault(type, 0L));
        }
        workNs = Map.copyOf(complete);
    }

    /// Work of a kind, 0 where there is none.
    public long workNs(KernelType type) {
        return workNs.getOrDefault(type, 0L);
    }

    /// Work of all kinds.
    public long totalWorkNs() {
        return workNs.values().stream().mapToLong(Long::longValue).sum();
    }

    /// From the first start to the last end, summed over devices.
    public long wallNs() {
        return totalWorkNs() - overlapNs + idleNs;
    }

    private record Device(int process, int device) {}

    /// The time of a timeline's devices.
    static WallTime of(Trace trace) {
        Map<Device, List<Integer>> tracks = new HashMap<>();
        for (int track = 0; track < trace.tracks().size(); track++) {
            if (trace.trackBegin(track) < trace.trackEnd(track)) {
                Locus at = trace.tracks().get(track).locus();
                // a PyTorch profiler numbers the devices of each process anew
                int process = trace.info().format() == TraceFormat.NSYS ? Locus.NONE : at.process();
                tracks.computeIfAbsent(new Device(process, at.device()), _ -> new ArrayList<>()).add(track);
            }
        }
        Sum sum = new Sum(trace);
        tracks.values().forEach(sum::addDevice);
        return new WallTime(sum.work, sum.overlap, sum.idle, sum.gaps);
    }

    private static final class Sum {
        private final Trace trace;
        private final KernelType[] types;
        private final Map<KernelType, Long> work = new EnumMap<>(KernelType.class);
        private long overlap;
        private long idle;
        private long gaps;

        Sum(Trace trace) {
            this.trace = trace;
            types = new KernelType[trace.strings().size()];
        }

        void addDevice(List<Integer> tracks) {
            int[] events = tracks.stream()
                    .flatMapToInt(t -> IntStream.range(trace.trackBegin(t), trace.trackEnd(t)))
                    .filter(e -> trace.kind(e).isDeviceWork()).toArray();
            IntSort.sort(events, (x, y) -> Long.compare(trace.start(x), trace.start(y)));
            long covered = Long.MIN_VALUE;
            for (int e : events) {
                work.merge(typeOf(e), trace.duration(e), Long::sum);
                long start = trace.start(e);
                if (covered == Long.MIN_VALUE) {
                    covered = start;
                } else if (start > covered) {
                    idle += start - covered;
                    gaps++;
                    covered = start;
                }
                overlap += Math.min(covered, trace.end(e)) - start;
                covered = Math.max(covered, trace.end(e));
            }
        }

        private KernelType typeOf(int event) {
            return switch (trace.kind(event)) {
                case MEMCPY, MEMSET -> KernelType.MEMORY;
                default -> {
                    KernelType known = types[trace.nameId(event)];
                    if (known == null) {
                        known = KernelClassifier.HTA.of(trace.name(event), trace.kind(event));
                        types[trace.nameId(event)] = known;
                    }
                    yield known;
                }
            };
        }
    }
}
