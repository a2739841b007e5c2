package org.moelab.traces.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.traces.Corpus;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.RecordingInfo;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceBuilder;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TraceFileTest {
    private static final int EVENTS = 300;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void of_name_tellsTheKindByItsEnding() {
        assertThat(TraceFile.of(Path.of("a.trace.JSON.gz"))).contains(TraceFile.CHROME);
        assertThat(TraceFile.of(Path.of("a.csv"))).contains(TraceFile.CSV);
        assertThat(TraceFile.of(Path.of("a.xlsx"))).isEmpty();
        assertThat(TraceFile.endings()).isEqualTo(".json, .json.gz, .csv, .csv.gz");
    }

    @RepeatedTest(20)
    void chrome_randomTrace_readsBackAsTheSameEvents(RepetitionInfo repetition) throws IOException, TraceReadException {
        Trace trace = randomTrace(new Random(repetition.getCurrentRepetition()), TraceFormat.KINETO);

        Trace again = throughFile(trace, repetition.getCurrentRepetition() % 2 == 0 ? "t.json" : "t.json.gz");

        assertThat(facts(again)).isEqualTo(facts(trace));
        assertThat(again.info().epochNs()).isEqualTo(trace.info().epochNs());
        assertThat(again.info().devices()).isEqualTo(trace.info().devices());
        assertThat(again.processes()).isEqualTo(trace.processes());
        assertThat(again.counters()).singleElement().satisfies(c -> {
            assertThat(c.name()).isEqualTo("Total Allocated");
            assertThat(c.timeNs()).containsExactly(5, 1_000_007);
            assertThat(c.values()).containsExactly(1.5, 2.5);
        });
        assertThat(again.flows()).isEmpty();
        assertThat(again.warnings()).isEqualTo(trace.warnings());
    }

    @TestFactory
    Stream<DynamicTest> chrome_corpusFile_readsBackAsTheSameEvents() {
        return Stream.of("tracelens_h100_bert_small", "switchtransformers", "mi300", "ns_resolution", "triton_example")
                .flatMap(name -> Corpus.files("kineto", name).stream())
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    Trace trace = (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
                    Trace again = throughFile(trace, file.getFileName() + ".json");
                    assertThat(facts(again)).isEqualTo(facts(trace));
                    assertThat(again.flows()).hasSameSizeAs(trace.flows());
                }));
    }

    @Test
    void chrome_anyTrace_hasTheDialectOfTheProfiler() throws IOException {
        Trace trace = randomTrace(new Random(1), TraceFormat.KINETO);
        Path file = folder.resolve("t.json");
        TraceFile.CHROME.write(trace, file, ImportMonitor.NONE);

        JsonNode root = JsonMapper.shared().readTree(file.toFile());

        assertThat(root.get("baseTimeNanoseconds").longValue()).isEqualTo(1_700_000_000_000_000_000L);
        assertThat(root.get("distributedInfo").get("rank").intValue()).isEqualTo(3);
        assertThat(root.get("deviceProperties").get(0).get("totalGlobalMem").longValue()).isEqualTo(85_000_000_000L);
        Map<String, Integer> arrows = new HashMap<>();
        for (JsonNode event : root.get("traceEvents")) {
            String category = event.path("cat").stringValue("");
            if (category.equals("kernel")) {
                assertThat(event.get("pid").longValue()).isEqualTo(event.get("args").get("device").longValue());
                assertThat(event.get("args").has("stream")).isTrue();
            } else if (category.equals("ac2g")) {
                arrows.merge(event.get("ph").stringValue(), 1, Integer::sum);
            }
        }
        int linked = 0;
        for (int e = 0; e < trace.size(); e++) {
            linked += trace.link(e) >= 0 ? 1 : 0;
        }
        assertThat(arrows).isEqualTo(Map.of("s", linked, "f", linked));
    }

    @RepeatedTest(20)
    void chrome_anyTool_slicesOfAThreadNest(RepetitionInfo repetition) throws IOException {
        Path file = folder.resolve("t.json");
        TraceFile.CHROME.write(randomTrace(new Random(repetition.getCurrentRepetition()), TraceFormat.NSYS), file,
                ImportMonitor.NONE);

        record Slice(double start, double end) {}
        Map<String, List<Slice>> threads = new HashMap<>();
        for (JsonNode event : JsonMapper.shared().readTree(file.toFile()).get("traceEvents")) {
            if (event.get("ph").stringValue().equals("X") && event.get("dur").doubleValue() > 0) {
                double start = event.get("ts").doubleValue();
                threads.computeIfAbsent(event.get("pid") + "/" + event.get("tid"), _ -> new ArrayList<>())
                        .add(new Slice(start, start + event.get("dur").doubleValue()));
            }
        }
        for (List<Slice> slices : threads.values()) {
            slices.sort(Comparator.comparingDouble(Slice::start).thenComparing(Slice::end, Comparator.reverseOrder()));
            List<Slice> open = new ArrayList<>();
            for (Slice slice : slices) {
                while (!open.isEmpty() && open.getLast().end <= slice.start + 1e-6) {
                    open.removeLast();
                }
                assertThat(open.isEmpty() || slice.end <= open.getLast().end + 1e-6).as("%s in %s", slice, open)
                        .isTrue();
                open.add(slice);
            }
        }
    }

    @Test
    void chrome_recordingOfNsight_hasNamesThatAnalysersKnow() throws IOException {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(77, "app", OptionalInt.empty()));
        EventChunk chunk = builder.chunk();
        int api = builder.track(Locus.NONE, TrackKind.API, "CUDA API", Locus.thread(process, 78), 0);
        int stream = builder.track(Locus.NONE, TrackKind.STREAM, "Stream 7", Locus.stream(process, 0, 1, 7), 0);
        int waits = builder.track(Locus.NONE, TrackKind.SYNCHRONIZATION, "Synchronization",
                Locus.stream(process, 0, 1, 7), 0);
        chunk.add(api, EventKind.RUNTIME_CALL, 0, 1500, chunk.strings().intern("cudaMemcpyAsync_v3020"), 5, 0);
        int copy = chunk.add(stream, EventKind.MEMCPY, 2000, 1000, chunk.strings().intern("Unified memory HtoD"), 5, 1);
        chunk.attribute(copy, AttributeKey.BYTES, 4000);
        chunk.add(waits, EventKind.SYNCHRONIZATION, 2000, 900, chunk.strings().intern("Stream synchronize"), 6, 2);
        builder.add(chunk);
        Path file = folder.resolve("t.json");
        TraceFile.CHROME.write(builder.build(info(TraceFormat.NSYS), ImportMonitor.NONE), file, ImportMonitor.NONE);

        assertThat(file).content().contains("\"name\":\"cudaMemcpyAsync\"")
                .contains("\"name\":\"Memcpy HtoD (Unified memory HtoD)\"", "\"memory bandwidth (GB/s)\":4.0")
                .contains(
                        "\"cat\":\"cuda_sync\",\"name\":\"Stream synchronize\",\"pid\":0,\"tid\":7,\"ts\":2,\"dur\":0.900,"
                                + "\"args\":{\"device\":0,\"context\":1,\"correlation\":6}");
    }

    @Test
    void chrome_rangesInDomains_keepDomainStyleAndTheThreadTheyEndOn() throws IOException, TraceReadException {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(77, "app", OptionalInt.empty()));
        EventChunk chunk = builder.chunk();
        int ranges = builder.track(Locus.NONE, TrackKind.RANGES, "NVTX \u00b7 CCCL", Locus.thread(process, 78), 0);
        int domain = chunk.strings().intern("CCCL");
        int name = chunk.strings().intern("sort");
        chunk.attribute(chunk.add(ranges, EventKind.RANGE, 0, 1500, name, -1, 0), AttributeKey.DOMAIN, domain);
        chunk.attribute(chunk.add(ranges, EventKind.MARK, 200, 0, name, -1, 1), AttributeKey.DOMAIN, domain);
        int across = chunk.add(ranges, EventKind.START_END_RANGE, 300, 900, name, -1, 2);
        chunk.attribute(across, AttributeKey.DOMAIN, domain);
        chunk.attribute(across, AttributeKey.END_THREAD, 79);
        chunk.add(ranges, EventKind.START_END_RANGE, 400, 900, chunk.strings().intern("plain"), -1, 3);
        int api = builder.track(Locus.NONE, TrackKind.API, "CUDA API", Locus.thread(process, 78), 0);
        int stream = builder.track(Locus.NONE, TrackKind.STREAM, "Stream 7", Locus.stream(process, 0, 1, 7), 0);
        chunk.add(api, EventKind.RUNTIME_CALL, 100, 50, chunk.strings().intern("cudaLaunchKernel"), 5, 4);
        chunk.add(stream, EventKind.KERNEL, 500, 60, chunk.strings().intern("radix"), 5, 5);
        builder.add(chunk);

        Trace again = throughFile(builder.build(info(TraceFormat.NSYS), ImportMonitor.NONE), "t.json");

        List<String> annotations = new ArrayList<>();
        for (int e = 0; e < again.size(); e++) {
            switch (again.kind(e)) {
                case RANGE, MARK, START_END_RANGE, DEVICE_RANGE -> annotations.add(again.kind(e) + " "
                        + again.strings().get((int) again.attribute(AttributeKey.DOMAIN).orElseThrow().valueOr(e, 0))
                        + ":"
                        + again.name(e)
                        + again.attribute(AttributeKey.END_THREAD).orElseThrow().valueOr(e, 0));
                default -> {
                    // no annotation
                }
            }
        }
        assertThat(annotations).containsExactlyInAnyOrder("RANGE CCCL:sort0", "MARK CCCL:sort0",
                "START_END_RANGE CCCL:sort79", "START_END_RANGE :plain0", "DEVICE_RANGE CCCL:sort0");
    }

    @Test
    void csv_trace_hasARowForEachEvent() throws IOException {
        Trace trace = randomTrace(new Random(2), TraceFormat.KINETO);
        Path file = folder.resolve("t.csv");
        TraceFile.CSV.write(trace, file, ImportMonitor.NONE);

        List<String[]> rows = Corpus.csv(file);

        assertThat(rows).hasSize(trace.size() + 1);
        assertThat(rows.getFirst()).startsWith("event", "track", "process", "pid", "rank", "thread", "device",
                "context", "stream", "kind", "name", "start_ns", "duration_ns", "depth", "correlation", "launch")
                .contains("bytes", "External id");
        for (String[] row : rows.subList(1, rows.size())) {
            int e = Integer.parseInt(row[0]);
            assertThat(row[10]).isEqualTo(trace.name(e));
            assertThat(Long.parseLong(row[11])).isEqualTo(trace.start(e));
            assertThat(Long.parseLong(row[12])).isEqualTo(trace.duration(e));
            assertThat(row[15]).isEqualTo(trace.link(e) < 0 ? "" : Integer.toString(trace.link(e)));
        }
    }

    @Test
    void write_cancelled_leavesNothingBehind() throws IOException {
        ImportMonitor impatient = new ImportMonitor() {
            @Override
            public void update(double fraction, String phase) {
                // nobody watches
            }

            @Override
            public boolean isCancelled() {
                return true;
            }
        };

        assertThatThrownBy(() -> TraceFile.CHROME.write(randomTrace(new Random(3), TraceFormat.KINETO),
                folder.resolve("t.json.gz"), impatient)).isInstanceOf(CancellationException.class);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private Trace throughFile(Trace trace, String name) throws IOException, TraceReadException {
        Path file = folder.resolve(name);
        TraceFile.of(file).orElseThrow().write(trace, file, ImportMonitor.NONE);
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static RecordingInfo info(TraceFormat format) {
        return new RecordingInfo(List.of(Path.of("recorded")), format, "", "1",
                OptionalLong.of(1_700_000_000_000_000_000L),
                List.of(new DeviceInfo(0, "NVIDIA H200", Map.of("totalGlobalMem", "85000000000"))), Map.of());
    }

    /// One process with a thread of nested ranges and operators, calls that launch, and two streams.
    private static Trace randomTrace(Random random, TraceFormat format) {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(4711, "python3", OptionalInt.of(3)));
        EventChunk chunk = builder.chunk();
        int ranges = builder.track(Locus.NONE, TrackKind.RANGES, "Annotations", Locus.thread(process, 4712), 0);
        int ops = builder.track(Locus.NONE, TrackKind.OPS, "Operators", Locus.thread(process, 4712), 0);
        int api = builder.track(Locus.NONE, TrackKind.API, "Runtime and driver calls", Locus.thread(process, 4712), 0);
        int python = builder.track(Locus.NONE, TrackKind.PYTHON, "Python", Locus.thread(process, 4713), 0);
        int[] streams = { builder.track(Locus.NONE, TrackKind.STREAM, "stream 7", Locus.stream(process, 0, 1, 7), 0),
                builder.track(Locus.NONE, TrackKind.STREAM, "stream 20", Locus.stream(process, 0, 1, 20), 0) };
        int annotations = builder.track(Locus.NONE, TrackKind.DEVICE_RANGES, "stream 7 annotations",
                Locus.stream(process, 0, Locus.NONE, 7), 0);
        builder.counter(new CounterSeries(builder.track(Locus.NONE, TrackKind.COUNTER, "Total Allocated",
                Locus.process(process), 0), "Total Allocated", "", new long[] { 5, 1_000_007 },
                new double[] { 1.5, 2.5 }));
        chunk.add(annotations, EventKind.DEVICE_RANGE, 0, 2_000_000, chunk.strings().intern("step \"1\""), -1, 0);
        int[] hostTracks = { ranges, ops, python };
        EventKind[] hostKinds = { EventKind.RANGE, EventKind.CPU_OP, EventKind.PYTHON };
        for (int i = 1; i < EVENTS; i++) {
            long start = random.nextInt(2_000_000);
            int kind = random.nextInt(5);
            int name = chunk.strings().intern("name " + random.nextInt(20) + " \u00e9\u6f22 <a, b>");
            if (kind < 3) {
                int row = chunk.add(hostTracks[kind], hostKinds[kind], start, random.nextInt(50_000), name, -1, i);
                chunk.attribute(row, AttributeKey.EXTERNAL_ID, random.nextInt(1000));
            } else {
                long correlation = i;
                chunk.add(api, random.nextBoolean() ? EventKind.RUNTIME_CALL : EventKind.DRIVER_CALL, start,
                        random.nextInt(5000), name, correlation, i);
                int works = random.nextInt(3);
                for (int k = 0; k < works; k++) {
                    deviceWork(builder, chunk, streams[random.nextInt(2)], start + random.nextInt(100_000), correlation,
                            random, ++i);
                }
            }
        }
        builder.add(chunk);
        return builder.build(info(format), ImportMonitor.NONE);
    }

    private static void deviceWork(TraceBuilder builder, EventChunk chunk, int stream, long start, long correlation,
            Random random, int source) {
        if (random.nextBoolean()) {
            int row = chunk.add(stream, EventKind.KERNEL, start, 1 + random.nextInt(20_000),
                    chunk.strings().intern("void gemm<" + random.nextInt(5) + ">(float*)"), correlation, source);
            chunk.attribute(row, AttributeKey.LAUNCH_CONFIG, builder.launchConfig(
                    new LaunchConfig(1 + random.nextInt(9), 1, 1, 128, 1, 1, 32, 0, random.nextInt(4096))));
        } else {
            int row = chunk.add(stream, EventKind.MEMCPY, start, 1 + random.nextInt(20_000),
                    chunk.strings().intern("Memcpy HtoD (Pinned -> Device)"), correlation, source);
            chunk.attribute(row, AttributeKey.COPY_KIND, 1);
            chunk.attribute(row, AttributeKey.BYTES, random.nextLong(1L << 40));
            chunk.attribute(row, AttributeKey.BANDWIDTH, random.nextDouble());
        }
    }

    /// What is known of each recorded event, in any order.
    private static Map<String, Integer> facts(Trace trace) {
        Map<String, Integer> facts = new HashMap<>();
        for (int e = 0; e < trace.size(); e++) {
            if (trace.origin(e) < 0) {
                facts.merge(fact(trace, e), 1, Integer::sum);
            }
        }
        return facts;
    }

    private static String fact(Trace trace, int e) {
        Locus locus = trace.track(e).locus();
        int launch = trace.link(e);
        StringBuilder fact = new StringBuilder(trace.kind(e) + " " + trace.name(e) + " " + trace.start(e) + "+"
                + trace.duration(e) + " correlation " + trace.correlation(e) + " on " + trace.track(e).kind() + " "
                + locus + " launched by " + (launch < 0 ? "nothing" : trace.start(launch)) + " "
                + trace.launchConfig(e));
        Set<AttributeKey> keys = new HashSet<>(trace.attributes().stream().map(Attribute::key).toList());
        keys.remove(AttributeKey.LAUNCH_CONFIG);
        keys.stream().sorted(Comparator.comparing(AttributeKey::name)).forEach(key -> {
            Attribute attribute = trace.attribute(key).orElseThrow();
            int i = attribute.find(e);
            if (i >= 0) {
                fact.append(' ').append(key.name()).append('=').append(
                        key.type() == AttributeKey.Type.DOUBLE ? attribute.doubleAt(i) : attribute.longAt(i));
            }
        });
        return fact.toString();
    }
}
