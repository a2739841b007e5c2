package org.moelab.traces.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

import org.moelab.traces.kineto.Category;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Flow;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.IntSort;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// Writes a Chrome trace in the dialect of the PyTorch profiler: its categories, its `args`, its arrows from launch to
/// work (`ac2g`), one process for each device and in it one thread for each stream.
///
/// Events keep their order in the file where they came from one that has such an order, since tools break ties by it.
/// Times are microseconds with as many decimals as the nanoseconds need, so that nothing is lost.
final class ChromeTrace {
    private static final JsonFactory FACTORY = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();
    private static final String LAUNCH = "ac2g";
    /// How the name of a track ends that holds ranges over which the profiler read hardware counters.
    private static final String PROFILER_RANGES = " profiler ranges";

    private final Trace trace;
    private final JsonGenerator json;
    private final ChromePlaces places;
    private final ChromeArguments arguments;
    private long nextId = 1;

    private ChromeTrace(Trace trace, JsonGenerator json) {
        this.trace = trace;
        this.json = json;
        this.places = new ChromePlaces(trace);
        this.arguments = new ChromeArguments(trace, json);
    }

    static void write(Trace trace, OutputStream out, ImportMonitor monitor) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            new ChromeTrace(trace, json).write(monitor);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private void write(ImportMonitor monitor) {
        json.writeStartObject();
        new ChromeEnvelope(trace, json).write();
        json.writeName("traceEvents");
        json.writeStartArray();
        Progress progress = new Progress(monitor, trace.size());
        for (int event : inOrder()) {
            progress.step();
            if (!places.isLeftOut(event)) {
                writeEvent(event);
            }
        }
        trace.flows().forEach(this::writeFlow);
        trace.counters().forEach(this::writeCounter);
        new ChromeNames(trace, places, json).write();
        json.writeRaw('\n');
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /// The file's order where the importer kept one, else by start, the longer one first.
    private int[] inOrder() {
        int[] order = new int[trace.size()];
        Arrays.setAll(order, i -> i);
        TraceFormat format = trace.info().format();
        if (trace.info().files().size() == 1 && (format == TraceFormat.KINETO || format == TraceFormat.CHROME)) {
            IntSort.sort(order, (a, b) -> Long.compare(trace.source(a), trace.source(b)));
        } else {
            IntSort.sort(order, (a, b) -> trace.start(a) != trace.start(b)
                    ? Long.compare(trace.start(a), trace.start(b))
                    : Long.compare(trace.duration(b), trace.duration(a)));
        }
        return order;
    }

    private void writeEvent(int event) {
        switch (trace.kind(event)) {
            case MARK, MEMORY -> writeInstant(event);
            case START_END_RANGE -> writeAsync(event);
            default -> writeComplete(event);
        }
        int launch = trace.link(event);
        if (launch >= 0) {
            writeArrow(trace.correlation(event), launch, event);
        }
    }

    private void writeComplete(int event) {
        begin("X", category(event), arguments.name(event));
        place(event);
        time("ts", trace.start(event));
        time("dur", trace.duration(event));
        arguments.write(event);
        json.writeEndObject();
    }

    /// The `cat` that reads back as the event's kind on a row of the same kind.
    private String category(int event) {
        Track track = trace.track(event);
        return switch (trace.kind(event)) {
            case OTHER -> track.locus().thread() == Locus.NONE ? "Trace" : "other";
            case DEVICE_RANGE -> track.name().endsWith(PROFILER_RANGES)
                    ? "cuda_profiler_range"
                    : Category.nameOf(EventKind.DEVICE_RANGE);
            default -> Category.nameOf(trace.kind(event));
        };
    }

    private void writeInstant(int event) {
        Track track = trace.track(event);
        boolean global = track.locus().thread() == Locus.NONE;
        boolean onAnnotations = track.kind() == TrackKind.RANGES;
        begin("i", trace.kind(event) == EventKind.MARK && onAnnotations ? "mark" : "cpu_instant_event",
                arguments.name(event));
        json.writeStringProperty("s", global ? "g" : "t");
        place(event);
        time("ts", trace.start(event));
        arguments.write(event);
        json.writeEndObject();
    }

    private void writeAsync(int event) {
        String category = Category.nameOf(EventKind.START_END_RANGE);
        long id = nextId++;
        for (boolean first : new boolean[] { true, false }) {
            begin(first ? "b" : "e", category, arguments.name(event));
            json.writeNumberProperty("id", id);
            json.writeNumberProperty("pid", places.pid(trace.track(event)));
            json.writeNumberProperty("tid", first ? places.tid(event) : endTid(event));
            time("ts", first ? trace.start(event) : trace.end(event));
            if (first) {
                arguments.write(event);
            }
            json.writeEndObject();
        }
    }

    /// The thread that a range ends on.
    private long endTid(int event) {
        return trace.attribute(AttributeKey.END_THREAD).map(a -> a.valueOr(event, places.tid(event)))
                .orElseGet(() -> places.tid(event));
    }

    private void writeFlow(Flow flow) {
        long id = nextId++;
        writeArrowEnd(true, id, flow.category(), flow.from());
        writeArrowEnd(false, id, flow.category(), flow.to());
    }

    private void writeArrow(long id, int launch, int work) {
        writeArrowEnd(true, id, LAUNCH, launch);
        writeArrowEnd(false, id, LAUNCH, work);
    }

    private void writeArrowEnd(boolean first, long id, String category, int event) {
        begin(first ? "s" : "f", category, category);
        json.writeNumberProperty("id", id);
        place(event);
        time("ts", trace.start(event));
        if (!first) {
            json.writeStringProperty("bp", "e");
        }
        json.writeEndObject();
    }

    private void writeCounter(CounterSeries series) {
        Track track = trace.tracks().get(series.track());
        long pid = places.pid(track);
        for (int i = 0; i < series.size(); i++) {
            begin("C", "counter", series.name());
            json.writeNumberProperty("pid", pid);
            time("ts", series.timeNs()[i]);
            json.writeObjectPropertyStart("args");
            json.writeNumberProperty("value", series.values()[i]);
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void begin(String phase, String category, String name) {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("ph", phase);
        json.writeStringProperty("cat", category);
        json.writeStringProperty("name", name);
    }

    private void place(int event) {
        json.writeNumberProperty("pid", places.pid(trace.track(event)));
        json.writeNumberProperty("tid", places.tid(event));
    }

    private void time(String name, long ns) {
        json.writeName(name);
        writeMicros(ns, json);
    }

    /// Microseconds: a whole number, or three decimals.
    static void writeMicros(long ns, JsonGenerator json) {
        long whole = Math.floorDiv(ns, 1000L);
        int rest = Math.floorMod(ns, 1000);
        if (rest == 0) {
            json.writeNumber(whole);
        } else if (whole >= 0) {
            json.writeNumber(whole + "." + (rest < 10 ? "00" : rest < 100 ? "0" : "") + rest);
        } else {
            json.writeNumber(java.math.BigDecimal.valueOf(ns, 3));
        }
    }
}
