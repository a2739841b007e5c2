package org.moelab.traces.kineto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.LaunchConfig;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TrackKind;

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

    private Trace read(String json) throws IOException, TraceReadException {
        Path file = folder.resolve("t.json");
        Files.writeString(file, json);
        return (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    private static int find(Trace trace, EventKind kind) {
        for (int e = 0; e < trace.size(); e++) {
            if (trace.kind(e) == kind) {
                return e;
            }
        }
        throw new AssertionError("no event of kind " + kind);
    }

    @Test
    void kernel_withLaunch_keepsExactTimesAndFactsAndIsLinked() throws Exception {
        Trace trace = read("""
                {"schemaVersion": 1, "baseTimeNanoseconds": 1775078550000000000,
                 "distributedInfo": {"backend": "nccl", "rank": 3, "world_size": 8},
                 "deviceProperties": [{"id": 1, "name": "NVIDIA H200", "numSms": 132}],
                 "traceEvents": [%s, %s]}""".formatted(KERNEL, LAUNCH));
        int kernel = find(trace, EventKind.KERNEL);
        int launch = find(trace, EventKind.RUNTIME_CALL);

        assertThat(trace.start(kernel)).isEqualTo(88437691101719L);
        assertThat(trace.duration(kernel)).isEqualTo(12250);
        assertThat(trace.link(kernel)).isEqualTo(launch);
        assertThat(trace.launchConfig(kernel)).contains(new LaunchConfig(3, 2, 1, 128, 1, 1, 90, 0, 49152));
        assertThat(trace.attribute(AttributeKey.EXTERNAL_ID).orElseThrow().valueOr(kernel, -1)).isEqualTo(5);
        assertThat(trace.track(kernel).kind()).isEqualTo(TrackKind.STREAM);
        assertThat(trace.track(kernel).locus().stream()).isEqualTo(7);
        assertThat(trace.track(kernel).locus().process()).isEqualTo(trace.track(launch).locus().process());
        assertThat(trace.processes().get(trace.track(kernel).locus().process()).rank()).hasValue(3);
        assertThat(trace.info().epochNs()).hasValue(1775078550000000000L);
        assertThat(trace.info().devices().getFirst().name()).isEqualTo("NVIDIA H200");
    }
}
