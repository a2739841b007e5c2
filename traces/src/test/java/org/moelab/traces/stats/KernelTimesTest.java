package org.moelab.traces.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.moelab.traces.model.AttributeKey;
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

class KernelTimesTest {
    private static final LaunchConfig SMALL = new LaunchConfig(1, 1, 1, 32, 1, 1, 0, 0, 0);
    private static final LaunchConfig LARGE = new LaunchConfig(132, 1, 1, 256, 1, 1, 0, 0, 0);

    /// Two streams: gemm of 10, 20 and 30 ns on the first, gemm of 100 ns and a copy of 50 ns on the second; a call.
    private static Trace trace() {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(1, "p", OptionalInt.empty()));
        int first = builder.track(Locus.NONE, TrackKind.STREAM, "stream 7", Locus.stream(process, 0, 1, 7), 0);
        int second = builder.track(Locus.NONE, TrackKind.STREAM, "stream 8", Locus.stream(process, 0, 1, 8), 1);
        int host = builder.track(Locus.NONE, TrackKind.API, "CUDA", Locus.thread(process, 1), 2);
        EventChunk chunk = builder.chunk();
        int gemm = chunk.strings().intern("gemm");
        int copy = chunk.strings().intern("[CUDA memcpy HtoD]");
        for (int i = 1; i <= 3; i++) {
            int row = chunk.add(first, EventKind.KERNEL, 1000 + 100L * i, 10L * i, gemm, i, 0);
            chunk.attribute(row, AttributeKey.LAUNCH_CONFIG, builder.launchConfig(i == 2 ? SMALL : LARGE));
        }
        chunk.add(second, EventKind.KERNEL, 1500, 100, gemm, 4, 0);
        chunk.add(second, EventKind.MEMCPY, 2000, 50, copy, 5, 0);
        chunk.add(host, EventKind.RUNTIME_CALL, 900, 5000, chunk.strings().intern("cudaLaunchKernel"), 1, 0);
        builder.add(chunk);
        return builder.build(new RecordingInfo(List.of(), TraceFormat.CHROME, "", "", OptionalLong.empty(), List.of(),
                Map.of()), ImportMonitor.NONE);
    }

    @Test
    void of_wholeTrace_sumsDeviceWorkByNameLongestFirst() {
        KernelTimes times = KernelTimes.of(trace());

        assertThat(times.rows()).extracting(KernelTimes.Row::name).containsExactly("gemm", "[CUDA memcpy HtoD]");
        KernelTimes.Row gemm = times.rows().getFirst();
        assertThat(gemm.calls()).isEqualTo(4);
        assertThat(gemm.totalNs()).isEqualTo(160);
        assertThat(gemm.minNs()).isEqualTo(10);
        assertThat(gemm.medianNs()).isEqualTo(25);
        assertThat(gemm.averageNs()).isEqualTo(40);
        assertThat(gemm.p99Ns()).isEqualTo(30 + 0.97 * 70, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(gemm.maxNs()).isEqualTo(100);
        assertThat(gemm.launchConfig()).isEqualTo(Optional.of(LARGE));
        assertThat(gemm.launchConfigs()).isEqualTo(2);
        assertThat(gemm.tracks()).hasSize(2);
        assertThat(times.totalNs()).isEqualTo(210);
        assertThat(times.calls()).isEqualTo(5);
    }

    @Test
    void of_rangeThatCutsEvents_countsTheirTimeInsideAndTheirWholeDurations() {
        KernelTimes times = KernelTimes.of(trace(), 1310, 1550, () -> false);

        assertThat(times.rows()).hasSize(1);
        KernelTimes.Row gemm = times.rows().getFirst();
        assertThat(gemm.calls()).isEqualTo(2);
        assertThat(gemm.totalNs()).isEqualTo(20 + 50);
        assertThat(gemm.minNs()).isEqualTo(30);
        assertThat(gemm.maxNs()).isEqualTo(100);
    }

    @Test
    void of_workOfNoDurationAtTheEnd_isCounted() {
        TraceBuilder builder = new TraceBuilder();
        int process = builder.process(new ProcessInfo(1, "p", OptionalInt.empty()));
        int stream = builder.track(Locus.NONE, TrackKind.STREAM, "stream 7", Locus.stream(process, 0, 1, 7), 0);
        EventChunk chunk = builder.chunk();
        int name = chunk.strings().intern("nothing");
        chunk.add(stream, EventKind.KERNEL, 10, 5, name, 1, 0);
        chunk.add(stream, EventKind.KERNEL, 15, 0, name, 2, 0);
        builder.add(chunk);
        Trace trace = builder.build(new RecordingInfo(List.of(), TraceFormat.CHROME, "", "", OptionalLong.empty(),
                List.of(), Map.of()), ImportMonitor.NONE);

        assertThat(KernelTimes.of(trace).calls()).isEqualTo(2);
    }

    @Test
    void of_rangeWithoutWork_hasNoRows() {
        assertThat(KernelTimes.of(trace(), 1700, 1900, () -> false).rows()).isEmpty();
    }

    @Test
    void of_cancelled_stops() {
        assertThatThrownBy(() -> KernelTimes.of(trace(), 0, 5000, () -> true))
                .isInstanceOf(CancellationException.class);
    }
}
