package org.moelab.app.shell;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.moelab.app.details.Fact;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// What a recording says of itself, for the panel below the list.
final class RecordingFacts {
    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'",
            Locale.ROOT).withZone(ZoneOffset.UTC);

    private RecordingFacts() {
    }

    static List<Fact.Group> of(OpenRecording opened) {
        Recording recording = opened.recording();
        List<Fact.Group> groups = new ArrayList<>();
        groups.add(new Fact.Group("Origin", origin(opened)));
        switch (recording) {
            case Trace trace -> {
                groups.add(new Fact.Group("Time", time(trace)));
                groups.add(new Fact.Group("Events", events(trace)));
            }
            case KernelReport report -> groups.add(new Fact.Group("Content", List.of(
                    Fact.of("Kernels", Unit.COUNT.format(report.kernels().size()), "profiled launches"),
                    Fact.of("Metrics", Unit.COUNT.format(report.metrics().size()), "metric values of all kernels"))));
        }
        if (!recording.info().devices().isEmpty()) {
            groups.add(new Fact.Group("Devices", recording.info().devices().stream()
                    .map(d -> Fact.of("GPU " + d.id(), d.name(), properties(d))).toList()));
        }
        return groups;
    }

    /// What a run says of itself where none of its timelines is looked at.
    static List<Fact.Group> of(StoredRun run) {
        RunReport report = run.report();
        List<Fact> origin = new ArrayList<>(List.of(
                Fact.of("Tool", "MoE Lab " + report.versions().moelab(), "as the run's report says")));
        report.started().ifPresent(at -> origin.add(Fact.of("Started", at.replace('T', ' '), "wall clock")));
        origin.add(Fact.of("Device", report.machine().device(), "what the model ran on"));
        return List.of(new Fact.Group("Run", origin), new Fact.Group("Content", List.of(
                Fact.of("Layers", Unit.COUNT.format(run.layers().size()), "layers that gave a result"),
                Fact.of("Timelines", Unit.COUNT.format(OpenRuns.timelines(run).size()),
                        "captured timelines that lie in the run's directory"))));
    }

    private static String properties(DeviceInfo device) {
        return device.properties().isEmpty()
                ? "the device as the recording names it"
                : device.properties().entrySet().stream().sorted(Map.Entry.comparingByKey()).limit(24)
                        .map(p -> p.getKey() + ": " + p.getValue()).collect(Collectors.joining("\n"));
    }

    private static List<Fact> origin(OpenRecording opened) {
        RecordingInfo info = opened.recording().info();
        List<Fact> facts = new ArrayList<>();
        opened.madeBy().ifPresentOrElse(tool -> {
            facts.add(Fact.of("Tool", tool, "as the run's report says"));
            facts.add(Fact.of("Form", info.format().title(), "whose file format this is"));
        }, () -> facts.add(Fact.of("Tool", info.format().title(), "told from the file's content")));
        if (!info.version().isEmpty()) {
            facts.add(Fact.of("Version", info.version(), "as the file says"));
        }
        if (!info.schema().isEmpty()) {
            facts.add(Fact.of("Schema", info.schema(), "version of the file's format, as the file says"));
        }
        info.epochNs().ifPresent(ns -> facts.add(
                Fact.of("Recorded", WALL_CLOCK.format(Instant.ofEpochSecond(0, ns)), "wall clock at time 0")));
        return facts;
    }

    private static List<Fact> time(Trace trace) {
        return List.of(
                Fact.of("Length", Unit.NANOSECONDS.format(trace.endNs() - trace.startNs()),
                        "end of the last event − start of the first"),
                Fact.of("First event", Unit.NANOSECONDS.format(trace.startNs()), "on the recording's clock"));
    }

    private static List<Fact> events(Trace trace) {
        Map<EventKind, Integer> counts = new EnumMap<>(EventKind.class);
        for (int e = 0; e < trace.size(); e++) {
            counts.merge(trace.kind(e), 1, Integer::sum);
        }
        List<Fact> facts = new ArrayList<>();
        facts.add(Fact.of("All", Unit.COUNT.format(trace.size()), "events of every kind"));
        counts.forEach((kind, count) -> facts.add(Fact.of(name(kind), Unit.COUNT.format(count),
                "events that the recording calls " + name(kind).toLowerCase(Locale.ROOT))));
        if (!trace.counters().isEmpty()) {
            facts.add(Fact.of("Counters", Unit.COUNT.format(trace.counters().size()), "series of samples"));
        }
        return facts;
    }

    private static String name(EventKind kind) {
        String words = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
