package org.moelab.traces.kineto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.FileProbe;
import org.moelab.traces.FileProbe.Compression;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TimelineImporter;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Flow;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.model.Warning;

class KinetoImporterTest {
    @TempDir
    Path folder = Path.of("");

    private static final String KERNEL = """
            {"ph": "X", "cat": "kernel", "name": "gemm", "pid": 1, "tid": 7, "ts": 88437691101.719, "dur": 12.250,
             "args": {"External id": 5, "device": 1, "context": 2, "stream": 7, "correlation": 42,
                      "registers per thread": 90, "shared memory": 49152, "grid": [3, 2, 1], "block": [128, 1, 1]}}""";
    private static final String LAUNCH = """
            {"ph": "X", "cat": "cuda_runtime", "name": "cudaLaunchKernel", "pid": 77, "tid": 78, "ts": 88437691090.5,
             "dur": 4, "args": {"External id": 5, "cbid": 211, "correlation": 42}}""";

    private Trace read(String json) throws Exception {
        Path file = folder.resolve("t.json");
        Files.writeString(file, json);
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private Trace readEvents(String... events) throws Exception {
        return read("{\"schemaVersion\": 1, \"traceEvents\": [" + String.join(",\n", events) + "]}");
    }

    private static List<Integer> all(Trace trace, EventKind kind) {
        return IntStream.range(0, trace.size()).filter(e -> trace.kind(e) == kind && trace.origin(e) < 0).boxed()
                .toList();
    }

    private static int only(Trace trace, EventKind kind) {
        assertThat(all(trace, kind)).as("events of kind %s", kind).hasSize(1);
        return all(trace, kind).getFirst();
    }

    private static List<String> warnings(Trace trace) {
        return trace.warnings().stream().map(Warning::code).toList();
    }

    @Test
    void kernel_withLaunch_keepsExactTimesAndFactsAndIsLinked() throws Exception {
        Trace trace = read("""
                {"schemaVersion": 1, "baseTimeNanoseconds": 1775078550000000000,
                 "distributedInfo": {"backend": "nccl", "rank": 3, "world_size": 8},
                 "deviceProperties": [{"id": 1, "name": "NVIDIA H200", "numSms": 132}],
                 "traceEvents": [%s, %s]}""".formatted(KERNEL, LAUNCH));
        int kernel = only(trace, EventKind.KERNEL);
        int launch = only(trace, EventKind.RUNTIME_CALL);

        assertThat(trace.start(kernel)).isEqualTo(88437691101719L);
        assertThat(trace.duration(kernel)).isEqualTo(12250);
        assertThat(trace.link(kernel)).isEqualTo(launch);
        assertThat(trace.launchConfig(kernel)).contains(new LaunchConfig(3, 2, 1, 128, 1, 1, 90, 0, 49152));
        assertThat(trace.attribute(AttributeKey.EXTERNAL_ID).orElseThrow().valueOr(kernel, -1)).isEqualTo(5);
        assertThat(trace.track(kernel).kind()).isEqualTo(TrackKind.STREAM);
        assertThat(trace.track(kernel).locus())
                .isEqualTo(Locus.stream(trace.track(launch).locus().process(), 1, 2, 7));
        assertThat(trace.processes().get(trace.track(kernel).locus().process()).rank()).hasValue(3);
        assertThat(trace.processes().get(trace.track(launch).locus().process()).pid()).isEqualTo(77);
        assertThat(trace.info().epochNs()).hasValue(1775078550000000000L);
        assertThat(trace.info().devices().getFirst().name()).isEqualTo("NVIDIA H200");
        assertThat(trace.info().devices().getFirst().properties()).containsEntry("numSms", "132");
        assertThat(trace.info().properties()).containsEntry("world_size", "8");
        assertThat(trace.info().schema()).isEqualTo("1");
        assertThat(trace.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "cpu_op, CPU_OP, OPS", "Operator, CPU_OP, OPS", "user_annotation, RANGE, RANGES",
            "gpu_user_annotation, DEVICE_RANGE, DEVICE_RANGES", "cuda_runtime, RUNTIME_CALL, API",
            "Runtime, RUNTIME_CALL, API", "mtia_runtime, RUNTIME_CALL, API", "cuda_driver, DRIVER_CALL, API",
            "kernel, KERNEL, STREAM", "Kernel, KERNEL, STREAM", "gpu_memcpy, MEMCPY, STREAM", "Memcpy, MEMCPY, STREAM",
            "gpu_memset, MEMSET, STREAM", "Memset, MEMSET, STREAM", "mtia_ccp_events, DEVICE_OTHER, STREAM",
            "cuda_sync, SYNCHRONIZATION, SYNCHRONIZATION", "overhead, OVERHEAD, OVERHEAD",
            "python_function, PYTHON, PYTHON", "cuda_profiler_range, DEVICE_RANGE, DEVICE_RANGES",
            "Trace, OTHER, THREAD_EVENTS", "toplevel, OTHER, THREAD_EVENTS" })
    void category_ofEachGeneration_tellsKindAndRow(String category, EventKind kind, TrackKind row) throws Exception {
        Trace trace = readEvents("""
                {"ph": "X", "cat": "%s", "name": "n", "pid": 3, "tid": 4, "ts": 1, "dur": 2}""".formatted(category));
        int event = only(trace, kind);

        assertThat(trace.track(event).kind()).isEqualTo(row);
    }

    @Test
    void writtenName_ofEveryKindOfTimedSlice_readsBackAsThatKind() {
        for (EventKind kind : EventKind.values()) {
            Category category = Category.of(Category.nameOf(kind)).orElseThrow();

            assertThat(category.kind()).isEqualTo(kind);
        }
    }

    @Test
    void processAndThread_quotedOrNot_areTheSame() throws Exception {
        Trace trace = readEvents("""
                {"ph": "X", "cat": "Operator", "name": "a", "pid": 5, "tid": "24572", "ts": 1, "dur": 9}""", """
                {"ph": "X", "cat": "Operator", "name": "b", "pid": "5", "tid": 24572, "ts": 2, "dur": 1}""", """
                {"ph": "M", "name": "thread_name", "pid": 5, "tid": "24572", "args": {"name": "main thread"}}""", """
                {"ph": "M", "name": "process_name", "pid": 5, "tid": 0, "args": {"name": "python"}}""");
        int outer = all(trace, EventKind.CPU_OP).getFirst();
        int inner = all(trace, EventKind.CPU_OP).getLast();

        assertThat(trace.parent(inner)).isEqualTo(outer);
        assertThat(trace.tracks().get(trace.track(inner).parent()).name()).isEqualTo("main thread");
        assertThat(trace.track(inner).locus().thread()).isEqualTo(24572);
        assertThat(trace.processes().getFirst().name()).isEqualTo("python");
    }

    @Test
    void namedProcessesAndThreads_ofTheArrayForm_areKeptApart() throws Exception {
        Trace trace = read(
                """
                        [{"name": "k", "ph": "X", "cat": "cuda", "ts": 5, "dur": 1, "tid": "CUDA API 7", "pid": "Device 2"},
                         {"name": "call", "ph": "X", "cat": "cuda_api", "ts": 4, "dur": 1, "tid": "CUDA API 99", "pid": "Host 0",
                          "args": {"correlationId": 12}},
                         {"name": "other", "ph": "X", "cat": "x", "ts": 4, "dur": 1, "tid": "worker", "pid": "Host 1"}]""");
        int kernel = only(trace, EventKind.KERNEL);

        assertThat(trace.info().format()).isEqualTo(TraceFormat.CHROME);
        assertThat(trace.track(kernel).locus().device()).isEqualTo(2);
        assertThat(trace.track(kernel).name()).isEqualTo("CUDA API 7");
        assertThat(trace.correlation(only(trace, EventKind.RUNTIME_CALL))).isEqualTo(12);
        assertThat(trace.processes()).extracting(p -> p.name()).containsExactly("Host 0", "Host 1");
        assertThat(trace.info().epochNs()).isEmpty();
    }

    @Test
    void copies_ofEachDirection_haveBytesBandwidthAndKind() throws Exception {
        List<String> names = List.of("Memcpy HtoD (Pinned -> Device)", "Memcpy DtoH (Device -> Pageable)",
                "Memcpy DtoD (Device -> Device)", "Memcpy PtoP (Device -> Device)", "CopyHostToDevice");
        Trace trace = readEvents(names.stream().map(n -> """
                {"ph": "X", "cat": "gpu_memcpy", "name": "%s", "pid": 0, "tid": 7, "ts": %d, "dur": 1, "args":
                 {"device": 0, "stream": 7, "bytes": 640, "memory bandwidth (GB/s)": 0.46511627906976744}}"""
                .formatted(n, names.indexOf(n))).toArray(String[]::new));

        assertThat(all(trace, EventKind.MEMCPY))
                .extracting(e -> trace.attribute(AttributeKey.COPY_KIND).orElseThrow().valueOr(e, -1))
                .containsExactly(1L, 2L, 8L, 10L, -1L);
        assertThat(trace.attribute(AttributeKey.BYTES).orElseThrow().longAt(0)).isEqualTo(640);
        assertThat(trace.attribute(AttributeKey.BANDWIDTH).orElseThrow().doubleAt(4)).isEqualTo(0.46511627906976744);
    }

    @Test
    void stream_isTheOneThatTheArgumentsName() throws Exception {
        Trace trace = readEvents("""
                {"ph": "X", "cat": "cuda_sync", "name": "Event Sync", "pid": 0, "tid": -1, "ts": 1, "dur": 1,
                 "args": {"stream": 4294967295, "device": 0}}""", """
                {"ph": "X", "cat": "mtia_ccp_events", "name": "dma_request", "pid": 9, "tid": 801, "ts": 1, "dur": 1,
                 "args": {"size": 16}}""", """
                {"ph": "X", "cat": "gpu_user_annotation", "name": "step", "pid": 0, "tid": 7, "ts": 1, "dur": 1}""",
                """
                        {"ph": "X", "cat": "cpu_op", "name": "triton", "pid": 50, "tid": 50, "ts": 1, "dur": 1,
                         "args": {"stream": 3}}""");

        assertThat(trace.track(only(trace, EventKind.SYNCHRONIZATION)).locus().stream()).isEqualTo(4294967295L);
        assertThat(trace.track(only(trace, EventKind.DEVICE_OTHER)).locus().stream()).isEqualTo(Locus.NONE);
        assertThat(trace.track(only(trace, EventKind.DEVICE_RANGE)).locus().stream()).isEqualTo(7);
        assertThat(trace.attribute(AttributeKey.STREAM).orElseThrow().valueOr(only(trace, EventKind.CPU_OP), -1))
                .isEqualTo(3);
    }

    @Test
    void allocations_becomeMemoryEventsAndASeriesForEachDevice() throws Exception {
        Trace trace = readEvents(allocation(10, 1, 0, 512, 512, 2048), allocation(20, 1, 0, 512, 1024, 2048),
                allocation(30, 1, 0, -512, 512, 2048), allocation(30, 0, -1, 8, 8, 0), """
                        {"ph": "i", "s": "t", "name": "[memory]", "pid": 7, "tid": 7, "ts": 31,
                         "args": {"Device Type": 0, "Device Id": -1, "Bytes": 4}}""");

        assertThat(all(trace, EventKind.MEMORY))
                .extracting(e -> trace.attribute(AttributeKey.BYTES).orElseThrow().valueOr(e, 0))
                .containsExactlyInAnyOrder(512L, 512L, -512L, 8L, 4L);
        CounterSeries allocated = trace.counters().stream()
                .filter(c -> c.name().equals("Total Allocated") && c.size() == 3).findFirst().orElseThrow();
        assertThat(allocated.timeNs()).containsExactly(10_000, 20_000, 30_000);
        assertThat(allocated.values()).containsExactly(512, 1024, 512);
        assertThat(allocated.unit()).isEqualTo("B");
        assertThat(trace.tracks().get(allocated.track()).locus().device()).isEqualTo(0);
        assertThat(trace.counters()).hasSize(4);
    }

    private static String allocation(int ts, int type, int device, int bytes, int allocated, int reserved) {
        return """
                {"ph": "i", "cat": "cpu_instant_event", "s": "t", "name": "[memory]", "pid": 7, "tid": 7, "ts": %d,
                 "args": {"Total Reserved": %d, "Total Allocated": %d, "Bytes": %d, "Addr": 140578205466624,
                          "Device Id": %d, "Device Type": %d, "Ev Idx": 3}}"""
                .formatted(ts, reserved, allocated, bytes, device, type);
    }

    @Test
    void counters_haveASeriesForEachMember() throws Exception {
        Trace trace = readEvents("""
                {"ph": "C", "name": "load", "pid": 1, "tid": 0, "ts": 2, "args": {"user": 0.5, "system": 1}}""", """
                {"ph": "C", "name": "load", "pid": 1, "tid": 0, "ts": 1, "args": {"user": 0.25, "system": "2"}}""", """
                {"ph": "C", "name": "clock", "pid": 1, "tid": 0, "ts": 1, "args": {"MHz": 1980, "note": "n/a"}}""");

        assertThat(trace.counters()).extracting(CounterSeries::name).containsExactly("load: user", "load: system",
                "clock");
        assertThat(trace.counters().getFirst().timeNs()).containsExactly(1000, 2000);
        assertThat(trace.counters().getFirst().values()).containsExactly(0.25, 0.5);
        assertThat(trace.counters().get(1).values()).containsExactly(2, 1);
        assertThat(trace.size()).isZero();
    }

    @Test
    void beginsAndEnds_arePairedByThreadInnermostFirst() throws Exception {
        Trace trace = readEvents("""
                {"ph": "B", "cat": "c", "name": "outer", "pid": 1, "tid": 1, "ts": 0}""", """
                {"ph": "B", "name": "elsewhere", "pid": 1, "tid": 2, "ts": 1}""", """
                {"ph": "B", "name": "inner", "pid": 1, "tid": 1, "ts": 2}""", """
                {"ph": "E", "pid": 1, "tid": 1, "ts": 5}""", """
                {"ph": "E", "pid": 1, "tid": 2, "ts": 6}""", """
                {"ph": "E", "pid": 1, "tid": 1, "ts": 9}""");

        assertThat(all(trace, EventKind.OTHER)).extracting(trace::name, trace::start, trace::duration).containsExactly(
                tuple("outer", 0L, 9000L),
                tuple("inner", 2000L, 3000L),
                tuple("elsewhere", 1000L, 5000L));
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void beginsAndEnds_withoutTheirOther_areWarnedOf() throws Exception {
        Trace trace = readEvents("""
                {"ph": "E", "pid": 1, "tid": 1, "ts": 1}""", """
                {"ph": "B", "name": "open", "pid": 1, "tid": 1, "ts": 2}""", """
                {"ph": "B", "name": "closed", "pid": 1, "tid": 1, "ts": 3}""", """
                {"ph": "E", "pid": 1, "tid": 1, "ts": 8}""");

        assertThat(warnings(trace)).containsExactlyInAnyOrder("unmatched-begin", "unmatched-end");
        assertThat(all(trace, EventKind.OTHER)).extracting(trace::name, trace::duration).containsExactly(
                tuple("open", 6000L),
                tuple("closed", 5000L));
    }

    @Test
    void asyncPairs_areJoinedByCategoryAndIdAcrossThreads() throws Exception {
        Trace trace = readEvents("""
                {"ph": "b", "cat": "io", "id": "0x1f", "name": "read", "pid": 1, "tid": 1, "ts": 1}""", """
                {"ph": "b", "cat": "io", "id": "0x20", "name": "write", "pid": 1, "tid": 1, "ts": 2}""", """
                {"ph": "n", "cat": "io", "id": "0x1f", "name": "half", "pid": 1, "tid": 1, "ts": 3}""", """
                {"ph": "e", "cat": "io", "id": "0x1f", "name": "read", "pid": 1, "tid": 2, "ts": 6}""", """
                {"ph": "e", "cat": "io", "id": "0x20", "name": "write", "pid": 1, "tid": 1, "ts": 4}""");

        assertThat(all(trace, EventKind.START_END_RANGE)).extracting(trace::name, trace::duration)
                .containsExactlyInAnyOrder(tuple("read", 5000L),
                        tuple("write", 2000L));
        assertThat(trace.name(only(trace, EventKind.MARK))).isEqualTo("half");
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void arrows_fromForwardToBackward_joinOperators_andLaunchArrowsAreLeftToCorrelation() throws Exception {
        Trace trace = readEvents("""
                {"ph": "X", "cat": "cpu_op", "name": "forward", "pid": 1, "tid": 1, "ts": 1, "dur": 2}""", """
                {"ph": "X", "cat": "cpu_op", "name": "backward", "pid": 1, "tid": 2, "ts": 10, "dur": 2}""", """
                {"ph": "s", "id": 1, "pid": 1, "tid": 1, "ts": 1, "cat": "fwdbwd", "name": "fwdbwd"}""", """
                {"ph": "f", "id": 1, "pid": 1, "tid": 2, "ts": 10, "cat": "fwdbwd", "name": "fwdbwd", "bp": "e"}""",
                """
                        {"ph": "s", "id": 2, "pid": 1, "tid": 1, "ts": 1, "cat": "ac2g", "name": "ac2g"}""", """
                        {"ph": "f", "id": 2, "pid": 1, "tid": 2, "ts": 10, "cat": "ac2g", "name": "ac2g"}""", """
                        {"ph": "s", "id": 2, "pid": 1, "tid": 1, "ts": 1, "cat": "async", "name": "launch"}""", """
                        {"ph": "f", "id": 2, "pid": 1, "tid": 2, "ts": 10, "cat": "async", "name": "launch"}""");

        assertThat(trace.flows()).hasSize(1);
        Flow flow = trace.flows().getFirst();
        assertThat(List.of(trace.name(flow.from()), trace.name(flow.to()), flow.category())).containsExactly("forward",
                "backward", "fwdbwd");
    }

    @Test
    void instants_becomeMarks_andTheProfilersOwnLieOnItsRow() throws Exception {
        Trace trace = readEvents(LAUNCH, """
                {"name": "Iteration Start: PyTorch Profiler", "ph": "i", "s": "g", "pid": "Traces",
                 "tid": "Trace PyTorch Profiler", "ts": 5}""", """
                {"name": "old", "ph": "I", "pid": 77, "tid": 78, "ts": 6}""", """
                {"ph": "X", "cat": "Trace", "ts": 1, "dur": 9, "pid": "Spans", "tid": "PyTorch Profiler",
                 "name": "PyTorch Profiler (0)", "args": {"Op count": 0}}""");

        assertThat(all(trace, EventKind.MARK)).extracting(trace::name)
                .containsExactlyInAnyOrder("Iteration Start: PyTorch Profiler", "old");
        assertThat(trace.processes()).hasSize(1);
        assertThat(trace.track(only(trace, EventKind.OTHER)).locus()).isEqualTo(Locus.process(0));
    }

    @Test
    void devices_ofSeveralProcesses_belongToTheOneWhoseCallsLaunchedTheirWork() throws Exception {
        Trace trace = readEvents(call(100, 1), call(100, 2), call(200, 11), kernel(0, 11), kernel(1, 2));

        for (int kernel : all(trace, EventKind.KERNEL)) {
            long owner = trace.processes().get(trace.track(kernel).locus().process()).pid();
            assertThat(owner).isEqualTo(trace.correlation(kernel) == 11 ? 200 : 100);
            assertThat(trace.link(kernel)).isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    void devices_whoseFirstLaunchesAreCutOff_stillFindTheirProcess() throws Exception {
        List<String> events = new ArrayList<>(List.of(call(100, 1), call(100, 2), call(200, 11)));
        IntStream.range(5000, 8000).forEach(correlation -> events.add(kernel(0, correlation)));
        IntStream.range(8000, 8100).forEach(correlation -> events.addAll(List.of(kernel(0, correlation),
                call(200, correlation))));
        Trace trace = readEvents(events.toArray(String[]::new));

        assertThat(trace.processes().get(trace.track(all(trace, EventKind.KERNEL).getFirst()).locus().process()).pid())
                .isEqualTo(200);
    }

    @Test
    void mainProcess_numberedLikeADevice_keepsItsCalls() throws Exception {
        Trace trace = readEvents(call(1, 5), call(1, 6), kernel(1, 5), """
                {"ph": "X", "cat": "python_function", "name": "f", "pid": 0, "tid": 0, "ts": 1, "dur": 9}""", """
                {"ph": "M", "name": "process_name", "pid": 1, "tid": 0, "args": {"name": "python3"}}""");
        int kernel = only(trace, EventKind.KERNEL);

        assertThat(trace.link(kernel)).isGreaterThanOrEqualTo(0);
        assertThat(trace.processes().get(trace.track(kernel).locus().process()).pid()).isEqualTo(1);
        assertThat(trace.processes().get(trace.track(kernel).locus().process()).name()).isEqualTo("python3");
        assertThat(trace.track(kernel).locus().device()).isEqualTo(1);
    }

    private static String call(int pid, int correlation) {
        return """
                {"ph": "X", "cat": "cuda_runtime", "name": "cudaLaunchKernel", "pid": %d, "tid": 1, "ts": %d, "dur": 1,
                 "args": {"correlation": %d}}""".formatted(pid, correlation, correlation);
    }

    private static String kernel(int device, int correlation) {
        return """
                {"ph": "X", "cat": "kernel", "name": "k", "pid": %d, "tid": 7, "ts": %d, "dur": 1,
                 "args": {"device": %d, "stream": 7, "correlation": %d}}"""
                .formatted(device, correlation + 50, device, correlation);
    }

    @Test
    void hostEvents_thatTheProfilerCouldNotPlace_stayWithTheMainProcess() throws Exception {
        Trace trace = readEvents(KERNEL, LAUNCH, """
                {"ph": "X", "cat": "python_function", "name": "threading.py(973): _bootstrap", "pid": 1, "tid": 0,
                 "ts": 1, "dur": 9}""", """
                {"ph": "X", "cat": "overhead", "name": "Buffer Flush", "pid": -1, "tid": 0, "ts": 1, "dur": 2}""");

        assertThat(trace.processes()).hasSize(1);
        assertThat(trace.processes().getFirst().pid()).isEqualTo(77);
        assertThat(trace.track(only(trace, EventKind.OVERHEAD)).locus()).isEqualTo(Locus.process(0));
    }

    @Test
    void facts_aboutUserHostAndJob_areNotTakenOver() throws Exception {
        Trace trace = read("""
                {"schemaVersion": 1, "username": "someone", "host_name": "secret.example", "tw_job": "job",
                 "INFO": ["line of a log"], "env": {"TOKEN": "x"}, "record_shapes": 1, "traceName": "a.json",
                 "traceEvents": []}""");

        assertThat(trace.info().properties()).containsOnlyKeys("record_shapes", "traceName");
    }

    @Test
    void details_readTheEventAgain_withNestedValuesAndStacks() throws Exception {
        Trace trace = readEvents(LAUNCH,
                """
                        {"ph": "X", "cat": "cpu_op", "name": "aten::\\"mm\\"", "pid": 77, "tid": 78, "ts": 3, "dur": 9.5, "args":
                          {"External id": 9, "Input Dims": [[2,  3],
                           []], "Call stack": "a.py(1): f;\\nb.py(2): g", "name": "inner"}}""",
                KERNEL);
        TimelineImporter importer = (TimelineImporter) Recordings.importer(trace.info().format());

        assertThat(importer.details(trace, only(trace, EventKind.CPU_OP))).containsEntry("name", "aten::\"mm\"")
                .containsEntry("dur", "9.5").containsEntry("Input Dims", "[[2, 3], []]")
                .containsEntry("Call stack", "a.py(1): f;\nb.py(2): g").containsEntry("args.name", "inner");
        assertThat(importer.details(trace, only(trace, EventKind.KERNEL))).containsEntry("grid", "[3, 2, 1]");
    }

    @ParameterizedTest
    @ValueSource(strings = { "{", "[", " \n\t{", "\uFEFF{\"traceEvents\": []}", "[{}]" })
    void mayRead_ofJson_isTrue(String head) {
        assertThat(new KinetoImporter().mayRead(probe(head))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "   ", "SQLite format 3", "NVR\u0000", "\"ID\",\"Name\"", "traceEvents" })
    void mayRead_ofAnythingElse_isFalse(String head) {
        assertThat(new KinetoImporter().mayRead(probe(head))).isFalse();
    }

    private static FileProbe probe(String head) {
        byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
        return new FileProbe(Path.of("x"), bytes.length, Compression.NONE, bytes);
    }
}
