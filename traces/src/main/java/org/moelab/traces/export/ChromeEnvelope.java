package org.moelab.traces.export;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;

import tools.jackson.core.JsonGenerator;

/// Writes what stands around the events of a Chrome trace. Of a recording's further properties only those are passed on
/// that the PyTorch profiler writes itself; others could tell of the machine what its owner would not.
final class ChromeEnvelope {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?");
    private static final List<String> FACTS = List.of("traceName", "record_shapes", "profile_memory", "with_stack",
            "with_flops", "with_modules", "cuda_driver_version", "cuda_runtime_version", "cupti_version",
            "hip_driver_version", "hip_runtime_version");
    private static final List<String> DISTRIBUTED_FACTS = List.of("backend", "world_size", "nccl_version", "pg_count");

    private final Trace trace;
    private final JsonGenerator json;

    ChromeEnvelope(Trace trace, JsonGenerator json) {
        this.trace = trace;
        this.json = json;
    }

    void write() {
        RecordingInfo info = trace.info();
        json.writeNumberProperty("schemaVersion", 1);
        json.writeStringProperty("producer", "MoE Lab, from " + (info.format().title() + " " + info.version()).strip());
        FACTS.forEach(this::writeFact);
        if (!info.devices().isEmpty()) {
            json.writeArrayPropertyStart("deviceProperties");
            info.devices().forEach(this::writeDevice);
            json.writeEndArray();
        }
        List<Integer> ranks = trace.processes().stream().map(ProcessInfo::rank).filter(OptionalInt::isPresent)
                .map(OptionalInt::getAsInt).distinct().toList();
        if (ranks.size() == 1) {
            json.writeObjectPropertyStart("distributedInfo");
            json.writeNumberProperty("rank", ranks.getFirst());
            DISTRIBUTED_FACTS.forEach(this::writeFact);
            json.writeEndObject();
        }
        json.writeStringProperty("displayTimeUnit", "ms");
        info.epochNs().ifPresent(epoch -> {
            if (epoch != 0) {
                json.writeNumberProperty("baseTimeNanoseconds", epoch);
            }
        });
    }

    private void writeFact(String name) {
        String value = trace.info().properties().get(name);
        if (value != null) {
            writeScalar(name, value);
        }
    }

    private void writeDevice(DeviceInfo device) {
        json.writeStartObject();
        json.writeNumberProperty("id", device.id());
        json.writeStringProperty("name", device.name());
        device.properties().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .filter(p -> !p.getKey().equals("id") && !p.getKey().equals("name"))
                .forEach(p -> writeScalar(p.getKey(), p.getValue()));
        json.writeEndObject();
    }

    private void writeScalar(String name, String value) {
        json.writeName(name);
        if (NUMBER.matcher(value).matches()) {
            json.writeNumber(value);
        } else {
            json.writeString(value);
        }
    }
}
