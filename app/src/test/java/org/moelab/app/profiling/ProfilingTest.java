package org.moelab.app.profiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.host.Host;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.ProcessInfo;
import org.moelab.traces.model.Trace;

/// Profilers are shell scripts here, which note how they were started and leave recordings of real ones, or fail.
final class ProfilingTest {
    private static final Path RECORDINGS = Path.of("../traces/src/test/resources/h200");
    private static final Path TIMELINES = Path.of("src/test/resources/org/moelab/app/run/h200-gpt-oss-20b");
    /// Answers its version, notes its arguments and knows the file that it is to write.
    private static final String HEAD = """
            #!/bin/sh
            [ "$1" = --version ] && { echo "fake 2025.3.1"; exit; }
            echo "$*" >> "$(dirname "$0")/calls"
            while [ $# -gt 0 ]; do
                case $1 in --output=*) file=${1#--output=} ;; --export) file=$2 ;; esac
                shift
            done
            """;

    @TempDir
    private Path folder = Path.of("");
    private Path tools = Path.of("");
    private Path run = Path.of("");
    private final List<String> begun = new ArrayList<>();
    private boolean stopped;
    private String unwanted = "";

    @BeforeEach
    void makeFolders() throws IOException {
        tools = Files.createDirectories(folder.resolve("tools"));
        run = Files.createDirectories(folder.resolve("run"));
        for (String layer : List.of("4", "6")) {
            Files.copy(TIMELINES.resolve(layer + ".trace.json.gz"), run.resolve(layer + ".trace.json.gz"));
        }
        unpack(RECORDINGS.resolve("ncu/scale.ncu-rep.gz"), folder.resolve("good.ncu-rep"));
        unpack(RECORDINGS.resolve("gptoss2L_nsys_graph.sqlite.gz"), folder.resolve("good.sqlite"));
    }

    private static void unpack(Path packed, Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, file);
        }
    }

    private void tool(String name, String rest) throws IOException {
        Path script = tools.resolve(name);
        Files.writeString(script, HEAD + rest + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String calls() throws IOException {
        return Files.readString(tools.resolve("calls"));
    }

    private List<Profile> record(Set<Part> parts, List<Profile> earlier, List<String> layers, Duration limit)
            throws IOException {
        // a root of its own: nothing of the machine's is found
        Host host = new Host(Map.of("PATH", "/tools"), folder);
        return new Profiling(run, host, List.of("/opt/lab/bin/moelab"), limit, new Profiling.Progress() {
            @Override
            public void begins(double done, Part part, String layer) {
                begun.add(part.label() + " " + layer);
            }

            @Override
            public void recorded(Profile profile, List<Profile> all) {
                assertThat(all).last().isEqualTo(profile);
            }

            @Override
            public boolean stopped() {
                return stopped;
            }
        }).record(parts, layers.stream().map(layer -> new Profiling.Target(layer,
                List.of("profiled", "--layers", layer), List.of("profiled", "--layers", layer, "--first-layers", "2"),
                !layer.equals(unwanted)))
                .toList(), true, earlier);
    }

    private Profile one(Part part, String layer) throws IOException {
        return record(Set.of(part), List.of(), List.of(layer), Duration.ofSeconds(60)).getFirst();
    }

    @Test
    void ncu_thatWrites_isDoneWithItsCommandAndItsReportOpened() throws IOException {
        tool("ncu", "cp " + folder + "/good.ncu-rep \"$file\"");

        Profile profile = one(Part.NCU, "6");

        assertThat(profile.state()).isEqualTo(ProfileState.DONE);
        assertThat(profile.files()).containsExactly("6.ncu-rep");
        assertThat(profile.tool()).contains("ncu");
        assertThat(profile.version()).contains("2025.3.1");
        assertThat(profile.command()).startsWith("ncu").containsSequence("--clock-control", "none")
                .containsSequence("--profile-from-start", "off").endsWith("--export", "6.ncu-rep", "moelab",
                        "profiled", "--layers", "6", "--first-layers", "2");
        assertThat(String.join(" ", profile.command())).doesNotContain(folder.toString(), "/opt");
        assertThat(calls()).contains("--export " + run.resolve("6.ncu-rep") + " /opt/lab/bin/moelab profiled");
    }

    @Test
    void deepDive_ofALayer_readsTheKernelsThatTakeLongest() throws IOException {
        tool("ncu", "cp " + folder + "/good.ncu-rep \"$file\"");

        Profile profile = one(Part.DEEP_DIVE, "6");

        assertThat(profile.state()).isEqualTo(ProfileState.DONE);
        assertThat(profile.command()).containsSequence("--set", "full");
        String filter = profile.command().get(profile.command().indexOf("--kernel-name") + 1);
        assertThat(filter).startsWith("regex:^(").endsWith(")$").contains("expert_gate_up_");
        assertThat(filter.split("\\|", -1)).hasSize(5);
    }

    @Test
    void deepDive_ofALayer_letsTheToolFindTheKernelsSourcesWhileItRuns() throws IOException {
        tool("ncu", "cp " + run + "/.sources/common/mma.cuh " + folder + "/found && cp " + folder
                + "/good.ncu-rep \"$file\"");

        Profile profile = one(Part.DEEP_DIVE, "6");

        assertThat(profile.command()).containsSequence("--import-source", "yes", "--source-folders", ".sources");
        assertThat(folder.resolve("found")).content().contains("#pragma once");
        assertThat(run.resolve(".sources")).doesNotExist();
    }

    @Test
    void nsys_thatWrites_leavesReportAndDatabase() throws IOException {
        tool("nsys", "cp " + folder + "/good.sqlite \"$file\"");

        Profile profile = one(Part.NSYS, "6 with fp8-kv");

        assertThat(profile.state()).isEqualTo(ProfileState.DONE);
        assertThat(profile.files()).containsExactly("6_with_fp8-kv.nsys-rep", "6_with_fp8-kv.sqlite");
        assertThat(run.resolve("6_with_fp8-kv.sqlite")).exists();
        assertThat(profile.command()).startsWith("nsys", "profile").contains("--output=6_with_fp8-kv.nsys-rep");
        assertThat(calls().lines().toList().getLast()).startsWith("export --type=sqlite");
    }

    @Test
    void profilers_thatAreNotThere_areLeftOutWithTheWayToGetThem() throws IOException {
        List<Profile> all = record(Set.of(Part.NCU, Part.NSYS, Part.ROOFLINE), List.of(), List.of("6"),
                Duration.ofSeconds(60));

        assertThat(all).hasSize(3).allSatisfy(profile -> {
            assertThat(profile.state()).isEqualTo(ProfileState.LEFT_OUT);
            assertThat(profile.reason().orElseThrow()).contains("not on the PATH");
            assertThat(profile.remedy().orElseThrow()).contains("install");
            assertThat(profile.files()).isEmpty();
        });
    }

    @Test
    void ncu_withoutTheRightToCounters_isLeftOutWithTheRemedy() throws IOException {
        tool("ncu", "echo '==ERROR== ERR_NVGPUCTRPERM - The user does not have permission'; exit 1");

        Profile profile = one(Part.ROOFLINE, "6");

        assertThat(profile.state()).isEqualTo(ProfileState.LEFT_OUT);
        assertThat(profile.reason().orElseThrow()).contains("ERR_NVGPUCTRPERM");
        assertThat(profile.remedy().orElseThrow()).contains("NVreg_RestrictProfilingToAdminUsers=0");
    }

    @Test
    void ncu_thatFails_isFailedWithWhatItSaidAndTheNextOneRuns() throws IOException {
        tool("ncu", "echo '==ERROR== no such set'; echo bye; exit 3");
        tool("nsys", "cp " + folder + "/good.sqlite \"$file\"");

        List<Profile> all = record(Set.of(Part.NCU, Part.ROOFLINE, Part.NSYS), List.of(), List.of("6"),
                Duration.ofSeconds(60));

        assertThat(all).extracting(Profile::kind).containsExactly("roofline", "nsys", "ncu");
        assertThat(all).extracting(Profile::state).containsExactly(ProfileState.FAILED, ProfileState.DONE,
                ProfileState.FAILED);
        assertThat(all.getFirst().reason()).contains("it ended with 3: ==ERROR== no such set");
    }

    @Test
    void recording_thatDoesNotOpen_isFailedAndTakenAway() throws IOException {
        tool("ncu", "echo nonsense > \"$file\"");

        Profile profile = one(Part.NCU, "6");

        assertThat(profile.state()).isEqualTo(ProfileState.FAILED);
        assertThat(profile.reason().orElseThrow()).contains("6.ncu-rep").contains("does not open")
                .doesNotContain(run.toString());
        assertThat(run.resolve("6.ncu-rep")).doesNotExist();
    }

    @Test
    void tool_thatEndsWellWithoutAFile_isFailed() throws IOException {
        tool("ncu", "echo '==WARNING== No kernels were profiled.'");

        assertThat(one(Part.NCU, "6").reason().orElseThrow()).contains("left no file", "No kernels were profiled");
    }

    @Test
    void tool_thatTakesTooLong_isEndedWithWhatItStarted() throws IOException {
        tool("ncu", "sleep 600");

        Profile profile = record(Set.of(Part.NCU), List.of(), List.of("6"), Duration.ofMillis(300)).getFirst();

        assertThat(profile.state()).isEqualTo(ProfileState.FAILED);
        assertThat(profile.reason().orElseThrow()).contains("took longer");
        assertThat(ProcessHandle.current().descendants().toList()).isEmpty();
    }

    @Test
    void tool_stoppedWhileItRuns_isEnded() throws IOException {
        tool("ncu", "touch " + folder + "/running; sleep 600");
        Thread stopper = Thread.ofVirtual().start(() -> {
            while (!Files.exists(folder.resolve("running"))) {
                Thread.onSpinWait();
            }
            stopped = true;
        });

        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> one(Part.NCU, "6"));

        assertThat(stopper.isAlive() && !stopped).isFalse();
        assertThat(ProcessHandle.current().descendants().toList()).isEmpty();
    }

    @Test
    void hta_ofATimeline_isAFolderWithARankAndItsReports() throws Exception {
        Profile profile = one(Part.HTA, "6");

        assertThat(profile.state()).isEqualTo(ProfileState.DONE);
        assertThat(profile.files()).startsWith("hta/6/rank_0.json.gz").contains("hta/6/temporal_breakdown.csv",
                "hta/6/gpu_kernel_breakdown.csv");
        Path rank = run.resolve(profile.files().getFirst());
        Trace trace = (Trace) Recordings.open(rank, ImportOptions.DEFAULT, ImportMonitor.NONE);
        Trace plain = (Trace) Recordings.open(run.resolve("6.trace.json.gz"), ImportOptions.DEFAULT,
                ImportMonitor.NONE);
        assertThat(trace.processes()).extracting(ProcessInfo::rank).first().asString().contains("0");
        assertThat(trace.size()).isEqualTo(plain.size());
        assertThat(Files.readString(run.resolve("hta/6/temporal_breakdown.csv"))).contains("idle_time");
    }

    @Test
    void layer_thatIsNotToBeProfiled_isStillWhatTheNextOneIsHeldAgainst() throws IOException {
        unwanted = "4";

        List<Profile> all = record(Set.of(Part.DIFFERENCES), List.of(), List.of("4", "6"), Duration.ofSeconds(60));

        assertThat(begun).containsExactly("differences 6");
        assertThat(all).singleElement().extracting(Profile::files).isEqualTo(List.of("differences/4-6.csv"));
    }

    @Test
    void hta_ofATimeline_isFoundByThatToolsPatternsAndTimesThePlainOnesLaunches() throws Exception {
        Path rank = run.resolve(one(Part.HTA, "6").files().getFirst());

        List<String> lines;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(rank)), StandardCharsets.UTF_8))) {
            lines = in.lines().toList();
        }
        // as hta/common/trace_file.py looks for it, line by line
        assertThat(lines.getFirst()).containsPattern("\"rank\":\\s+0");
        Trace trace = (Trace) Recordings.open(rank, ImportOptions.DEFAULT, ImportMonitor.NONE);
        Trace plain = (Trace) Recordings.open(run.resolve("6.trace.json.gz"), ImportOptions.DEFAULT,
                ImportMonitor.NONE);
        Map<String, Long> calls = names(trace);
        Map<String, Long> before = names(plain);
        assertThat(before).containsKeys("cuLaunchKernel", "cuLaunchKernelEx", "cuMemcpyHtoDAsync");
        assertThat(calls).doesNotContainKeys("cuLaunchKernel", "cuLaunchKernelEx", "cuMemcpyHtoDAsync")
                .containsEntry("cudaLaunchKernel", before.getOrDefault("cuLaunchKernel", 0L))
                .containsEntry("cudaLaunchKernelExC", before.getOrDefault("cuLaunchKernelEx", 0L))
                .containsEntry("cuEventRecord", before.getOrDefault("cuEventRecord", 0L));
        // launches of graphs are none of that tool's
        assertThat(Files.readAllLines(run.resolve("hta/6/cuda_kernel_launch_stats.csv"))).hasSize(Math.toIntExact(1
                + before.getOrDefault("cuLaunchKernel", 0L) + before.getOrDefault("cuLaunchKernelEx", 0L)
                + before.getOrDefault("cuMemcpyHtoDAsync", 0L)));
    }

    private static Map<String, Long> names(Trace trace) {
        return IntStream.range(0, trace.size()).mapToObj(trace::name)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Test
    void differences_betweenTwoLayers_areATableAndTheLowestHasNone() throws IOException {
        List<Profile> all = record(Set.of(Part.DIFFERENCES), List.of(), List.of("4", "6"), Duration.ofSeconds(60));

        assertThat(all).extracting(Profile::state).containsExactly(ProfileState.LEFT_OUT, ProfileState.DONE);
        assertThat(all.getLast().files()).containsExactly("differences/4-6.csv");
        assertThat(Files.readString(run.resolve("differences/4-6.csv"))).contains("expert_gate_up");
    }

    @Test
    void profiles_ofAnEarlierSession_areKeptWhereTheirFilesAreThere() throws IOException {
        tool("ncu", "cp " + folder + "/good.ncu-rep \"$file\"");
        Profile first = one(Part.NCU, "6");
        Files.delete(tools.resolve("calls"));

        List<Profile> again = record(Set.of(Part.NCU), List.of(first), List.of("6"), Duration.ofSeconds(60));
        assertThat(again).containsExactly(first);
        assertThat(tools.resolve("calls")).doesNotExist();

        Files.delete(run.resolve("6.ncu-rep"));
        assertThat(record(Set.of(Part.NCU), List.of(first), List.of("6"), Duration.ofSeconds(60)))
                .containsExactly(first);
        assertThat(tools.resolve("calls")).exists();
    }

    @Test
    void choice_all_holdsEveryPart() {
        assertThat(ProfileChoice.ALL.parts()).containsExactlyInAnyOrder(Part.values());
        assertThat(ProfileChoice.MINIMAL.parts()).isEmpty();
        assertThat(ProfileChoice.of("deep_dive").map(ProfileChoice::parts).orElseThrow())
                .containsExactlyInAnyOrder(Part.DEEP_DIVE, Part.NSYS, Part.DIFFERENCES);
        assertThat(ProfileChoice.of("everything")).isEmpty();
    }

    @Test
    void lab_startedFromAnInstallation_isItsScript() throws IOException {
        Path script = folder.resolve("bin/moelab");
        assertThat(LabCommand.of(Optional.of(folder))).endsWith("org.moelab.app.Main").contains("-cp");
        Files.createDirectories(script.getParent());
        Files.createFile(script, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThat(LabCommand.of(Optional.of(folder))).containsExactly(script.toString());
    }
}
