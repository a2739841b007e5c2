package org.moelab.gpu.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.gpu.capture.ActivityRecord.Marker;
import org.moelab.gpu.capture.ActivityRecord.Place;
import org.moelab.traces.model.LaunchConfig;

/// Reads CUPTI's activity records from memory. One thread at a time, and for one capture: names are looked up once an
/// address, and an address means the same name only as long as no module is unloaded.
///
/// Source of the kinds and offsets: cupti_activity.h and cupti_activity_deprecated.h of CUDA 13.0 (`CUpti_ActivityKernel9`
/// and `10`, `Memcpy5` and `6`, `Memset4`, `API`, `Synchronization` and `2`, `Marker2`, `Overhead` to `3`,
/// `ExternalCorrelation`), checked with `offsetof`. What is read here lies at the same offsets in CUDA 12 and 13.
final class ActivityReader {
    static final int MEMCPY = 1;
    static final int MEMSET = 2;
    static final int DRIVER = 4;
    static final int RUNTIME = 5;
    /// The other kind of kernel records, 3, makes kernels run one after the other.
    static final int CONCURRENT_KERNEL = 10;
    static final int MARKER = 12;
    static final int OVERHEAD = 17;
    static final int SYNCHRONIZATION = 38;
    static final int EXTERNAL_CORRELATION = 39;

    private static final int INSTANTANEOUS = 1;
    private static final int BEGINS = 2;
    private static final int CUSTOM_0 = 3;
    private static final int THREAD_OBJECT = 2;
    private static final long NO_STREAM = 0xFFFF_FFFFL;

    private final Names names;
    private final Map<Long, String> textByAddress = new HashMap<>();
    private final Map<CallId, String> calls = new HashMap<>();

    /// Resolves what records only point to.
    interface Names {
        /// The C string at an address, empty for 0.
        String text(long address);

        /// The function with a callback id.
        String call(Api api, int callbackId);
    }

    private record CallId(Api api, int callbackId) {}

    ActivityReader(Names names) {
        this.names = names;
    }

    /// Reads a record.
    ///
    /// @param record memory that begins with it
    /// @return nothing for kinds that a timeline has no use for
    Optional<ActivityRecord> read(MemorySegment record) {
        return switch (integer(record, 0)) {
            case CONCURRENT_KERNEL -> Optional.of(kernel(record));
            case MEMCPY -> Optional.of(new ActivityRecord.Copy(wide(record, 16), wide(record, 24), place(record, 32),
                    id(record, 44), wide(record, 64), record.get(ValueLayout.JAVA_BYTE, 4), wide(record, 8)));
            case MEMSET -> Optional.of(new ActivityRecord.Fill(wide(record, 16), wide(record, 24), place(record, 32),
                    id(record, 44), wide(record, 64), wide(record, 8)));
            case DRIVER -> Optional.of(call(Api.DRIVER, record));
            case RUNTIME -> Optional.of(call(Api.RUNTIME, record));
            case SYNCHRONIZATION -> Optional.of(new ActivityRecord.Wait(wide(record, 8), wide(record, 16),
                    integer(record, 4), id(record, 24), id(record, 28),
                    id(record, 32) == NO_STREAM ? -1 : id(record, 32)));
            case MARKER -> Optional.of(marker(record));
            case OVERHEAD -> Optional
                    .of(new ActivityRecord.Overhead(wide(record, 24), wide(record, 32), integer(record, 4)));
            case EXTERNAL_CORRELATION -> integer(record, 4) == CUSTOM_0
                    ? Optional.of(new ActivityRecord.External(wide(record, 8), id(record, 16)))
                    : Optional.empty();
            default -> Optional.empty();
        };
    }

    private ActivityRecord kernel(MemorySegment record) {
        LaunchConfig launch = new LaunchConfig(integer(record, 52), integer(record, 56), integer(record, 60),
                integer(record, 64), integer(record, 68), integer(record, 72),
                Short.toUnsignedInt(record.get(ValueLayout.JAVA_SHORT, 6)), integer(record, 76), integer(record, 80));
        return new ActivityRecord.Kernel(wide(record, 16), wide(record, 24), place(record, 40), id(record, 92),
                wide(record, 144), text(wide(record, 104)), launch);
    }

    private ActivityRecord call(Api api, MemorySegment record) {
        String name = calls.computeIfAbsent(new CallId(api, integer(record, 4)),
                id -> names.call(id.api, id.callbackId));
        return new ActivityRecord.Call(api, wide(record, 8), wide(record, 16), name, id(record, 28), id(record, 32),
                integer(record, 36));
    }

    private ActivityRecord marker(MemorySegment record) {
        int flags = integer(record, 4);
        Marker.Shape shape = (flags & INSTANTANEOUS) != 0
                ? Marker.Shape.INSTANT
                : (flags & BEGINS) != 0 ? Marker.Shape.BEGIN : Marker.Shape.END;
        long thread = integer(record, 20) == THREAD_OBJECT ? id(record, 28) : -1;
        return new Marker(wide(record, 8), id(record, 16), shape, thread, text(wide(record, 40)),
                text(wide(record, 48)));
    }

    /// Kernels, copies and fills name device, context and stream one after the other.
    private static Place place(MemorySegment record, long offset) {
        return new Place(integer(record, offset), id(record, offset + 4), id(record, offset + 8));
    }

    private String text(long address) {
        return textByAddress.computeIfAbsent(address, names::text);
    }

    private static int integer(MemorySegment record, long offset) {
        return record.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    private static long id(MemorySegment record, long offset) {
        return Integer.toUnsignedLong(integer(record, offset));
    }

    private static long wide(MemorySegment record, long offset) {
        return record.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }
}
