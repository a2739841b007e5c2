package org.moelab.traces.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

import tools.jackson.core.JsonGenerator;

/// Writes the metadata events that name processes and threads and give them their order: hosts first, then devices.
final class ChromeNames {
    /// Where the PyTorch profiler lets the order of devices begin.
    private static final int DEVICES = 5_000_000;

    /// What an importer adds to the name of a stream for its further rows.
    private static final Pattern ROW_TITLE = Pattern.compile(" (annotations|synchronization|profiler ranges)$");

    private final Trace trace;
    private final ChromePlaces places;
    private final JsonGenerator json;
    private final Map<String, Integer> names = new HashMap<>();

    ChromeNames(Trace trace, ChromePlaces places, JsonGenerator json) {
        this.trace = trace;
        this.places = places;
        this.json = json;
    }

    void write() {
        for (int process = 0; process < trace.processes().size(); process++) {
            ProcessInfo info = trace.processes().get(process);
            long pid = places.pidOfProcess(process);
            text("process_name", pid, 0, "name", info.name());
            text("process_labels", pid, 0, "labels", "CPU");
            number("process_sort_index", pid, 0, process);
        }
        places.devices().forEach((device, pid) -> {
            String owner = device.process() < 0 ? "" : trace.processes().get(device.process()).name();
            text("process_name", pid, 0, "name", owner);
            text("process_labels", pid, 0, "labels", "GPU " + device.device());
            number("process_sort_index", pid, 0, DEVICES + device.device());
        });
        places.threads().forEach(this::writeThread);
        places.strayThreads().forEach((thread, track) -> nameThread(thread, trace.tracks().get(track)));
    }

    private void writeThread(ChromePlaces.ThreadId thread, List<Integer> tracks) {
        nameThread(thread, tracks.stream().map(trace.tracks()::get).filter(t -> t.kind() == TrackKind.STREAM)
                .findFirst().orElse(trace.tracks().get(tracks.getFirst())));
    }

    private void nameThread(ChromePlaces.ThreadId thread, Track track) {
        Locus locus = track.locus();
        if (ChromePlaces.isOnDevice(track)) {
            String name = track.kind() == TrackKind.STREAM || locus.stream() == Locus.NONE
                    ? ROW_TITLE.matcher(track.name()).replaceFirst("")
                    : "Stream " + locus.stream();
            text("thread_name", thread.pid(), thread.tid(), "name", unlike(thread.pid(), name));
            number("thread_sort_index", thread.pid(), thread.tid(), Math.max(0, locus.stream()));
        } else {
            Track named = track.parent() != Locus.NONE && locus.thread() != Locus.NONE
                    ? trace.tracks().get(track.parent())
                    : track;
            text("thread_name", thread.pid(), thread.tid(), "name", named.name());
            number("thread_sort_index", thread.pid(), thread.tid(), named.order());
        }
    }

    /// The name, numbered where another thread of the process has it: what overlaps within a stream is written as further threads.
    private String unlike(long pid, String name) {
        int count = names.merge(pid + " " + name, 1, Integer::sum);
        return count == 1 ? name : name + " (" + count + ")";
    }

    private void text(String what, long pid, long tid, String member, String value) {
        begin(what, pid, tid);
        json.writeStringProperty(member, value);
        end();
    }

    private void number(String what, long pid, long tid, long value) {
        begin(what, pid, tid);
        json.writeNumberProperty("sort_index", value);
        end();
    }

    private void begin(String what, long pid, long tid) {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("ph", "M");
        json.writeStringProperty("name", what);
        json.writeNumberProperty("pid", pid);
        json.writeNumberProperty("tid", tid);
        json.writeNumberProperty("ts", 0);
        json.writeObjectPropertyStart("args");
    }

    private void end() {
        json.writeEndObject();
        json.writeEndObject();
    }
}
