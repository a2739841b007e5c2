package org.moelab.traces.kineto;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import org.moelab.traces.model.DeviceInfo;

/// What stands around the array of events: facts about the recording.
///
/// Only members listed here are taken over. A profiler may also write down user, host, job and log lines of the profiled
/// machine, which are nobody's business.
final class Envelope {
    private static final Set<String> FACTS = Set.of("traceName", "trace_id", "displayTimeUnit", "record_shapes",
            "profile_memory", "with_stack", "with_flops", "with_modules", "cuda_driver_version",
            "cuda_runtime_version", "cupti_version", "hip_driver_version", "hip_runtime_version", "roctracer_version",
            "producer");
    private static final List<String> DISTRIBUTED_FACTS = List.of("backend", "world_size", "nccl_version", "pg_count");

    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<Integer, DeviceInfo> devices = new LinkedHashMap<>();
    private boolean isObject;
    private boolean hasEvents;
    private boolean repeatsEvents;
    private String schema = "";
    private OptionalInt rank = OptionalInt.empty();
    private OptionalLong baseTimeNs = OptionalLong.empty();

    /// Reads up to the first event and leaves the cursor on it; to the end of the text where there is no array of events.
    ///
    /// @throws JsonFault where the text is malformed, or ends before
    void readHead(JsonCursor c) throws JsonFault {
        if (c.peek() == '[') {
            c.moveTo(c.position() + 1);
            hasEvents = true;
            return;
        }
        c.expect('{', "a JSON object or array");
        isObject = true;
        if (c.peek() == '}') {
            c.moveTo(c.position() + 1);
        } else {
            readMembers(c);
        }
    }

    /// Reads what follows the array of events.
    ///
    /// @throws JsonFault where the text is malformed, or ends before the value does
    void readTail(JsonCursor c) throws JsonFault {
        if (!isObject) {
            return;
        }
        if (c.peek() == '}') {
            c.moveTo(c.position() + 1);
        } else {
            c.expect(',', "',' or '}' behind the array of events");
            readMembers(c);
        }
    }

    private void readMembers(JsonCursor c) throws JsonFault {
        int next;
        do {
            c.memberName();
            String name = c.stringText();
            if (name.equals("traceEvents") && c.peek() == '[') {
                if (!hasEvents) {
                    hasEvents = true;
                    c.moveTo(c.position() + 1);
                    return;
                }
                repeatsEvents = true;
            }
            readMember(name, c);
            next = c.peek();
            if (next != ',' && next != '}') {
                throw c.fault("',' or '}' after '" + name + "'");
            }
            c.moveTo(c.position() + 1);
        } while (next == ',');
    }

    private void readMember(String name, JsonCursor c) throws JsonFault {
        switch (name) {
            case "schemaVersion" -> schema = c.scalar();
            case "deviceProperties", "computeProperties" -> c.forEachElement(_ -> readDevice(c));
            case "distributedInfo" -> c.forEachMember(member -> readDistributed(member, c));
            case "baseTimeNanoseconds" -> {
                long base = c.wholeNumber(Long.MIN_VALUE);
                baseTimeNs = base == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(base);
            }
            default -> {
                if (FACTS.contains(name)) {
                    properties.put(name, c.scalar());
                } else {
                    c.skipValue();
                }
            }
        }
    }

    private void readDevice(JsonCursor c) throws JsonFault {
        Map<String, String> facts = new LinkedHashMap<>();
        c.forEachMember(member -> facts.put(member, c.scalar()));
        try {
            int id = Integer.parseInt(facts.getOrDefault("id", ""));
            String deviceName = facts.getOrDefault("name", "");
            facts.remove("id");
            facts.remove("name");
            devices.put(id, new DeviceInfo(id, deviceName, facts));
        } catch (NumberFormatException _) {
            // a device without a number cannot be told from others
        }
    }

    private void readDistributed(String member, JsonCursor c) throws JsonFault {
        if (member.equals("rank")) {
            long r = c.wholeNumber(-1);
            rank = r < 0 || r > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) r);
        } else if (DISTRIBUTED_FACTS.contains(member)) {
            properties.put(member, c.scalar());
        } else {
            c.skipValue();
        }
    }

    /// Whether an array of events was found.
    boolean hasEvents() {
        return hasEvents;
    }

    /// Whether there was a second array of events, which is not read.
    boolean repeatsEvents() {
        return repeatsEvents;
    }

    /// Whether the PyTorch profiler wrote this, as opposed to any other writer of Chrome traces.
    boolean isProfiler() {
        return !schema.isEmpty() || !devices.isEmpty() || baseTimeNs.isPresent();
    }

    /// Facts by the producer's own names.
    Map<String, String> properties() {
        return properties;
    }

    List<DeviceInfo> devices() {
        return List.copyOf(devices.values());
    }

    /// `schemaVersion`, or the empty string.
    String schema() {
        return schema;
    }

    /// The rank in a distributed job.
    OptionalInt rank() {
        return rank;
    }

    /// Wall-clock time of time 0 in ns since 1970 UTC.
    OptionalLong baseTimeNs() {
        return baseTimeNs;
    }
}
