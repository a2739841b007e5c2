package org.moelab.traces.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;

/// Writes a trace as comma-separated values: a row an event, tracks one after the other, by start within a track.
/// Times are nanoseconds; `launch` is the `event` of the call that launched the row's work. What does not apply is blank.
final class EventTable {
    private static final List<String> COLUMNS = List.of("event", "track", "process", "pid", "rank", "thread", "device",
            "context", "stream", "kind", "name", "start_ns", "duration_ns", "depth", "correlation", "launch", "grid",
            "block", "registers");

    private final Trace trace;
    private final Writer out;
    private final List<Attribute> attributes;

    private EventTable(Trace trace, Writer out) {
        this.trace = trace;
        this.out = out;
        this.attributes = trace.attributes().stream().filter(a -> !a.key().equals(AttributeKey.LAUNCH_CONFIG))
                .sorted(Comparator.comparing(a -> a.key().name())).toList();
    }

    static void write(Trace trace, OutputStream stream, ImportMonitor monitor) throws IOException {
        Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
        new EventTable(trace, out).write(monitor);
        out.flush();
    }

    private void write(ImportMonitor monitor) throws IOException {
        out.write(String.join(",", COLUMNS));
        for (Attribute attribute : attributes) {
            text(attribute.key().name());
        }
        out.write('\n');
        Progress progress = new Progress(monitor, trace.size());
        for (int event = 0; event < trace.size(); event++) {
            progress.step();
            row(event);
        }
    }

    private void row(int event) throws IOException {
        Track track = trace.track(event);
        out.write(Integer.toString(event));
        text(track.name());
        place(track.locus());
        text(trace.kind(event).name().toLowerCase(Locale.ROOT));
        text(trace.name(event));
        number(trace.start(event));
        number(trace.duration(event));
        number(trace.depth(event));
        numberOrBlank(trace.correlation(event));
        numberOrBlank(trace.link(event));
        launch(event);
        for (Attribute attribute : attributes) {
            attribute(attribute, event);
        }
        out.write('\n');
    }

    private void place(Locus locus) throws IOException {
        if (locus.process() < 0) {
            out.write(",,,");
        } else {
            ProcessInfo process = trace.processes().get(locus.process());
            text(process.name());
            numberOrBlank(process.pid());
            numberOrBlank(process.rank().orElse(Locus.NONE));
        }
        numberOrBlank(locus.thread());
        numberOrBlank(locus.device());
        numberOrBlank(locus.context());
        numberOrBlank(locus.stream());
    }

    private void launch(int event) throws IOException {
        LaunchConfig launch = trace.launchConfig(event).orElse(null);
        if (launch == null) {
            out.write(",,,");
        } else {
            text(launch.gridX() + "x" + launch.gridY() + "x" + launch.gridZ());
            text(launch.blockX() + "x" + launch.blockY() + "x" + launch.blockZ());
            number(launch.registersPerThread());
        }
    }

    private void attribute(Attribute attribute, int event) throws IOException {
        int i = attribute.find(event);
        out.write(',');
        if (i >= 0) {
            switch (attribute.key().type()) {
                case LONG -> out.write(Long.toString(attribute.longAt(i)));
                case DOUBLE -> out.write(Numerals.plain(attribute.doubleAt(i), -1));
                case STRING -> CsvTable.quote(trace.strings().get((int) attribute.longAt(i)), out);
            }
        }
    }

    private void text(String value) throws IOException {
        out.write(',');
        CsvTable.quote(value, out);
    }

    private void number(long value) throws IOException {
        out.write(',');
        out.write(Long.toString(value));
    }

    private void numberOrBlank(long value) throws IOException {
        if (value == Locus.NONE) {
            out.write(',');
        } else {
            number(value);
        }
    }
}
