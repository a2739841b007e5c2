package org.moelab.gpu.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.capture.ActivityRecord.Call;
import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TraceFile;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.model.Warning;

class CaptureTraceTest {
    private static final List<DeviceInfo> DEVICES = List.of(new DeviceInfo(1, "a GPU", Map.of()));

    @TempDir
    Path folder;

    private static Trace trace() throws IOException {
        return CaptureTrace.of(CapturedRunTest.fixture(13), DEVICES, "0.1", Map.of());
    }

    @Test
    void kernel_onItsStream_hasLaunchAndOperation() throws IOException {
        Trace trace = trace();
        int kernel = only(trace, EventKind.KERNEL, "gemv_bf16_out_t1");
        assertThat(trace.start(kernel)).isEqualTo(600);
        assertThat(trace.duration(kernel)).isEqualTo(300);
        assertThat(trace.track(kernel).name()).isEqualTo("Stream 7");
        assertThat(trace.launchConfig(kernel))
                .contains(new LaunchConfig(720, 2, 3, 256, 4, 5, 40_000, 1024, 2048));
        assertThat(trace.name(trace.link(kernel))).isEqualTo("cuLaunchKernel");
        assertThat(text(trace, AttributeKey.OPERATION, kernel)).isEqualTo("layer 3/attention/qkv");
        assertThat(text(trace, AttributeKey.OPERATION_KIND, kernel)).isEqualTo("dense matmul");
    }

    @Test
    void hostThread_hasStepsWithOperationsInThem() throws IOException {
        Trace trace = trace();
        int operation = only(trace, EventKind.RANGE, "layer 3/attention/qkv");
        assertThat(trace.name(trace.parent(operation))).isEqualTo("token");
        assertThat(trace.track(operation).locus().thread()).isEqualTo(4242);
        assertThat(trace.processes()).hasSize(1);
        assertThat(names(trace, EventKind.RANGE)).containsExactlyInAnyOrder("token", "layer 3/attention/qkv",
                "layer 3/load", "graph", "warm up");
    }

    @Test
    void device_hasARangeForEachStepAndOperation_alsoWithinAGraph() throws IOException {
        Trace trace = trace();
        assertThat(names(trace, EventKind.DEVICE_RANGE)).containsExactlyInAnyOrder("token", "layer 3/attention/qkv",
                "layer 3/load", "graph", "layer 3/attention/mix");
        int token = only(trace, EventKind.DEVICE_RANGE, "token");
        assertThat(trace.start(token)).isEqualTo(600);
        assertThat(trace.end(token)).isEqualTo(2400);
        int inGraph = only(trace, EventKind.DEVICE_RANGE, "layer 3/attention/mix");
        assertThat(trace.name(trace.parent(inGraph))).isEqualTo("graph");
        assertThat(text(trace, AttributeKey.OPERATION_KIND, inGraph)).isEqualTo("attention");
        assertThat(trace.track(inGraph).kind()).isEqualTo(TrackKind.DEVICE_RANGES);
    }

    @Test
    void failedCall_andRecordsLost_areTold() throws IOException {
        CapturedRun run = CapturedRunTest.fixture(13);
        Trace trace = CaptureTrace.of(new CapturedRun(run.records(), run.spans(), run.startNs(),
                run.epochNs(), 3, 2), DEVICES, "0.1", Map.of());
        int call = only(trace, EventKind.DRIVER_CALL, "call 17");
        assertThat(trace.attribute(AttributeKey.RETURN_VALUE).orElseThrow().valueOr(call, 0)).isEqualTo(719);
        assertThat(trace.warnings()).extracting(Warning::code).containsExactly("dropped-records",
                "work-without-times");
        assertThat(trace.warnings()).extracting(Warning::count).containsExactly(3L, 2L);
    }

    @Test
    void kernel_launchedThroughTheRuntime_hasThatCallAsItsLaunch() throws IOException {
        CapturedRun run = CapturedRunTest.fixture(13);
        List<ActivityRecord> records = run.records().stream().map(CaptureTraceTest::throughTheRuntime).toList();
        Trace written = CaptureTrace.of(new CapturedRun(records, run.spans(), run.startNs(), run.epochNs(), 0, 0),
                DEVICES, "0.1", Map.of());
        int kernel = only(written, EventKind.KERNEL, "gemv_bf16_out_t1");
        assertThat(written.kind(written.link(kernel))).isEqualTo(EventKind.RUNTIME_CALL);
        assertThat(written.name(written.link(kernel))).isEqualTo("cudaLaunchKernel_v7000");
        Path file = folder.resolve("2.trace.json");
        TraceFile.CHROME.write(written, file, ImportMonitor.NONE);
        assertThat(Files.readString(file)).contains("\"cuda_runtime\"", "\"cuda_driver\"");
    }

    private static ActivityRecord throughTheRuntime(ActivityRecord record) {
        return record instanceof Call call && call.name().equals("cuLaunchKernel")
                ? new Call(Api.RUNTIME, call.startNs(), call.endNs(), "cudaLaunchKernel_v7000", call.thread(),
                        call.correlation(), call.result())
                : record;
    }

    @Test
    void graph_thatDidOtherThanWasRecorded_isWarnedOf() throws IOException {
        CapturedRun known = CapturedRunTest.fixture(13);
        List<Span> spans = known.spans().stream().map(span -> span.name().equals("graph")
                ? new Span(span.id(), span.parent(), span.name(), span.operation(),
                        List.of(CapturedRunTest.MIX, CapturedRunTest.MIX), span.startNs(), span.endNs())
                : span).toList();
        Trace trace = CaptureTrace.of(new CapturedRun(known.records(), spans, known.startNs(), known.epochNs(), 0, 0),
                DEVICES, "0.1", Map.of());
        assertThat(trace.warnings()).extracting(Warning::code).containsExactly("graphs-without-operations");
        assertThat(names(trace, EventKind.DEVICE_RANGE)).doesNotContain("layer 3/attention/mix").contains("graph");
    }

    @Test
    void trace_writtenAsChromeTraceAndReadBack_hasTheSameEvents() throws IOException, TraceReadException {
        Trace written = trace();
        Path file = folder.resolve("2.trace.json.gz");
        TraceFile.CHROME.write(written, file, ImportMonitor.NONE);
        Trace read = (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
        assertThat(events(read)).containsExactlyInAnyOrderElementsOf(events(written));
        assertThat(read.warnings()).isEmpty();
        assertThat(read.info().epochNs()).isEqualTo(written.info().epochNs());
        int kernel = only(read, EventKind.KERNEL, "attention_decode");
        assertThat(read.name(read.link(kernel))).isEqualTo("call 514");
        assertThat(text(read, AttributeKey.OPERATION, kernel)).isEqualTo("layer 3/attention/mix");
    }

    /// All that both forms hold of an event, in words; the file has calls without their version, and copies without a kind of
    /// memory.
    private static List<String> events(Trace trace) {
        return IntStream.range(0, trace.size()).mapToObj(e -> String.join(" | ", trace.kind(e).name(),
                trace.name(e).replace("_v2", ""), Long.toString(trace.start(e)),
                Long.toString(trace.duration(e)), Long.toString(trace.correlation(e)),
                Long.toString(trace.track(e).locus().thread()),
                text(trace, AttributeKey.OPERATION, e), text(trace, AttributeKey.OPERATION_KIND, e),
                number(trace, AttributeKey.BYTES, e), number(trace, AttributeKey.GRAPH_NODE, e))).toList();
    }

    private static String number(Trace trace, AttributeKey key, int event) {
        return Long.toString(trace.attribute(key).map(a -> a.valueOr(event, -1)).orElse(-1L));
    }

    private static String text(Trace trace, AttributeKey key, int event) {
        return trace.attribute(key).filter(a -> a.has(event))
                .map(a -> trace.strings().get((int) a.longAt(a.find(event)))).orElse("");
    }

    private static Stream<Integer> all(Trace trace, EventKind kind) {
        return IntStream.range(0, trace.size()).filter(e -> trace.kind(e) == kind).boxed();
    }

    private static List<String> names(Trace trace, EventKind kind) {
        return all(trace, kind).map(trace::name).toList();
    }

    private static int only(Trace trace, EventKind kind, String name) {
        Optional<Integer> found = all(trace, kind).filter(e -> trace.name(e).equals(name)).reduce((_, _) -> {
            throw new AssertionError("several events are called " + name);
        });
        return found.orElseThrow(() -> new AssertionError("no event is called " + name));
    }
}
