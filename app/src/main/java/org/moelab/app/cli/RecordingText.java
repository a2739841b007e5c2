package org.moelab.app.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.model.Warning;

/// What a recording holds, for a person at a terminal: a label at the left, facts at the right.
final class RecordingText {
    private static final int LABEL_WIDTH = 12;
    private static final int MOST_PROPERTIES = 20;

    private final PrintWriter out;

    private RecordingText(PrintWriter out) {
        this.out = out;
    }

    /// Writes the facts.
    static void write(Recording recording, PrintWriter out) {
        RecordingText text = new RecordingText(out);
        text.origin(recording.info());
        switch (recording) {
            case Trace trace -> text.timeline(trace);
            case KernelReport report -> text.kernels(report);
        }
        text.facts("warnings", recording.warnings().isEmpty()
                ? List.of("none")
                : recording.warnings().stream().map(Warning::message).toList());
    }

    private void origin(RecordingInfo info) {
        facts(info.files().size() == 1 ? "file" : "files", info.files());
        List<String> tool = new ArrayList<>();
        tool.add((info.format().title() + " " + info.version()).strip());
        if (!info.schema().isEmpty()) {
            tool.add("schema " + info.schema());
        }
        fact("tool", String.join(", ", tool));
        info.epochNs().ifPresent(ns -> fact("time 0",
                Instant.EPOCH.plusNanos(ns).truncatedTo(ChronoUnit.MILLIS).toString()));
        facts("devices", info.devices().stream().map(RecordingText::describe).toList());
        facts("properties", info.properties().entrySet().stream().map(p -> p.getKey() + ": " + p.getValue()).toList());
    }

    private void timeline(Trace trace) {
        EventCounts counts = EventCounts.of(trace);
        facts("processes", trace.processes().stream().map(RecordingText::describe).toList());
        fact("time", Unit.NANOSECONDS.format((double) trace.endNs() - trace.startNs()) + ", from "
                + trace.startNs() + " to " + trace.endNs() + " ns");
        fact("events", count(trace.size()) + " on " + count(trace.tracks().size()) + " tracks");
        Map<String, Integer> byKind = new LinkedHashMap<>();
        counts.byKind().forEach((kind, n) -> byKind.put(PlainText.words(kind), n));
        byCount(byKind);
        if (counts.deviceWork() > 0) {
            fact("linked", count(counts.linked()) + " of " + count(counts.deviceWork())
                    + " pieces of device work lead back to the call that launched them");
        }
        if (!trace.counters().isEmpty()) {
            fact("counters", count(trace.counters().size()) + " with "
                    + count(trace.counters().stream().mapToLong(CounterSeries::size).sum()) + " samples");
        }
        if (!trace.flows().isEmpty()) {
            fact("flows", count(trace.flows().size()));
        }
        fact("memory",
                Unit.BYTES.format((double) trace.storeBytes()) + " (" + trace.storeBytes() / Math.max(1, trace.size())
                        + " B an event) and " + Unit.BYTES.format((double) trace.strings().bytes()) + " for "
                        + count(trace.strings().size()) + " strings");
    }

    private void kernels(KernelReport report) {
        KernelReportCounts counts = KernelReportCounts.of(report);
        fact("kernels", count(report.kernels().size()) + " profiled, " + count(counts.names().size()) + " different");
        byCount(counts.names());
        fact("metrics", count(report.metrics().size()) + " values, and " + count(counts.instances())
                + " more by instruction, unit or time");
        fact("sections", count(counts.sections().size()));
        byCount(counts.sections());
        fact("rules", count(counts.rules().size()) + " with " + count(counts.findings()) + " findings");
        byCount(counts.rules());
        if (!report.modules().isEmpty()) {
            fact("modules", count(report.modules().size()) + ", " + count(counts.cubins()) + " with machine code, "
                    + count(counts.sourceFiles()) + " source files embedded");
        }
    }

    /// A line a name, its count before it.
    private void byCount(Map<String, Integer> counts) {
        int width = counts.values().stream().mapToInt(n -> count(n).length()).max().orElse(0);
        facts("", counts.entrySet().stream().map(e -> right(count(e.getValue()), width) + "  " + e.getKey()).toList());
    }

    private static String describe(DeviceInfo device) {
        String properties = device.properties().size() > MOST_PROPERTIES
                ? count(device.properties().size()) + " properties, see --json"
                : new TreeMap<>(device.properties()).entrySet().stream().map(p -> p.getKey() + " " + p.getValue())
                        .collect(Collectors.joining(", "));
        return device.id() + "  " + device.name() + (properties.isEmpty() ? "" : " (" + properties + ")");
    }

    private static String describe(ProcessInfo process) {
        String pid = process.pid() < 0 ? "" : process.pid() + "  ";
        return pid + process.name() + (process.rank().isPresent() ? ", rank " + process.rank().getAsInt() : "");
    }

    private static String count(long n) {
        return Unit.COUNT.format((double) n);
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private void fact(String label, String fact) {
        out.println(label + " ".repeat(LABEL_WIDTH - label.length()) + PlainText.printable(fact));
    }

    /// One fact a line, the label before the first.
    private void facts(String label, List<?> facts) {
        String shown = label;
        for (Object fact : facts) {
            fact(shown, fact.toString());
            shown = "";
        }
    }
}
