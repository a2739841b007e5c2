package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.profiling.LabCommand;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;

/// Run directories: who may write into them, and what is left of a run that did not come to its end.
final class RunDirectoryTest {
    private static final List<String> SMALL = List.of("--model", "tiny", "--layers", "baseline", "--prompt", "3",
            "--generate", "2", "--repeats", "1", "--device", "cpu");

    @TempDir
    private Path folder = Path.of("");

    private static Run run(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(SMALL);
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    private static List<String> names(Path folder) throws IOException {
        try (var list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void lock_ofAFolderThatIsTaken_isRefusedUntilItIsGivenBack() throws Exception {
        try (RunLock first = RunLock.take(folder)) {
            assertThat(first.folder()).isEqualTo(folder);
            assertThatExceptionOfType(CommandFailure.class).isThrownBy(() -> RunLock.take(folder))
                    .withMessageContaining(folder.toString()).withMessageContaining("another run");
            try (RunLock other = RunLock.take(folder.resolve("other"))) {
                assertThat(other.folder()).exists();
            }
        }
        try (RunLock again = RunLock.take(folder)) {
            assertThat(again.folder()).exists();
        }
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void lock_thatTheRunBeforeLeftBehind_isNoObstacle() throws Exception {
        Files.writeString(folder.resolve(".lock"), "of a run that was killed");
        try (RunLock lock = RunLock.take(folder)) {
            assertThat(lock.folder()).isEqualTo(folder);
        }
    }

    @Test
    void folders_madeForNothing_areTakenBack() throws Exception {
        try (RunLock lock = RunLock.take(folder.resolve("a/b/c"))) {
            assertThat(lock.folder()).isDirectory();
        }
        assertThat(names(folder)).isEmpty();
        try (RunLock lock = RunLock.take(folder.resolve("a/b/c"))) {
            Files.createFile(lock.folder().resolve("run.json"));
        }
        assertThat(folder.resolve("a/b/c/run.json")).exists();
    }

    @Test
    void newFolders_ofOneSecond_doNotCollide() throws Exception {
        Path wanted = folder.resolve("run-20260131-120000");
        try (RunLock first = RunLock.takeNew(wanted);
                RunLock second = RunLock.takeNew(wanted);
                RunLock third = RunLock.takeNew(wanted)) {
            assertThat(List.of(first.folder(), second.folder(), third.folder())).extracting(Path::getFileName)
                    .extracting(Path::toString)
                    .containsExactly("run-20260131-120000", "run-20260131-120000-2", "run-20260131-120000-3");
        }
    }

    @Test
    void run_intoADirectoryThatAnotherWritesInto_isRefusedInOneLine() throws Exception {
        try (RunLock other = RunLock.take(folder)) {
            Run run = run("-o", other.folder());
            assertThat(run.exitCode()).isEqualTo(FAILED);
            assertThat(run.errLines()).singleElement().asString().contains(folder.toString(), "another run");
            assertThat(names(folder)).containsExactly(".lock");
        }
        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);
        assertThat(names(folder)).containsExactly(RunFile.NAME);
    }

    @Test
    void run_ontoAFullDisk_isOneLineThatNamesTheFileAndLeavesNoHalfOfIt() throws IOException {
        assumeThat(Path.of("/dev/full")).exists();
        Files.createSymbolicLink(folder.resolve("run.json.partial"), Path.of("/dev/full"));
        Run run = run("-o", folder);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString()
                .contains(folder.resolve(RunFile.NAME).toString(), "No space left");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void run_ofAnotherProcess_isRefusedWhileTheFolderIsTaken() throws Exception {
        try (RunLock mine = RunLock.take(folder)) {
            List<String> command = new ArrayList<>(LabCommand.current());
            command.add("run");
            command.addAll(SMALL);
            command.addAll(List.of("-o", mine.folder().toString()));
            Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(other.waitFor()).isEqualTo(FAILED);
            assertThat(said).contains(folder.toString(), "another run is writing");
            assertThat(names(folder)).containsExactly(".lock");
        }
    }

    @Test
    void run_intoADirectoryOfAKilledRun_takesAwayWhatThatHadHalfWritten() throws IOException {
        Files.writeString(folder.resolve(".6.trace.json.gz.1f2e3d.part"), "half");
        Files.writeString(folder.resolve("notes.part"), "a person's own");

        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);

        assertThat(names(folder)).containsExactly("notes.part", RunFile.NAME);
    }

    private void plant(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    /// The folder that holds what an earlier run left.
    private Path aside() throws IOException {
        return folder.resolve("earlier").resolve(names(folder.resolve("earlier")).getFirst());
    }

    @Test
    void run_overACompleteRun_putsAllOfThatAsideAndTouchesNothingElse() throws IOException {
        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);
        byte[] before = Files.readAllBytes(folder.resolve(RunFile.NAME));
        plant("sweeps.json", "ablation.json", "llm-analysis.md", "report.html", "report.md", "report_files/a.svg",
                "baseline.trace.json.gz", "baseline.nsys-rep", "baseline.sqlite", "baseline.deep_dive.ncu-rep",
                "hta/baseline/rank_0.json.gz", "differences/baseline-1.csv", "notes.txt", "mine.sqlite",
                "peers/llama.jsonl");

        Run run = run("-o", folder);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(names(folder)).containsExactly("earlier", "mine.sqlite", "notes.txt", "peers", RunFile.NAME);
        assertThat(names(aside())).containsExactly("ablation.json", "baseline.deep_dive.ncu-rep", "baseline.nsys-rep",
                "baseline.sqlite", "baseline.trace.json.gz", "differences", "hta", "llm-analysis.md", "report.html",
                "report.md", "report_files", RunFile.NAME, "sweeps.json");
        assertThat(aside().resolve("hta/baseline/rank_0.json.gz")).hasContent("hta/baseline/rank_0.json.gz");
        assertThat(Files.readAllBytes(aside().resolve(RunFile.NAME))).isEqualTo(before);
        assertThat(run.errLines()).filteredOn(line -> line.contains("earlier run")).singleElement().asString()
                .contains(aside().toString());
        assertThat(RunFile.read(folder).started()).isPresent();

        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);
        assertThat(names(folder.resolve("earlier"))).hasSize(2);
    }

    @Test
    void run_thatCannotBegin_leavesTheEarlierOneWhereItIs() throws IOException {
        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);
        byte[] before = Files.readAllBytes(folder.resolve(RunFile.NAME));

        assertThat(Run.of("run", "--model", folder.resolve("none"), "--device", "cpu", "-o", folder).exitCode())
                .isEqualTo(FAILED);

        assertThat(names(folder)).containsExactly(RunFile.NAME);
        assertThat(Files.readAllBytes(folder.resolve(RunFile.NAME))).isEqualTo(before);
    }

    @Test
    void run_whoseMoveOfAnEarlierOneWasKilled_movesTheRestToTheSamePlace() throws IOException {
        RunReport earlier = interrupted(); // began at 12:00 in Zurich
        plant("earlier/run-20260131-110000/sweeps.json", "baseline.trace.json.gz");

        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);

        assertThat(names(folder.resolve("earlier"))).containsExactly("run-20260131-110000");
        assertThat(names(aside())).containsExactly("baseline.trace.json.gz", RunFile.NAME, "sweeps.json");
        assertThat(RunFile.read(aside()).started()).isEqualTo(earlier.started());
    }

    @Test
    void run_overARunThatCannotBeRead_losesNothing() throws IOException {
        plant(RunFile.NAME, "sweeps.json");

        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);

        assertThat(names(aside())).containsExactly(RunFile.NAME, "sweeps.json");
        assertThat(aside().resolve(RunFile.NAME)).hasContent(RunFile.NAME);
    }

    @Test
    void run_whereTechniquesWereTriedFirst_staysBesideThem() throws IOException {
        plant("ablation.json", "peers/llama.jsonl");

        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);

        assertThat(names(folder)).containsExactly("ablation.json", "peers", RunFile.NAME);
    }

    @Test
    void ablation_thatIsTriedAgain_goesAsideAlone() throws IOException {
        plant("ablation.json", RunFile.NAME);

        assertThat(EarlierFiles.putAblationAside(folder)).contains(aside());

        assertThat(names(folder)).containsExactly("earlier", RunFile.NAME);
        assertThat(names(aside())).containsExactly("ablation.json");
        assertThat(EarlierFiles.putAblationAside(folder)).isEmpty();
    }

    @Test
    void run_namingFilesOutsideItsDirectory_movesNoneOfThem() throws IOException {
        assertThat(run("-o", folder.resolve("a")).exitCode()).isEqualTo(DONE);
        plant("secret.txt");
        Path file = folder.resolve("a").resolve(RunFile.NAME);
        RunFile.write(folder.resolve("a"), RunFile.read(folder.resolve("a")).withProfiles(List.of(new RunReport.Profile(
                "nsys", "6", Optional.empty(), Optional.empty(), List.of(), List.of("../secret.txt", file.toString()),
                RunReport.ProfileState.DONE, Optional.empty(), Optional.empty()))));

        assertThat(run("-o", folder.resolve("a")).exitCode()).isEqualTo(DONE);

        assertThat(folder.resolve("secret.txt")).hasContent("secret.txt");
    }

    private RunReport interrupted() throws IOException {
        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);
        RunReport r = RunFile.read(folder);
        RunReport cut = new RunReport(r.version(), false, Optional.of("2026-01-31T12:00:00+01:00"), r.finished(),
                r.asked(), r.machine(), r.versions(), r.model(), r.loadSeconds(), r.startToFirstTokenSeconds(),
                r.ceilings(), List.of(), Optional.empty(), r.tuning(), r.failures(), r.notes());
        RunFile.write(folder, cut);
        return cut;
    }

    @Test
    void resume_ofAnInterruptedRun_goesOnWithWhatIsMissing() throws IOException {
        RunReport cut = interrupted();

        Run run = Run.of("run", "--resume", folder);

        assertThat(run.exitCode()).isEqualTo(DONE);
        RunReport whole = RunFile.read(folder);
        assertThat(whole.complete()).isTrue();
        assertThat(whole.started()).isEqualTo(cut.started());
        assertThat(whole.asked()).isEqualTo(cut.asked());
        assertThat(whole.startToFirstTokenSeconds()).isEqualTo(cut.startToFirstTokenSeconds());
        assertThat(whole.layers()).extracting(RunReport.LayerResult::layer).containsExactly("baseline");
        assertThat(whole.expertLoads()).isPresent();
    }

    @Test
    void resume_ofARunThatIsComplete_measuresNothing() throws IOException {
        assertThat(run("-o", folder).exitCode()).isEqualTo(DONE);
        byte[] before = Files.readAllBytes(folder.resolve(RunFile.NAME));

        Run run = Run.of("run", "--resume", folder);

        assertThat(run).isEqualTo(new Run(DONE, folder.resolve(RunFile.NAME) + "\n", ""));
        assertThat(Files.readAllBytes(folder.resolve(RunFile.NAME))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({ "--model,gpt-oss-20b", "--prompt,4", "--batch,2", "--generate,3", "--repeats,2",
            "--layers,'baseline,6'" })
    void resume_ofAnotherWorkload_isRefusedByName(String option, String value) throws IOException {
        interrupted();
        byte[] before = Files.readAllBytes(folder.resolve(RunFile.NAME));

        Run run = Run.of("run", "--resume", folder, option, value);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(option + " was ", "and is now " + value);
        assertThat(Files.readAllBytes(folder.resolve(RunFile.NAME))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({ "'\"device\" : \"CPU reference\"', '\"device\" : \"NVIDIA H200\"', the device was NVIDIA H200",
            "'\"experts\" : 8', '\"experts\" : 16', the model was",
            "'\"moelab\" : \"', '\"moelab\" : \"0.', the build was 0." })
    void resume_onAnotherMachineOrBuild_isRefusedByName(String from, String to, String named) throws IOException {
        interrupted();
        Path file = folder.resolve(RunFile.NAME);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));

        Run run = Run.of("run", "--resume", folder);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("cannot go on", named);
        assertThat(Files.readString(file)).isEqualTo(text.replace(from, to));
    }

    @Test
    void resume_ofNoRun_isRefusedByName() {
        Run run = Run.of("run", "--resume", folder.resolve("nothing"));
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(folder.resolve("nothing").toString());
        assertThat(folder.resolve("nothing")).doesNotExist();
    }
}
