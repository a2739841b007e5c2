package org.moelab.traces.stats.hta;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.stats.KernelClassifier;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.ReportOptions.HtaVariant;

/// What HolisticTraceAnalysis reads from an event, told from the trace.
///
/// That tool takes whatever names a stream for device activity: waits, and host operators that carry a stream number, as
/// compiled Triton operators do. So does this, unless the exact figures are asked for or another tool made the recording.
final class RowFacts {
    private static final Set<String> WAITS_WITHOUT_STREAM = Set.of("Event Sync", "Context Sync");
    private static final Pattern STEP = Pattern.compile("ProfilerStep#\\d+");
    private static final Pattern VERSION_SUFFIX = Pattern.compile("_v\\d+$");

    private final Trace trace;
    private final KernelClassifier classifier;
    private final boolean onlyWork;
    private final boolean typedByName;
    private final Optional<Attribute> hostStream;
    private final long[] streamOfTrack;
    private final @Nullable KernelType[] typeOfName;
    private final byte[] isStepName;

    RowFacts(Trace trace, ReportOptions options) {
        this.trace = trace;
        this.classifier = options.classifier();
        boolean profiler = trace.info().format() == TraceFormat.KINETO || trace.info().format() == TraceFormat.CHROME;
        this.onlyWork = !profiler || options.hta() == HtaVariant.EXACT;
        this.typedByName = profiler;
        this.hostStream = trace.attribute(AttributeKey.STREAM);
        this.streamOfTrack = trace.tracks().stream().mapToLong(t -> t.locus().stream()).toArray();
        this.typeOfName = new KernelType[trace.strings().size()];
        this.isStepName = new byte[trace.strings().size()];
    }

    Trace trace() {
        return trace;
    }

    /// The stream that the event names, or [Locus#NONE]. What names one is a device row.
    long stream(int event) {
        EventKind kind = trace.kind(event);
        if (kind.isDeviceWork() || kind == EventKind.SYNCHRONIZATION && !onlyWork) {
            return streamOfTrack[trace.trackId(event)];
        }
        if (kind.onDevice() || onlyWork) {
            return Locus.NONE;
        }
        return hostStream.map(a -> a.valueOr(event, Locus.NONE)).orElse((long) Locus.NONE);
    }

    /// Whether the event is device activity that something launched.
    boolean isLaunched(int event) {
        return stream(event) >= 0 && trace.correlation(event) >= 0 || trace.kind(event) == EventKind.SYNCHRONIZATION
                && (onlyWork || WAITS_WITHOUT_STREAM.contains(trace.name(event)));
    }

    /// Whether the event is a complete one of a thread or a device, unlike instants, asynchronous ranges and the profiler's
    /// own session, and unlike what we projected.
    boolean isRow(int event) {
        EventKind kind = trace.kind(event);
        boolean unlike = kind == EventKind.MARK || kind == EventKind.MEMORY || kind == EventKind.START_END_RANGE;
        if (unlike || trace.origin(event) >= 0) {
            return false;
        }
        Track track = trace.track(event);
        return track.locus().thread() != Locus.NONE
                || track.kind() != TrackKind.THREAD_EVENTS && track.kind() != TrackKind.RANGES;
    }

    /// Whether the event is a profiler step that counts.
    boolean isStep(int event) {
        EventKind kind = trace.kind(event);
        boolean onDevice = kind == EventKind.DEVICE_RANGE && !onlyWork && trace.origin(event) < 0;
        if (kind != EventKind.RANGE && kind != EventKind.CPU_OP && !onDevice) {
            return false;
        }
        int name = trace.nameId(event);
        if (isStepName[name] == 0) {
            isStepName[name] = (byte) (STEP.matcher(trace.name(event)).lookingAt() ? 1 : 2);
        }
        return isStepName[name] == 1;
    }

    /// What the event is by its name; in recordings of other tools than the PyTorch profiler also by its kind.
    KernelType type(int event) {
        if (!typedByName && trace.kind(event) != EventKind.KERNEL) {
            return classifier.of(trace.name(event), trace.kind(event));
        }
        int name = trace.nameId(event);
        KernelType type = typeOfName[name];
        if (type == null) {
            type = classifier.of(trace.name(event));
            typeOfName[name] = type;
        }
        return type;
    }

    /// The name of a call without the version that Nsight Systems appends.
    String call(int event) {
        return VERSION_SUFFIX.matcher(trace.name(event)).replaceFirst("");
    }
}
