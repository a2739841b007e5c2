package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.nsys.Place.OnDevice;

/// What a capture tells of the machine: its GPUs, processes and threads, and when it began.
///
/// The table of the system's state (`TARGET_INFO_SYSTEM_ENV`) and the capture's settings, which hold the environment of
/// the profiled program, are never read.
final class Targets {
    private static final List<String> GPU_FACTS = List.of("chipName", "busLocation", "computeMajor", "computeMinor",
            "smCount", "clockRate", "totalMemory", "memoryBandwidth", "l2CacheSize", "maxShmemPerSm",
            "maxRegistersPerSm", "maxWarpsPerSm");
    private static final List<String> CUDA_GPU_FACTS = List.of("pciBusId", "computeCapabilityMajor",
            "computeCapabilityMinor", "numMultiprocessors", "coreClockRate", "globalMemorySize",
            "globalMemoryBandwidth", "l2CacheSize", "maxWarpsPerMultiprocessor");

    private final Map<Integer, DeviceInfo> gpus = new LinkedHashMap<>();
    private final Map<CudaDevice, Integer> gpuOfCudaDevice = new HashMap<>();
    private final Map<Long, String> processNames = new HashMap<>();
    private final Map<Long, String> threadNames = new HashMap<>();
    private final Set<Stream> nullStreams = new HashSet<>();
    private OptionalLong epochNs = OptionalLong.empty();

    private record CudaDevice(long pid, int cudaId) {}

    private record Stream(long pid, long context, long stream) {}

    private Targets() {
    }

    static Targets read(NsysDatabase database, NsysStrings strings) throws SQLException {
        Targets targets = new Targets();
        targets.readGpus(database, "TARGET_INFO_GPU", "id", GPU_FACTS);
        targets.readGpus(database, "TARGET_INFO_CUDA_GPU", "deviceId", CUDA_GPU_FACTS);
        targets.readCudaDevices(database);
        targets.readNames(database, strings);
        targets.readNullStreams(database, "TARGET_INFO_CUDA_CONTEXT_INFO", "nullStreamId");
        targets.readNullStreams(database, "TARGET_INFO_CUDA_NULL_STREAM", "streamId");
        try (Rows rows = database.scan("TARGET_INFO_SESSION_START_TIME", "utcEpochNs")) {
            if (rows.next() && rows.number("utcEpochNs") != 0) {
                targets.epochNs = OptionalLong.of(rows.number("utcEpochNs"));
            }
        }
        return targets;
    }

    private void readGpus(NsysDatabase database, String table, String id, List<String> facts) throws SQLException {
        List<String> columns = new ArrayList<>(List.of(id, "name"));
        columns.addAll(facts);
        try (Rows rows = database.scan(table, columns.toArray(String[]::new))) {
            while (rows.next()) {
                Map<String, String> properties = new HashMap<>();
                for (String fact : facts) {
                    rows.value(fact).map(Object::toString).filter(v -> !v.isEmpty())
                            .ifPresent(v -> properties.put(fact, v));
                }
                gpus.putIfAbsent(rows.small(id), new DeviceInfo(rows.small(id), rows.text("name"), properties));
            }
        }
    }

    private void readCudaDevices(NsysDatabase database) throws SQLException {
        try (Rows rows = database.scan("TARGET_INFO_CUDA_DEVICE", "gpuId", "cudaId", "pid")) {
            while (rows.next()) {
                int gpu = (int) rows.number("gpuId", -1);
                if (gpu >= 0) {
                    gpuOfCudaDevice.put(new CudaDevice(rows.number("pid"), rows.small("cudaId")), gpu);
                }
            }
        }
    }

    private void readNames(NsysDatabase database, NsysStrings strings) throws SQLException {
        try (Rows rows = database.scan("PROCESSES", "globalPid", "name")) {
            while (rows.next()) {
                processNames.put(rows.number("globalPid"), rows.text("name"));
            }
        }
        try (Rows rows = database.scan("ThreadNames", "nameId", "globalTid")) {
            while (rows.next()) {
                threadNames.put(rows.number("globalTid"), strings.text(rows.number("nameId", -1), _ -> ""));
            }
        }
    }

    private void readNullStreams(NsysDatabase database, String table, String stream) throws SQLException {
        try (Rows rows = database.scan(table, stream, "processId", "contextId")) {
            while (rows.next()) {
                nullStreams.add(new Stream(rows.number("processId"), rows.number("contextId"), rows.number(stream)));
            }
        }
    }

    /// The GPU that a process knows as a CUDA device: the same number where the file does not map them (before 2025.1).
    int gpu(long globalPid, int cudaDevice) {
        return gpuOfCudaDevice.getOrDefault(new CudaDevice(GlobalId.pid(globalPid), cudaDevice), cudaDevice);
    }

    /// All GPUs by id: those that the file describes, and others that something ran on.
    List<DeviceInfo> gpus(Collection<Place> places) {
        Map<Integer, DeviceInfo> all = new TreeMap<>(gpus);
        for (Place place : places) {
            if (place instanceof OnDevice on) {
                all.putIfAbsent(on.device(), new DeviceInfo(on.device(), "unknown GPU", Map.of()));
            }
        }
        return List.copyOf(all.values());
    }

    /// A GPU's title: its number and, where known, its name.
    String gpuTitle(int id) {
        DeviceInfo gpu = gpus.get(id);
        return gpu == null || gpu.name().isEmpty() ? "GPU " + id : "GPU " + id + " · " + gpu.name();
    }

    /// The name of a process's program without its folder, or the empty string.
    String processName(long globalPid) {
        String name = processNames.getOrDefault(globalPid, "");
        if (name.isEmpty()) {
            name = threadName(globalPid | GlobalId.pid(globalPid));
        }
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    /// The operating system's name of a thread, or the empty string.
    String threadName(long globalTid) {
        return threadNames.getOrDefault(globalTid, "");
    }

    /// Whether a stream is the default one of its context.
    boolean isNullStream(long globalPid, long context, long stream) {
        return nullStreams.contains(new Stream(GlobalId.pid(globalPid), context, stream));
    }

    /// Wall-clock time of the capture's time 0, where known.
    OptionalLong epochNs() {
        return epochNs;
    }
}
