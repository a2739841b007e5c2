package org.moelab.traces.kineto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.OperatorLinks;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.Trace;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Real traces, compared with what another JSON parser counts in them.
class KinetoCorpusTest {
    static Stream<Path> files() {
        return Stream.of("kineto", "kineto/param_dlrm_8ranks_v100", "h200")
                .flatMap(folder -> Corpus.files(folder, ".json").stream()).filter(Files::isRegularFile);
    }

    private static Trace read(Path file) throws TraceReadException {
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static final Map<Path, Reference> REFERENCES = new HashMap<>();

    private static Reference reference(Path file) throws Exception {
        if (!REFERENCES.containsKey(file)) {
            REFERENCES.put(file, new Reference(file));
        }
        return Objects.requireNonNull(REFERENCES.get(file));
    }

    /// What must come out equal for the events of a kind: how many, and the sums of all starts, durations, correlation ids
    /// and hashes of names.
    private record Sums(long events, long startNs, long durationNs, long correlation, long names) {
        Sums plus(Sums other) {
            return new Sums(events + other.events, startNs + other.startNs, durationNs + other.durationNs,
                    correlation + other.correlation, names + other.names);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void events_ofARealTrace_sumUpAsAnotherParserSumsThem(Path file) throws Exception {
        Trace trace = read(file);
        Map<EventKind, Sums> sums = new TreeMap<>();
        for (int e = 0; e < trace.size(); e++) {
            if (trace.origin(e) < 0) {
                sums.merge(trace.kind(e), new Sums(1, trace.start(e), trace.duration(e),
                        Math.max(0, trace.correlation(e)), trace.name(e).hashCode()), Sums::plus);
            }
        }

        assertThat(sums).isEqualTo(reference(file).sums);
        assertThat(trace.warnings()).extracting(w -> w.code()).isSubsetOf("kernel-without-launch");
    }

    @ParameterizedTest
    @MethodSource("files")
    void deviceWork_ofARealTrace_isLinkedWhereverItsLaunchWasRecorded(Path file) throws Exception {
        Trace trace = read(file);
        Reference reference = reference(file);
        long linked = 0;
        for (int e = 0; e < trace.size(); e++) {
            if (trace.kind(e).isDeviceWork() && trace.link(e) >= 0) {
                assertThat(trace.correlation(trace.link(e))).isEqualTo(trace.correlation(e));
                linked++;
            }
        }

        assertThat(linked).isEqualTo(reference.work.stream().filter(reference.calls::contains).count());
    }

    @ParameterizedTest
    @MethodSource("files")
    void store_ofARealTrace_needsAtMost64BytesAnEvent(Path file) throws Exception {
        Trace trace = read(file);

        assertThat(trace.storeBytes()).isLessThanOrEqualTo(64L * trace.size() + 1024);
    }

    @ParameterizedTest
    @MethodSource("files")
    void operator_ofLinkedKernels_isFoundWhereOperatorsWereRecorded(Path file) throws Exception {
        Trace trace = read(file);
        OperatorLinks operators = new OperatorLinks(trace);
        long withOperator = 0;
        long linked = 0;
        boolean recorded = false;
        for (int e = 0; e < trace.size(); e++) {
            recorded |= trace.kind(e) == EventKind.CPU_OP;
            boolean graph = trace.link(e) >= 0 && trace.launchedCount(trace.link(e)) > 1;
            if (trace.kind(e) == EventKind.KERNEL && trace.link(e) >= 0 && !graph) {
                linked++;
                withOperator += operators.operatorOf(e) >= 0 ? 1 : 0;
            }
        }

        assertThat(withOperator).isGreaterThanOrEqualTo(recorded ? (long) (0.98 * linked) : 0);
    }

    @Test
    void ranks_ofOneJob_readAsOneTrace() throws Exception {
        List<Path> files = Corpus.files("kineto/param_dlrm_8ranks_v100", ".json");
        Trace merged = (Trace) Recordings.openAll(files.reversed(), ImportOptions.DEFAULT, ImportMonitor.NONE);
        long events = 0;
        for (Path file : files) {
            events += read(file).size();
        }

        assertThat(merged.processes()).extracting(ProcessInfo::rank).extracting(r -> r.orElse(-1)).containsExactly(0, 1,
                2, 3, 4, 5, 6, 7);
        assertThat(merged.size()).isEqualTo(events);
        for (int e = 0; e < merged.size(); e++) {
            if (merged.kind(e).isDeviceWork() && merged.link(e) >= 0) {
                int process = merged.track(e).locus().process();
                assertThat(merged.track(e).locus().device()).isEqualTo(process);
                assertThat(merged.track(merged.link(e)).locus().process()).isEqualTo(process);
            }
        }
    }

    /// The same figures, counted by a general parser.
    private static final class Reference {
        private final Map<EventKind, Sums> sums = new TreeMap<>();
        private final List<String> work = new ArrayList<>();
        private final Set<String> calls = new HashSet<>();

        Reference(Path file) throws IOException, TraceReadException {
            try (InputStream in = Recordings.unpack(Files.newInputStream(file),
                    Recordings.probe(file).compression());
                    JsonParser p = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
                if (p.nextToken() == JsonToken.START_ARRAY) {
                    events(p);
                    return;
                }
                while (p.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean isEvents = p.currentName().equals("traceEvents");
                    p.nextToken();
                    if (isEvents) {
                        events(p);
                    } else {
                        p.skipChildren();
                    }
                }
            }
        }

        private void events(JsonParser p) {
            while (p.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> event = new TreeMap<>();
                flatten(p, "", event);
                add(event);
            }
        }

        private static void flatten(JsonParser p, String prefix, Map<String, String> into) {
            while (p.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = p.currentName();
                JsonToken value = p.nextToken();
                if (name.equals("args") && value == JsonToken.START_OBJECT) {
                    flatten(p, "args.", into);
                } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
                    p.skipChildren();
                } else {
                    into.put(prefix + name, p.getString());
                }
            }
        }

        private void add(Map<String, String> event) {
            String phase = event.getOrDefault("ph", "");
            String category = event.getOrDefault("cat", "");
            String correlation = event.getOrDefault("args.correlation",
                    event.getOrDefault("args.correlationId", "0"));
            if (!phase.equals("X") && !phase.equals("i")) {
                return;
            }
            EventKind kind = phase.equals("X") ? kind(category) : instant(event);
            sums.merge(kind, new Sums(1, ns(event.getOrDefault("ts", "")), ns(event.getOrDefault("dur", "0")),
                    Long.parseLong(correlation), event.getOrDefault("name", "").hashCode()), Sums::plus);
            if (kind.isApiCall()) {
                calls.add(correlation);
            } else if (kind.isDeviceWork() && event.containsKey("args.correlation")) {
                work.add(correlation);
            }
        }

        private static EventKind instant(Map<String, String> event) {
            return event.getOrDefault("name", "").equals("[memory]") ? EventKind.MEMORY : EventKind.MARK;
        }

        private static long ns(String micros) {
            return new BigDecimal(micros).movePointRight(3).longValueExact();
        }

        private static EventKind kind(String category) {
            return switch (category) {
                case "cpu_op", "Operator" -> EventKind.CPU_OP;
                case "kernel", "Kernel", "cuda" -> EventKind.KERNEL;
                case "gpu_memcpy", "Memcpy" -> EventKind.MEMCPY;
                case "gpu_memset", "Memset" -> EventKind.MEMSET;
                case "mtia_ccp_events" -> EventKind.DEVICE_OTHER;
                case "cuda_runtime", "Runtime", "mtia_runtime", "cuda_api" -> EventKind.RUNTIME_CALL;
                case "cuda_driver" -> EventKind.DRIVER_CALL;
                case "user_annotation", "nvtx" -> EventKind.RANGE;
                case "gpu_user_annotation", "cuda_profiler_range", "nvtx-kernel" -> EventKind.DEVICE_RANGE;
                case "cuda_sync" -> EventKind.SYNCHRONIZATION;
                case "python_function" -> EventKind.PYTHON;
                case "overhead" -> EventKind.OVERHEAD;
                case "Trace" -> EventKind.OTHER;
                default -> throw new AssertionError("a category that the corpus did not hold: " + category);
            };
        }
    }
}
