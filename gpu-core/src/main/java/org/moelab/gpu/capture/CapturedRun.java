package org.moelab.gpu.capture;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.moelab.gpu.capture.ActivityRecord.Call;
import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.gpu.capture.ActivityRecord.DeviceWork;
import org.moelab.gpu.capture.ActivityRecord.Kernel;
import org.moelab.gpu.engine.Operation;

/// What was recorded of a run.
///
/// @param records in the order of their delivery, which is not that of time
/// @param spans the steps and operations, by rising id
/// @param startNs when the capture began, on CUPTI's clock
/// @param epochNs the same moment by the wall clock, in ns since 1970 UTC
/// @param dropped records that found no room
/// @param untimed pieces of device work that were recorded without times and left out
public record CapturedRun(List<ActivityRecord> records, List<Span> spans, long startNs, long epochNs, long dropped,
        long untimed) {
    public CapturedRun {
        records = List.copyOf(records);
        spans = List.copyOf(spans);
    }

    /// Device time of an operation.
    ///
    /// @param kernels how many kernels it ran
    /// @param busyNs by how much its kernels, copies and fills made the device busy for longer than the work that began before
    ///               them: their durations where nothing overlaps. So the times of all operations sum to the device's, and
    ///               what a kernel waits for a running one is that one's
    public record OperationTime(long kernels, long busyNs) {
        OperationTime plus(OperationTime other) {
            return new OperationTime(kernels + other.kernels, busyNs + other.busyNs);
        }
    }

    /// How busy the device was, from the first piece of work to the last.
    ///
    /// @param kernels how many kernels ran
    /// @param extentNs from the start of the first piece of work to the end of the last
    /// @param busyNs of it, when at least one piece of work ran
    /// @param longestGapNs the longest time of it when none ran
    public record DeviceTime(long kernels, long extentNs, long busyNs, long longestGapNs) {
        /// When no work ran.
        public long idleNs() {
            return extentNs - busyNs;
        }
    }

    /// The records without those calls into the driver that share their correlation id with a call of the runtime, within
    /// which they were made: each piece of work has one launch.
    static List<ActivityRecord> withOneCallEach(List<ActivityRecord> records) {
        Set<Long> runtime = records.stream().filter(r -> r instanceof Call call && call.api() == Api.RUNTIME)
                .map(r -> ((Call) r).correlation()).collect(Collectors.toSet());
        return records.stream().filter(r -> !(r instanceof Call call && call.api() == Api.DRIVER
                && runtime.contains(call.correlation()))).toList();
    }

    /// Who launched what.
    public Attribution attribution() {
        return new Attribution(spans, records);
    }

    /// Device time of each operation in the outermost steps that are asked for.
    public Map<Operation, OperationTime> operationTimes(Predicate<Span> step) {
        Attribution attribution = attribution();
        Map<Operation, OperationTime> times = new HashMap<>();
        long end = Long.MIN_VALUE;
        for (DeviceWork work : within(attribution, step)) {
            long added = Math.max(0, work.endNs() - Math.max(end, work.startNs()));
            end = Math.max(end, work.endNs());
            attribution.operation(work).ifPresent(operation -> times.merge(operation,
                    new OperationTime(work instanceof Kernel ? 1 : 0, added), OperationTime::plus));
        }
        return times;
    }

    /// How busy the device was in the outermost steps that are asked for.
    public DeviceTime deviceTime(Predicate<Span> step) {
        List<DeviceWork> work = within(attribution(), step);
        if (work.isEmpty()) {
            return new DeviceTime(0, 0, 0, 0);
        }
        long begin = work.getFirst().startNs();
        long end = begin;
        long busy = 0;
        long longestGap = 0;
        for (DeviceWork piece : work) {
            longestGap = Math.max(longestGap, piece.startNs() - end);
            busy += Math.max(0, piece.endNs() - Math.max(end, piece.startNs()));
            end = Math.max(end, piece.endNs());
        }
        return new DeviceTime(work.stream().filter(Kernel.class::isInstance).count(), end - begin, busy, longestGap);
    }

    /// The device work of some outermost steps, by its start.
    private List<DeviceWork> within(Attribution attribution, Predicate<Span> step) {
        return records.stream().filter(DeviceWork.class::isInstance).map(DeviceWork.class::cast)
                .filter(work -> attribution.root(work).filter(step).isPresent())
                .sorted(Comparator.comparingLong(DeviceWork::startNs)).toList();
    }
}
