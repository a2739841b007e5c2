package org.moelab.traces.export;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;

import tools.jackson.core.JsonGenerator;

/// Writes the name and the `args` of an event as the PyTorch profiler does, whatever tool recorded it.
final class ChromeArguments {
    private static final Pattern DIRECTION = Pattern.compile("[A-Z]to[A-Z]");
    private static final Pattern VERSION_SUFFIX = Pattern.compile("_v\\d+$");
    private static final Set<AttributeKey> WRITTEN_APART = Set.of(AttributeKey.LAUNCH_CONFIG, AttributeKey.COPY_KIND,
            AttributeKey.GRAPH_NODE, AttributeKey.BYTES, AttributeKey.BANDWIDTH, AttributeKey.END_THREAD);

    private final Trace trace;
    private final JsonGenerator json;
    private final boolean profiler;
    private final List<Attribute> others;

    ChromeArguments(Trace trace, JsonGenerator json) {
        this.trace = trace;
        this.json = json;
        this.profiler = trace.info().format() == TraceFormat.KINETO || trace.info().format() == TraceFormat.CHROME;
        this.others = trace.attributes().stream().filter(a -> !WRITTEN_APART.contains(a.key()))
                .sorted(Comparator.comparing(a -> a.key().name())).toList();
    }

    /// The event's name. In recordings of other tools calls lose the version that Nsight Systems appends, and copies and
    /// fills get the names by which HolisticTraceAnalysis knows them.
    String name(int event) {
        String name = trace.name(event);
        if (profiler) {
            return name;
        }
        return switch (trace.kind(event)) {
            case RUNTIME_CALL, DRIVER_CALL -> VERSION_SUFFIX.matcher(name).replaceFirst("");
            case MEMCPY -> copyName(name);
            case MEMSET -> name.startsWith("Memset") ? name : "Memset (" + name + ")";
            default -> name;
        };
    }

    private static String copyName(String name) {
        if (name.startsWith("Memcpy")) {
            return name;
        }
        Matcher direction = DIRECTION.matcher(name);
        return "Memcpy " + (direction.find() ? direction.group() + " " : "") + "(" + name + ")";
    }

    /// Writes the member `args`.
    void write(int event) {
        json.writeObjectPropertyStart("args");
        EventKind kind = trace.kind(event);
        if (kind.isDeviceWork() || kind == EventKind.SYNCHRONIZATION) {
            writeStream(trace.track(event).locus(), kind);
        }
        if (trace.correlation(event) >= 0) {
            json.writeNumberProperty("correlation", trace.correlation(event));
        }
        trace.launchConfig(event).ifPresent(this::writeLaunch);
        if (kind == EventKind.MEMORY) {
            writeAllocation(event);
        } else {
            writeBytes(event, kind);
        }
        writeNumber(AttributeKey.GRAPH_NODE, "graph node id", event);
        others.forEach(a -> writeOther(a, event));
        if (trace.origin(event) >= 0) {
            trace.attribute(AttributeKey.DOMAIN).ifPresent(domain -> writeOther(domain, trace.origin(event)));
        }
        json.writeEndObject();
    }

    /// A wait names its stream only as the PyTorch profiler recorded it, because HolisticTraceAnalysis takes whatever names
    /// a stream for activity of the device.
    private void writeStream(Locus locus, EventKind kind) {
        if (locus.device() != Locus.NONE) {
            json.writeNumberProperty("device", locus.device());
        }
        if (locus.context() != Locus.NONE) {
            json.writeNumberProperty("context", locus.context());
        }
        if (kind != EventKind.SYNCHRONIZATION || profiler) {
            json.writeNumberProperty("stream", locus.stream());
        }
    }

    private void writeLaunch(LaunchConfig launch) {
        json.writeNumberProperty("registers per thread", launch.registersPerThread());
        json.writeNumberProperty("shared memory", launch.staticSharedBytes() + launch.dynamicSharedBytes());
        writeTriple("grid", launch.gridX(), launch.gridY(), launch.gridZ());
        writeTriple("block", launch.blockX(), launch.blockY(), launch.blockZ());
    }

    private void writeTriple(String name, int x, int y, int z) {
        json.writeArrayPropertyStart(name);
        json.writeNumber(x);
        json.writeNumber(y);
        json.writeNumber(z);
        json.writeEndArray();
    }

    private void writeAllocation(int event) {
        int device = trace.track(event).locus().device();
        json.writeNumberProperty("Device Type", device == Locus.NONE ? 0 : 1);
        json.writeNumberProperty("Device Id", device);
        writeNumber(AttributeKey.BYTES, "Bytes", event);
    }

    private void writeBytes(int event, EventKind kind) {
        writeNumber(AttributeKey.BYTES, "bytes", event);
        Optional<Attribute> bandwidth = trace.attribute(AttributeKey.BANDWIDTH).filter(a -> a.has(event));
        if (bandwidth.isPresent()) {
            json.writeNumberProperty("memory bandwidth (GB/s)",
                    bandwidth.get().doubleAt(bandwidth.get().find(event)));
        } else if (!profiler && (kind == EventKind.MEMCPY || kind == EventKind.MEMSET) && trace.duration(event) > 0) {
            trace.attribute(AttributeKey.BYTES).map(a -> a.valueOr(event, 0)).filter(b -> b > 0)
                    .ifPresent(bytes -> json.writeNumberProperty("memory bandwidth (GB/s)",
                            (double) bytes / trace.duration(event)));
        }
    }

    private void writeNumber(AttributeKey key, String name, int event) {
        trace.attribute(key).filter(a -> a.has(event))
                .ifPresent(a -> json.writeNumberProperty(name, a.longAt(a.find(event))));
    }

    private void writeOther(Attribute attribute, int event) {
        int i = attribute.find(event);
        if (i >= 0) {
            String name = attribute.key().name();
            switch (attribute.key().type()) {
                case LONG -> json.writeNumberProperty(name, attribute.longAt(i));
                case DOUBLE -> json.writeNumberProperty(name, attribute.doubleAt(i));
                case STRING -> json.writeStringProperty(name, trace.strings().get((int) attribute.longAt(i)));
            }
        }
    }
}
