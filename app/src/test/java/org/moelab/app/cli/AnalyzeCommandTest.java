package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Point;

final class AnalyzeCommandTest {
    private static final List<String> SMALL = List.of("--device", "cpu", "--prompt", "3", "--generate", "2",
            "--repeats", "1");

    @TempDir
    private Path folder = Path.of("");

    private Run analyze(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("analyze"));
        arguments.addAll(SMALL);
        arguments.addAll(List.of("-o", folder));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    @Test
    void analyze_onTheProcessor_runsTinySweepsAndSaysWhatDoesNotApply() throws IOException {
        Run run = analyze("--sweep", "batch=1,2", "--sweep", "precision=bf16", "--sweep", "gpus=1", "--ablate");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Run.filesIn(folder)).containsExactly("report.html", RunFile.NAME, SweepFile.NAME);
        RunReport report = RunFile.read(folder);
        assertThat(report.complete()).isTrue();
        assertThat(report.model().name()).isEqualTo("tiny");
        assertThat(report.expertLoads()).isPresent();
        assertThat(report.notes()).anySatisfy(
                note -> assertThat(note).contains("processor", "no timelines", "no ceilings"));
        assertThat(run.err()).contains("no ceilings of a GPU", "no ablations");
        SweepReport sweeps = SweepFile.read(folder).orElseThrow();
        assertThat(sweeps.complete()).isTrue();
        assertThat(sweeps.axes()).extracting(Axis::axis).containsExactly("batch", "precision", "gpus");
        assertThat(sweeps.axis("batch").orElseThrow().points()).allSatisfy(
                point -> assertThat(point.figures()).isPresent());
        assertThat(run.out()).contains("tiny on CPU reference", "baseline", "batch", "sequences", "not measured: more")
                .endsWith(folder.resolve(RunFile.NAME) + "\n");
    }

    @Test
    void analyze_withoutSweeps_leavesNoFileOfThem() throws IOException {
        assertThat(analyze("--sweep", "none").exitCode()).isEqualTo(DONE);
        assertThat(Run.filesIn(folder)).containsExactly("report.html", RunFile.NAME);
    }

    @Test
    void resume_ofAnAnalysis_sweepsWhatIsMissingAndNothingElse() throws IOException {
        assertThat(analyze("--sweep", "prompt=2,4").exitCode()).isEqualTo(DONE);
        RunReport before = RunFile.read(folder);
        SweepReport s = SweepFile.read(folder).orElseThrow();
        Axis axis = s.axes().getFirst();
        String began = "2126-01-31T12:00:00Z"; // after the run, and not now
        Point kept = axis.points().getFirst();
        RunFile.write(folder, before.as(false, "2026-01-31T12:00:00+01:00"));
        SweepFile.write(folder, new SweepReport(s.version(), false, began, Optional.empty(), s.asked(),
                s.machine(), s.versions(), s.model(), List.of(new Axis(axis.axis(), axis.what(), axis.unit(),
                        axis.notMeasured(), List.of(kept)))));

        Run run = Run.of("analyze", "--resume", folder);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(RunFile.read(folder).complete()).isTrue();
        assertThat(RunFile.read(folder).layers()).isEqualTo(before.layers());
        SweepReport after = SweepFile.read(folder).orElseThrow();
        assertThat(after.complete()).isTrue();
        assertThat(after.started()).isEqualTo(began);
        assertThat(after.axes().getFirst().points()).hasSize(2).first().isEqualTo(kept);
    }

    @Test
    void resume_besideSweepsOfAnotherBuild_putsThoseAsideAndSweepsAnew() throws IOException {
        assertThat(analyze("--sweep", "prompt=2").exitCode()).isEqualTo(DONE);
        RunFile.write(folder, RunFile.read(folder).as(false, "2026-01-31T12:00:00+01:00"));
        Path file = folder.resolve(SweepFile.NAME);
        String foreign = Files.readString(file).replace("\"moelab\" : \"", "\"moelab\" : \"0.");
        Files.writeString(file, foreign);

        Run run = Run.of("analyze", "--resume", folder, "--sweep", "prompt=3");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.err()).contains("a sweeps.json of another run is in " + folder.resolve("earlier"));
        assertThat(SweepFile.read(folder).orElseThrow().axis("prompt").orElseThrow().points())
                .extracting(Point::value).containsExactly("3");
        assertThat(Run.filesIn(folder.resolve("earlier"))).singleElement()
                .satisfies(name -> assertThat(Files.readString(folder.resolve("earlier").resolve(name)))
                        .isEqualTo(foreign));
    }

    @Test
    void resume_withOtherSweeps_isRefusedByName() throws IOException {
        assertThat(analyze("--sweep", "prompt=2").exitCode()).isEqualTo(DONE);

        Run run = Run.of("analyze", "--resume", folder, "--sweep", "prompt=2,4");

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString()
                .contains("--sweep was prompt=2 and is now prompt=2,4");
    }

    @Test
    void sweep_ofContextsThatDoNotFit_isKeptWithTheReason() throws IOException {
        Run run = analyze("--sweep", "context=3,200000");

        assertThat(run.exitCode()).isEqualTo(DONE);
        Point refused = SweepFile.read(folder).flatMap(report -> report.axis("context"))
                .flatMap(axis -> axis.at("200000")).orElseThrow();
        assertThat(refused.figures()).isEmpty();
        assertThat(refused.refused().orElseThrow()).contains("do not fit");
        assertThat(run.out()).contains("do not fit");
    }

    @Test
    void analyze_thatFailsBeforeItBegins_leavesNothing() throws IOException {
        Run run = Run.of("analyze", "--device", "cpu", "--layers", "6", "-o", folder.resolve("a/b"));
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(Files.exists(folder.resolve("a"))).isFalse();
    }
}
