package org.moelab.app.details;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.kernels.KernelTableViewModel;
import org.moelab.app.kernels.ProfiledRow;
import org.moelab.app.kernels.SampleTrace;
import org.moelab.app.selection.Selection;
import org.moelab.app.task.FxQueue;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

class DetailsViewModelTest {
    @TempDir
    private Path folder;

    private final Trace trace = SampleTrace.decode("decode.sqlite");
    private final FxQueue fx = new FxQueue();
    private final Selection selection = new Selection();
    private final List<Throwable> failures = new ArrayList<>();
    private final KernelTableViewModel kernels = new KernelTableViewModel(selection, fx, failures::add);
    private final DetailsViewModel model = new DetailsViewModel(selection, kernels, fx, failures::add);

    private void show(Recording recording) {
        selection.recordingProperty().set(Optional.of(recording));
        fx.runUntil(() -> !kernels.runningProperty().get());
    }

    private int first(EventKind kind) {
        return IntStream.range(0, trace.size()).filter(e -> trace.kind(e) == kind).findFirst().orElseThrow();
    }

    private String fact(String group, String label) {
        return model.groups().stream().filter(g -> g.title().equals(group)).flatMap(g -> g.facts().stream())
                .filter(f -> f.label().equals(label)).map(Fact::value).findFirst().orElse("absent");
    }

    @Test
    void groups_kernel_tellDurationLaunchConfigurationAndRanges() {
        show(trace);

        selection.eventProperty().set(OptionalInt.of(first(EventKind.KERNEL)));

        assertThat(model.titleProperty().get()).isEqualTo("rms_norm<__nv_bfloat16>");
        assertThat(fact("Event", "Duration")).isEqualTo("2.400 µs");
        assertThat(fact("Event", "Start")).isEqualTo("20.00 µs");
        assertThat(fact("Event", "Track")).isEqualTo("GPU 0 / stream 13");
        assertThat(fact("Launch", "Launched by")).isEqualTo("cudaLaunchKernel");
        assertThat(fact("Launch", "Launch latency")).isEqualTo("19.00 µs");
        assertThat(fact("Launch", "Wait")).isEqualTo("15.00 µs");
        assertThat(fact("Launch", "Range")).isEqualTo("layer 0");
        assertThat(fact("Launch", "Operator")).isEqualTo("absent");
        assertThat(fact("Launch configuration", "Block")).isEqualTo("256 × 1 × 1");
        assertThat(fact("Launch configuration", "Shared memory")).isEqualTo("32.77 kB a block");
        assertThat(fact("Ranges around it", "52.00 µs")).isEqualTo("layer 0");
        assertThat(fact("All launches in the recording", "Calls")).isEqualTo("8");
    }

    @Test
    void groups_copy_tellBytesDirectionAndBandwidth() {
        show(trace);

        selection.eventProperty().set(OptionalInt.of(first(EventKind.MEMCPY)));

        assertThat(fact("Copy", "Direction")).isEqualTo("host to device");
        assertThat(fact("Copy", "Bytes")).isEqualTo("90.00 kB");
        assertThat(fact("Copy", "Bandwidth")).isEqualTo("20.00 GB/s");
    }

    @Test
    void follow_launchingCall_selectsItAndTellsWhatItLaunched() {
        show(trace);
        selection.eventProperty().set(OptionalInt.of(first(EventKind.KERNEL)));
        Fact launchedBy = model.groups().stream().flatMap(g -> g.facts().stream())
                .filter(f -> f.label().equals("Launched by")).findFirst().orElseThrow();

        model.follow(launchedBy);

        assertThat(selection.eventProperty().get()).isEqualTo(OptionalInt.of(trace.link(first(EventKind.KERNEL))));
        assertThat(fact("Launched work", "Launched")).startsWith("void rms_norm");
        assertThat(fact("Launched work", "Device time")).isEqualTo("2.400 µs");
    }

    @Test
    void groups_kernelOfPytorch_tellOperatorAndRange() throws IOException, TraceReadException {
        Path file = Files.writeString(folder.resolve("t.json"),
                """
                        {"traceEvents": [
                        {"ph":"X","cat":"user_annotation","name":"decode","pid":1,"tid":1,"ts":0,"dur":100},
                        {"ph":"X","cat":"cpu_op","name":"aten::linear","pid":1,"tid":1,"ts":10,"dur":50,"args":{"External id":7}},
                        {"ph":"X","cat":"cpu_op","name":"aten::addmm","pid":1,"tid":1,"ts":20,"dur":30,"args":{"External id":8}},
                        {"ph":"X","cat":"cuda_runtime","name":"cudaLaunchKernel","pid":1,"tid":1,"ts":25,"dur":5,\
                        "args":{"correlation":3}},
                        {"ph":"X","cat":"kernel","name":"gemm","pid":0,"tid":7,"ts":40,"dur":9,\
                        "args":{"correlation":3,"device":0,"stream":7,"External id":8}}]}
                        """);
        Trace pytorch = (Trace) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
        show(pytorch);
        int kernel = IntStream.range(0, pytorch.size()).filter(e -> pytorch.kind(e) == EventKind.KERNEL).findFirst()
                .orElseThrow();

        selection.eventProperty().set(OptionalInt.of(kernel));
        fx.runUntil(() -> !fact("Launch", "Operator").equals("absent"));

        assertThat(fact("Launch", "Operator")).isEqualTo("aten::addmm");
        assertThat(fact("Launch", "Range")).isEqualTo("decode");
        assertThat(fact("Launch", "Launched by")).isEqualTo("cudaLaunchKernel");
    }

    @Test
    void readMore_fileThatIsGone_failsWithItsNameAndKeepsTheFacts() {
        show(trace);
        selection.eventProperty().set(OptionalInt.of(first(EventKind.KERNEL)));

        model.readMore();
        fx.runUntil(() -> !model.readingProperty().get());

        assertThat(failures).singleElement().satisfies(f -> assertThat(f).hasMessageContaining("decode.sqlite"));
        assertThat(fact("Event", "Duration")).isEqualTo("2.400 µs");
    }

    @Test
    void groups_nothingSelected_areEmpty() {
        show(trace);

        assertThat(model.groups()).isEmpty();
        assertThat(model.canReadMoreProperty().get()).isFalse();
    }

    @Test
    void groups_profiledKernel_tellLaunchMetricsAndTheTableItsKeyFigures() throws IOException, TraceReadException {
        String head = "\"0\",\"7\",\"bench\",\"host\",\"expert_gemm(int)\",\"1\",\"13\",\"(256, 1, 1)\",\"(132, 1, 1)\",\"0\",\"9.0\",";
        Path file = Files.writeString(folder.resolve("page.csv"), """
                "ID","Process ID","Process Name","Host Name","Kernel Name","Context","Stream","Block Size","Grid Size",\
                "Device","CC","Section Name","Metric Name","Metric Unit","Metric Value"
                """ + head + "\"GPU Speed Of Light Throughput\",\"Duration\",\"us\",\"13.40\"\n" + head
                + "\"GPU Speed Of Light Throughput\",\"Compute (SM) Throughput\",\"%\",\"41.5\"\n" + head
                + "\"Memory Workload Analysis\",\"Memory Throughput\",\"Gbyte/s\",\"812.3\"\n");
        KernelReport report = (KernelReport) Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
        show(report);

        selection.eventProperty().set(OptionalInt.of(0));

        assertThat(model.titleProperty().get()).isEqualTo("expert_gemm");
        assertThat(fact("Kernel", "Duration")).isEqualTo("13.40 µs");
        assertThat(model.groups().stream().flatMap(g -> g.facts().stream()).map(Fact::value)).contains("812.3 GB/s",
                "41.50 %");
        ProfiledRow row = ProfiledRow.of(report).getFirst();
        assertThat(row.durationNs()).isEqualTo(13_400);
        assertThat(row.computePercent()).isEqualTo(41.5);
        assertThat(row.memoryPercent()).as("a rate is no percentage").isNaN();
        assertThat(row.launch()).isEqualTo("132 × 256");
        assertThat(kernels.rows()).singleElement().satisfies(r -> assertThat(r.times().totalNs()).isEqualTo(13_400));
    }
}
