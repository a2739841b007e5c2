package org.moelab.app.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.TreeMap;

import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Warning;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a recording holds, for scripts: times in ns, sizes in bytes, names as the model writes them.
final class RecordingJson {
    private RecordingJson() {
    }

    /// The facts as one object.
    static ObjectNode of(Recording recording) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        origin(recording.info(), root);
        switch (recording) {
            case Trace trace -> timeline(trace, root);
            case KernelReport report -> kernels(report, root);
        }
        ArrayNode warnings = root.putArray("warnings");
        for (Warning warning : recording.warnings()) {
            warnings.addObject().put("code", warning.code()).put("count", warning.count())
                    .put("message", warning.message());
        }
        return root;
    }

    private static void origin(RecordingInfo info, ObjectNode root) {
        ArrayNode files = root.putArray("files");
        for (Path file : info.files()) {
            files.add(file.toString());
        }
        root.put("format", info.format().name()).put("tool", info.format().title()).put("version", info.version())
                .put("schema", info.schema());
        if (info.epochNs().isPresent()) {
            root.put("epoch_ns", info.epochNs().getAsLong());
        }
        ArrayNode devices = root.putArray("devices");
        for (DeviceInfo device : info.devices()) {
            ObjectNode properties = devices.addObject().put("id", device.id()).put("name", device.name())
                    .putObject("properties");
            new TreeMap<>(device.properties()).forEach(properties::put);
        }
        ObjectNode properties = root.putObject("properties");
        info.properties().forEach(properties::put);
    }

    private static void timeline(Trace trace, ObjectNode root) {
        ArrayNode processes = root.putArray("processes");
        for (ProcessInfo process : trace.processes()) {
            ObjectNode node = processes.addObject().put("pid", process.pid()).put("name", process.name());
            process.rank().ifPresent(rank -> node.put("rank", rank));
        }
        EventCounts counts = EventCounts.of(trace);
        root.put("start_ns", trace.startNs()).put("end_ns", trace.endNs()).put("tracks", trace.tracks().size())
                .put("events", trace.size());
        ObjectNode byKind = root.putObject("events_by_kind");
        counts.byKind().forEach((kind, n) -> byKind.put(kind.name(), n));
        root.put("device_work", counts.deviceWork()).put("device_work_linked", counts.linked())
                .put("counters", trace.counters().size())
                .put("counter_samples", trace.counters().stream().mapToLong(CounterSeries::size).sum())
                .put("flows", trace.flows().size()).put("store_bytes", trace.storeBytes())
                .put("strings", trace.strings().size()).put("string_bytes", trace.strings().bytes());
    }

    private static void kernels(KernelReport report, ObjectNode root) {
        KernelReportCounts counts = KernelReportCounts.of(report);
        ArrayNode kernels = root.putArray("kernels");
        for (ProfiledKernel kernel : report.kernels()) {
            ObjectNode node = kernels.addObject().put("index", kernel.index()).put("name", kernel.name().display())
                    .put("grid", kernel.launch().grid().toString()).put("block", kernel.launch().block().toString())
                    .put("metrics", report.metrics().end(kernel.index()) - report.metrics().begin(kernel.index()));
            double duration = report.durationNs(kernel);
            if (!Double.isNaN(duration)) {
                node.put("duration_ns", duration);
            }
        }
        root.put("metric_values", report.metrics().size()).put("metric_instances", counts.instances())
                .put("findings", counts.findings()).put("modules", report.modules().size())
                .put("modules_with_machine_code", counts.cubins()).put("source_files", counts.sourceFiles());
        counts.sections().forEach(root.putObject("sections")::put);
        counts.rules().forEach(root.putObject("rules")::put);
    }

    /// Writes the facts, indented.
    static void write(Recording recording, Writer out) throws IOException {
        out.write(of(recording).toPrettyString());
        out.write('\n');
    }
}
