package org.moelab.traces.nsys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.moelab.traces.nsys.Capture.CALLS;
import static org.moelab.traces.nsys.Capture.COPIES;
import static org.moelab.traces.nsys.Capture.KERNELS;
import static org.moelab.traces.nsys.Capture.MAIN_THREAD;
import static org.moelab.traces.nsys.Capture.NVTX;
import static org.moelab.traces.nsys.Capture.PROCESS;
import static org.moelab.traces.nsys.Capture.STRINGS;
import static org.moelab.traces.nsys.Capture.WORKER;
import static org.moelab.traces.nsys.Capture.call;
import static org.moelab.traces.nsys.Capture.kernel;
import static org.moelab.traces.nsys.Capture.nvtx;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.Attribute;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.model.Warning;

class NsysImporterTest {
    @TempDir
    private Path folder;

    @Test
    void read_kernelAndItsLaunch_areLinkedByProcessAndCorrelation() throws SQLException, TraceReadException {
        long otherProcess = 1L << 48 | 99L << 24;
        Trace trace = read(STRINGS, CALLS, KERNELS, call(100, 120, 0, MAIN_THREAD, 5, 1),
                call(90, 95, 0, otherProcess | 99, 5, 1), kernel(150, 250, 0, 7, 5, PROCESS));
        int kernel = only(trace, EventKind.KERNEL);
        int launch = trace.link(kernel);
        assertThat(trace.name(kernel)).isEqualTo("void gemm<128>(float *)");
        assertThat(trace.name(launch)).isEqualTo("cudaLaunchKernel");
        assertThat(trace.start(launch)).isEqualTo(100);
        assertThat(trace.launchConfig(kernel)).contains(new LaunchConfig(8, 1, 1, 128, 1, 1, 32, 16, 0));
        assertThat(path(trace, kernel)).containsExactly("process 77", "GPU 0", "Stream 7");
        assertThat(path(trace, launch)).containsExactly("process 77", "thread 77", "CUDA API");
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void read_backtraceRow_isNoLaunchAndIsTold() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, KERNELS, call(99, 121, 67, MAIN_THREAD, 5, 1),
                call(100, 120, 0, MAIN_THREAD, 5, 1), kernel(150, 250, 0, 7, 5, PROCESS));
        assertThat(trace.start(trace.link(only(trace, EventKind.KERNEL)))).isEqualTo(100);
        assertThat(events(trace, EventKind.RUNTIME_CALL)).hasSize(1);
        assertThat(codes(trace)).containsExactly("backtrace-row");
    }

    @ParameterizedTest
    @CsvSource({ "META_DATA_EXPORT, 2025.3.2.0", "EXPORT_META_DATA, 2022.4.2.1" })
    void read_versionTable_isTold(String table, String version) throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, call(1, 2, 0, MAIN_THREAD, 5, 1),
                "CREATE TABLE %s (name TEXT, value TEXT);\n".formatted(table),
                "INSERT INTO %s VALUES ('EXPORT_PRODUCT_VERSION', '%s'), ('EXPORT_SCHEMA_VERSION', '3.1'), ('EXPORT_USER', 'me');\n"
                        .formatted(table, version),
                "CREATE TABLE TARGET_INFO_SESSION_START_TIME (utcEpochNs INTEGER);\n",
                "INSERT INTO TARGET_INFO_SESSION_START_TIME VALUES (1700000000000000000);\n");
        assertThat(trace.info().version()).isEqualTo(version);
        assertThat(trace.info().schema()).isEqualTo("3.1");
        assertThat(trace.info().epochNs()).hasValue(1_700_000_000_000_000_000L);
        assertThat(trace.info().properties().values()).doesNotContain("me");
    }

    @Test
    void read_oldestSchema_hasDevicesFromTheirOldTable() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, KERNELS, call(1, 2, 0, MAIN_THREAD, 5, 1), kernel(3, 4, 1, 7, 5, PROCESS),
                "CREATE TABLE TARGET_INFO_CUDA_GPU (name TEXT, deviceId INTEGER, pid INTEGER, numMultiprocessors INTEGER);\n",
                "INSERT INTO TARGET_INFO_CUDA_GPU VALUES ('Tesla V100', 0, 77, 80), ('Tesla V100', 1, 77, 80), ('Tesla V100', 0, 78, 80);\n",
                "CREATE TABLE ThreadNames (nameId INTEGER, priority INTEGER, globalTid INTEGER);\n",
                "INSERT INTO ThreadNames VALUES (5, 20, %d);\n".formatted(MAIN_THREAD));
        assertThat(trace.info().version()).isEmpty();
        assertThat(trace.info().devices()).extracting("id").containsExactly(0, 1);
        assertThat(trace.info().devices().getFirst().properties()).containsEntry("numMultiprocessors", "80");
        assertThat(path(trace, only(trace, EventKind.KERNEL))).containsExactly("worker 77", "GPU 1 · Tesla V100",
                "Stream 7");
    }

    @Test
    void read_cudaDeviceNumbers_becomeGpus() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, KERNELS, call(1, 2, 0, MAIN_THREAD, 5, 1), kernel(3, 4, 0, 7, 5, PROCESS),
                "CREATE TABLE TARGET_INFO_CUDA_DEVICE (gpuId INTEGER, cudaId INTEGER, pid INTEGER);\n",
                "INSERT INTO TARGET_INFO_CUDA_DEVICE VALUES (3, 0, 77), (0, 0, 99);\n");
        assertThat(trace.track(only(trace, EventKind.KERNEL)).locus().device()).isEqualTo(3);
    }

    @Test
    void read_waitRecordedOnDevice0_belongsToItsContextsDevice() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, KERNELS, kernel(3, 4, 2, 7, 5, PROCESS),
                "CREATE TABLE CUPTI_ACTIVITY_KIND_SYNCHRONIZATION (start INTEGER, end INTEGER, deviceId INTEGER, contextId INTEGER, globalPid INTEGER);\n",
                "INSERT INTO CUPTI_ACTIVITY_KIND_SYNCHRONIZATION VALUES (5, 8, 0, 1, %d);\n".formatted(PROCESS));
        assertThat(trace.track(only(trace, EventKind.SYNCHRONIZATION)).locus().device()).isEqualTo(2);
        assertThat(trace.info().devices()).extracting("id", "name").containsExactly(tuple(2, "unknown GPU"));
    }

    @Test
    void read_tablesWithFewColumns_takesWhatIsThere() throws SQLException, TraceReadException {
        Trace trace = read("CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT);\n",
                "INSERT INTO StringIds VALUES (3, 'gemm');\n",
                "CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER, end INTEGER, shortName INTEGER, streamId INTEGER, surprise TEXT);\n",
                "INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (10, 20, 3, 7, 'new'), (30, 40, 4, 7, 'new');\n");
        assertThat(names(trace)).containsExactly("gemm", "(string 4)");
        assertThat(codes(trace)).containsExactlyInAnyOrder("missing-string", "missing-table");
    }

    @Test
    void read_noStrings_namesByNumberAndWarns() throws SQLException, TraceReadException {
        Trace trace = read(CALLS, KERNELS, call(1, 2, 0, MAIN_THREAD, 5, 1), kernel(3, 4, 0, 7, 5, PROCESS));
        assertThat(names(trace)).containsExactlyInAnyOrder("(string 1)", "(string 2)");
        assertThat(codes(trace)).contains("missing-table", "missing-string");
    }

    @Test
    void read_timeThatRunsBackAndRowsWithoutStart_areToldWithCounts() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, call(100, 90, 0, MAIN_THREAD, 5, 1), call(200, 190, 0, MAIN_THREAD, 6, 1),
                "INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (NULL, 5, 0, 1, 7, 1, 0, NULL), (300, NULL, 0, 1, 8, 1, 0, NULL);\n");
        assertThat(trace.size()).isEqualTo(3);
        assertThat(IntStream.range(0, 3).mapToLong(trace::duration)).containsExactly(0L, 0L, 0L);
        assertThat(trace.warnings()).extracting(Warning::code, Warning::count).contains(tuple("negative-duration", 2L),
                tuple("dropped", 1L));
    }

    @Test
    void read_nvtx_hasDomainsStylesMarksAndNames() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, NVTX, nvtx(10, "50", 59, "'outer'", MAIN_THREAD, "NULL", "NULL", 0),
                nvtx(20, "30", 59, "NULL", MAIN_THREAD, "NULL", "6", 1),
                nvtx(5, "NULL", 75, "'CCCL'", MAIN_THREAD, "NULL", "NULL", 1),
                nvtx(60, "70", 60, "'across'", MAIN_THREAD, Long.toString(WORKER), "NULL", 0),
                nvtx(65, "NULL", 60, "'endless'", MAIN_THREAD, "NULL", "NULL", 0),
                nvtx(40, "NULL", 34, "'mark'", WORKER, "NULL", "NULL", 0),
                nvtx(80, "NULL", 39, "'rank 0'", WORKER, "NULL", "NULL", 0));
        int inDomain = IntStream.range(0, trace.size()).filter(e -> trace.name(e).equals("step")).findFirst()
                .orElseThrow();
        Attribute domain = trace.attribute(AttributeKey.DOMAIN).orElseThrow();
        assertThat(trace.strings().get((int) domain.valueOr(inDomain, 0))).isEqualTo("CCCL");
        assertThat(domain.size()).isEqualTo(1);
        assertThat(path(trace, inDomain)).containsExactly("process 77", "thread 77", "NVTX · CCCL");
        List<Integer> startEnd = events(trace, EventKind.START_END_RANGE);
        assertThat(startEnd).extracting(trace::name).containsExactly("across", "endless");
        assertThat(trace.attribute(AttributeKey.END_THREAD).orElseThrow().valueOr(startEnd.getFirst(), 0))
                .isEqualTo(78);
        assertThat(trace.end(startEnd.getLast())).as("lasts to the last NVTX event").isEqualTo(80);
        assertThat(path(trace, only(trace, EventKind.MARK))).containsExactly("process 77", "rank 0 78", "NVTX");
        assertThat(codes(trace)).containsExactlyInAnyOrder("range-across-threads", "range-without-end");
    }

    @Test
    void read_unifiedMemoryAndWaits_haveRowsOfTheirOwn() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, COPIES, call(1, 9, 0, MAIN_THREAD, 5, 7),
                "INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY VALUES (2, 3, 0, 0, 0, 0, %1$d, 4096, 11), (4, 5, 0, 1, 7, 6, %1$d, 64, 2);\n"
                        .formatted(PROCESS),
                "CREATE TABLE CUPTI_ACTIVITY_KIND_SYNCHRONIZATION (start INTEGER, end INTEGER, deviceId INTEGER, contextId INTEGER, streamId INTEGER, correlationId INTEGER, globalPid INTEGER, syncType INTEGER);\n",
                "INSERT INTO CUPTI_ACTIVITY_KIND_SYNCHRONIZATION VALUES (2, 8, 0, 1, 4294967295, 5, %d, 1);\n"
                        .formatted(PROCESS));
        List<Integer> copies = events(trace, EventKind.MEMCPY);
        assertThat(copies).extracting(trace::name).containsExactlyInAnyOrder("Unified memory HtoD", "Memcpy DtoH");
        assertThat(copies).extracting(e -> trace.track(e).name()).containsExactlyInAnyOrder("Unified memory",
                "Stream 7");
        assertThat(trace.name(only(trace, EventKind.SYNCHRONIZATION))).as("told by the call, not by the type")
                .isEqualTo("Context synchronize");
    }

    @Test
    void read_severalContexts_groupTheirStreams() throws SQLException, TraceReadException {
        String second = kernel(30, 40, 0, 7, 6, PROCESS).replace("VALUES (30, 40, 0, 1,", "VALUES (30, 40, 0, 2,");
        Trace trace = read(STRINGS, KERNELS, kernel(10, 20, 0, 7, 5, PROCESS), second);
        assertThat(events(trace, EventKind.KERNEL)).extracting(e -> path(trace, e)).containsExactlyInAnyOrder(
                List.of("process 77", "GPU 0", "Context 1", "Stream 7"),
                List.of("process 77", "GPU 0", "Context 2", "Stream 7"));
    }

    @Test
    void read_graphAsAWhole_isDeviceWorkThatOneCallLaunched() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, call(1, 2, 0, MAIN_THREAD, 5, 4),
                "CREATE TABLE CUPTI_ACTIVITY_KIND_GRAPH_TRACE (start INTEGER, end INTEGER, deviceId INTEGER, contextId INTEGER, streamId INTEGER, correlationId INTEGER, globalPid INTEGER, graphId INTEGER);\n",
                "INSERT INTO CUPTI_ACTIVITY_KIND_GRAPH_TRACE VALUES (3, 9, 0, 1, 7, 5, %d, 12);\n".formatted(PROCESS));
        int graph = only(trace, EventKind.GRAPH);
        assertThat(trace.name(graph)).isEqualTo("CUDA graph 12");
        assertThat(trace.name(trace.link(graph))).as("five digits of a version stay, as in nsys stats")
                .isEqualTo("cudaGraphLaunch_v10000");
    }

    @Test
    void read_gpuMetrics_areCountersOfTheDevice() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, KERNELS, kernel(10, 20, 2, 7, 5, PROCESS),
                "CREATE TABLE TARGET_INFO_GPU_METRICS (typeId INTEGER, metricId INTEGER, metricName TEXT);\n",
                "INSERT INTO TARGET_INFO_GPU_METRICS VALUES (258, 0, 'GR Active [Throughput %]'), (258, 1, 'Clock [MHz]');\n",
                "CREATE TABLE GPU_METRICS (timestamp INTEGER, typeId INTEGER, metricId INTEGER, value INTEGER);\n",
                "INSERT INTO GPU_METRICS VALUES (100, 258, 0, 50), (100, 258, 1, 1980000000), (300, 258, 0, 70), (200, 258, 0, 60);\n");
        assertThat(trace.counters()).extracting(CounterSeries::name, CounterSeries::unit)
                .containsExactly(tuple("GR Active", "%"), tuple("Clock", "Hz"));
        CounterSeries active = trace.counters().getFirst();
        assertThat(active.timeNs()).containsExactly(100, 200, 300);
        assertThat(active.values()).containsExactly(50, 60, 70);
        Track row = trace.tracks().get(active.track());
        assertThat(row.kind()).isEqualTo(TrackKind.COUNTER);
        assertThat(trace.tracks().get(row.parent()).name()).isEqualTo("GPU 2");
        assertThat(codes(trace)).contains("clock-backwards");
    }

    @Test
    void read_memoryUsage_isEventsAndASum() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS,
                "CREATE TABLE CUDA_GPU_MEMORY_USAGE_EVENTS (start INTEGER, globalPid INTEGER, deviceId INTEGER, bytes INTEGER, memKind INTEGER, memoryOperationType INTEGER);\n",
                "INSERT INTO CUDA_GPU_MEMORY_USAGE_EVENTS VALUES (10, %1$d, 0, 100, 2, 0), (20, %1$d, 0, 50, 2, 0), (30, %1$d, 0, 100, 2, 1), (15, %1$d, 0, 7, 1, 0);\n"
                        .formatted(PROCESS));
        assertThat(events(trace, EventKind.MEMORY)).hasSize(4);
        CounterSeries device = trace.counters().stream().filter(c -> c.name().equals("Allocated device memory"))
                .findFirst().orElseThrow();
        assertThat(device.values()).containsExactly(100, 150, 50);
        assertThat(device.unit()).isEqualTo("B");
    }

    @Test
    void read_otherLibraries_haveARowEach() throws SQLException, TraceReadException {
        String columns = " (start INTEGER, end INTEGER, globalTid INTEGER, nameId INTEGER);\n";
        Trace trace = read(STRINGS, "CREATE TABLE CUBLAS_EVENTS" + columns, "CREATE TABLE OSRT_API" + columns,
                "CREATE TABLE PROFILER_OVERHEAD (start INTEGER, end INTEGER, globalTid INTEGER, overheadType INTEGER);\n",
                "INSERT INTO CUBLAS_EVENTS VALUES (1, 2, %d, 3);\n".formatted(MAIN_THREAD),
                "INSERT INTO OSRT_API VALUES (3, 4, %d, 9);\n".formatted(MAIN_THREAD),
                "INSERT INTO PROFILER_OVERHEAD VALUES (5, 6, %d, 7);\n".formatted(MAIN_THREAD));
        assertThat(IntStream.range(0, trace.size()).mapToObj(e -> trace.track(e).name() + ": " + trace.name(e)))
                .containsExactlyInAnyOrder("cuBLAS: gemm", "OS runtime: poll",
                        "Profiler overhead: Lazy function loading");
    }

    @Test
    void read_environment_isNowhereInTheTrace() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS, call(1, 2, 0, MAIN_THREAD, 5, 1),
                "CREATE TABLE META_DATA_CAPTURE (name TEXT, value TEXT);\n",
                "INSERT INTO META_DATA_CAPTURE VALUES ('PROCESS_0:ENVIRONMENT_VARIABLE', 'TOKEN=secret'), ('PROCESS_0:ARGUMENT_1', 'secret'), ('PROCESS_0:CUDA_GRAPH_TRACE_OPTIONS:MODE', 'Node');\n",
                "CREATE TABLE TARGET_INFO_SYSTEM_ENV (name TEXT, value TEXT);\n",
                "INSERT INTO TARGET_INFO_SYSTEM_ENV VALUES ('Env', 'secret');\n",
                "CREATE TABLE ProcessStreams (globalPid INTEGER, filenameId INTEGER, contentId INTEGER);\n",
                "INSERT INTO StringIds VALUES (100, 'secret output');\n",
                "INSERT INTO ProcessStreams VALUES (%d, 3, 100);\n".formatted(PROCESS));
        assertThat(trace.info().properties()).containsEntry("CUDA graphs", "Node");
        assertThat(trace.info().toString()).doesNotContain("secret");
        assertThat(IntStream.range(0, trace.strings().size()).mapToObj(trace.strings()::get))
                .noneMatch(s -> s.contains("secret"));
    }

    @Test
    void details_kernel_haveAllColumnsWithIdsResolved() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, """
                CREATE TABLE ENUM_KINDS (id INTEGER, name TEXT, label TEXT);
                INSERT INTO ENUM_KINDS VALUES (1, 'REGULAR', 'Regular launch');
                CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (
                    start INTEGER NOT NULL, -- Event start timestamp (ns).
                    end INTEGER NOT NULL,
                    demangledName INTEGER NOT NULL,
                    launchType INTEGER, -- REFERENCES ENUM_KINDS(id)
                    globalPid INTEGER
                );
                INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (10, 20, 2, 1, %d);
                """.formatted(PROCESS));
        assertThat(new NsysImporter().details(trace, only(trace, EventKind.KERNEL))).containsEntry("start", "10")
                .containsEntry("demangledName", "void gemm<128>(float *)").containsEntry("launchType", "Regular launch")
                .containsEntry("globalPid", "process 77");
    }

    @Test
    void details_callWithBacktrace_holdItsCallChain() throws SQLException, TraceReadException {
        Trace trace = read(STRINGS, CALLS,
                "INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME VALUES (1, 2, 0, %d, 5, 1, 0, 9);\n".formatted(MAIN_THREAD),
                "CREATE TABLE CUDA_CALLCHAINS (id INTEGER, symbol INTEGER, stackDepth INTEGER);\n",
                "INSERT INTO CUDA_CALLCHAINS VALUES (9, 6, 1), (9, 3, 0), (8, 5, 0);\n");
        assertThat(new NsysImporter().details(trace, only(trace, EventKind.RUNTIME_CALL))).containsEntry("call chain",
                "gemm\nstep");
    }

    private Trace read(String... scripts) throws SQLException, TraceReadException {
        return Capture.open(Capture.write(folder.resolve("capture.sqlite"), scripts));
    }

    private static int only(Trace trace, EventKind kind) {
        List<Integer> found = events(trace, kind);
        assertThat(found).as(kind.name()).hasSize(1);
        return found.getFirst();
    }

    private static List<Integer> events(Trace trace, EventKind kind) {
        return IntStream.range(0, trace.size()).filter(e -> trace.kind(e) == kind).boxed().toList();
    }

    private static List<String> names(Trace trace) {
        return IntStream.range(0, trace.size()).mapToObj(trace::name).toList();
    }

    private static List<String> codes(Trace trace) {
        return trace.warnings().stream().map(Warning::code).toList();
    }

    /// The names of an event's track and of the groups around it, from the outermost.
    private static List<String> path(Trace trace, int event) {
        List<String> path = new ArrayList<>();
        for (int t = trace.trackId(event); t >= 0; t = trace.tracks().get(t).parent()) {
            path.addFirst(trace.tracks().get(t).name());
        }
        return path;
    }
}
