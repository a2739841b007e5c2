package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;
import static org.moelab.app.cli.CommandLineInterface.WRONG_USAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.run.KeptRun;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `compare`, `roofline` and `advise` on our own recordings.
final class AnalysisCommandsTest {
    private static final Path RECORDINGS = Path.of("../traces/src/test/resources/h200");
    private static final Path PYTORCH = RECORDINGS.resolve("gptoss2L_pytorch.json.gz");
    private static final Path NSYS = RECORDINGS.resolve("gptoss2L_nsys_node.sqlite.gz");
    private static final Path SCALE = RECORDINGS.resolve("ncu/scale.ncu-rep.gz");

    private static final Path RUN = KeptRun.FOLDER;

    @TempDir
    Path folder;

    @Test
    void compare_twoTimelinesAsJson_rowsSumToTheDifference() {
        Run run = Run.of("compare", PYTORCH, NSYS, "--format", "json");

        assertThat(run.exitCode()).isEqualTo(DONE);
        JsonNode root = JsonMapper.shared().readTree(run.out());
        long sum = 0;
        for (JsonNode row : root.get("rows")) {
            sum += row.get("delta_ns").asLong();
        }
        assertThat(sum).isEqualTo(root.get("delta_ns").asLong())
                .isEqualTo(root.at("/b/total_ns").asLong() - root.at("/a/total_ns").asLong());
        JsonNode wall = root.at("/a/wall");
        assertThat(wall.get("wall_ns").asLong()).isEqualTo(wall.at("/work_ns/computation").asLong()
                + wall.at("/work_ns/communication").asLong() + wall.at("/work_ns/memory").asLong()
                + wall.at("/work_ns/other").asLong() - wall.get("overlap_ns").asLong() + wall.get("idle_ns").asLong());
        assertThat(root.get("waterfalls").size()).isEqualTo(2);
    }

    @Test
    void advise_runAndRecordings_eachHasItsFindings() {
        Run run = Run.of("advise", RUN, NSYS, SCALE, "--format", "json");

        assertThat(run.exitCode()).isEqualTo(DONE);
        JsonNode findings = JsonMapper.shared().readTree(run.out()).get("findings");
        assertThat(findings.valueStream().map(f -> f.get("source").asString()).distinct()).containsExactly(
                "h200-gpt-oss-20b, layer 6 in decode", "h200-gpt-oss-20b, layer 6 in prefill",
                "gptoss2L_nsys_node.sqlite.gz", "scale.ncu-rep.gz");
        assertThat(findings.valueStream().filter(f -> f.has("at_most_ns"))).isNotEmpty()
                .allMatch(f -> f.get("at_most_ns").asDouble() <= f.get("time_ns").asDouble());
    }

    @Test
    void advise_asTable_namesTechniquesWithTheirLayer() {
        Run run = Run.of("advise", NSYS);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("The device waits for the host to launch", "CUDA graphs (layer 4, done)");
    }

    @Test
    void advise_layerThatTheRunLacks_isWrongUsage() {
        assertThat(Run.of("advise", RUN, "--layer", "9").exitCode()).isEqualTo(WRONG_USAGE);
    }

    @Test
    void compare_withItself_differsInNothing() {
        Run run = Run.of("compare", NSYS, NSYS, "--format", "csv");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out().lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("matched,0,0.00,"));
    }

    @ParameterizedTest
    @CsvSource({ "kernel, Change", "range, Change", "kind, Change", "wall, Part" })
    void compare_byEach_isACsvFileWithItsColumns(String by, String firstColumn) throws IOException {
        Path file = folder.resolve("out.csv");

        Run run = Run.of("compare", PYTORCH, NSYS, "--by", by, "-o", file);

        assertThat(run).isEqualTo(new Run(DONE, "", ""));
        assertThat(Files.readAllLines(file).getFirst()).startsWith(firstColumn + ",");
        assertThat(Files.readAllLines(file).getFirst()).contains("(ns)");
    }

    @Test
    void compare_table_tellsTheTotalsAndWhereTheTimeWent() {
        Run run = Run.of("compare", PYTORCH, NSYS);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).startsWith("Device time: A ").contains("matched", "idle", "overlap");
    }

    @Test
    void compare_profiledKernels_isMetricByMetric() {
        Run run = Run.of("compare", SCALE, RECORDINGS.resolve("ncu/scale_raw.csv.gz"), "--format", "csv");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("gpu__time_duration.sum,ns,5152.0,5152.0,0.0,1.0000");
    }

    @Test
    void compare_timelineAndProfiledKernels_isOneLine() {
        Run run = Run.of("compare", NSYS, SCALE);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).singleElement().asString().contains(NSYS.toString(), SCALE.toString());
    }

    @Test
    void compare_timelinesByMetric_isOneLine() {
        Run run = Run.of("compare", NSYS, NSYS, "--by", "metric");

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("no metrics");
    }

    @Test
    void compare_fileMissing_isOneLineAndNoFile() {
        Path file = folder.resolve("out.csv");

        Run run = Run.of("compare", NSYS, folder.resolve("absent.sqlite"), "-o", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("absent.sqlite");
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "compare | A", "compare x | B", "compare x y --by stream | stream",
            "compare x y --format png | png", "roofline | report", "roofline x --machine H900 | H900",
            "roofline x --format png | -o", "roofline x --format png -o y.svg | .png",
            "roofline x --theme blue | blue" })
    void usage_wrong_isOneLineThatNamesTheProblem(String arguments, String named) {
        Run run = Run.of((Object[]) arguments.split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains(named);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void roofline_machines_areListedWithTheirSources() {
        Run run = Run.of("roofline", "--list-machines");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("H200-measured", "4.280 TB/s", "measured: device-to-device copy", "datasheet: ");
    }

    @Test
    void roofline_timeline_isOneLineThatSaysHowToProfile() {
        Run run = Run.of("roofline", NSYS);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("ncu --set roofline");
    }

    @Test
    void roofline_countersMissing_isOneLineThatNamesThemAndNoFile() {
        Path file = folder.resolve("roofline.svg");

        Run run = Run.of("roofline", SCALE, "-o", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("dram__bytes.sum", "--set roofline");
        assertThat(file).doesNotExist();
    }

    private static Path copyReport() {
        Path corpus = Path.of(java.util.Objects.requireNonNullElse(System.getenv("MOELAB_CORPUS"),
                "../../shared/corpus"));
        Path report = corpus.resolve("h200/jcuda_copy_h200.ncu-rep.gz");
        Assumptions.assumeTrue(Files.exists(report), "skipped: no corpus at " + corpus);
        return report;
    }

    @ParameterizedTest
    @ValueSource(strings = { "svg", "png", "pdf" })
    void roofline_copyAsPicture_isWritten(String ending) throws IOException {
        Path file = folder.resolve("roofline." + ending);

        Run run = Run.of("roofline", copyReport(), "-o", file, "--theme", "dark");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Files.size(file)).isGreaterThan(5_000);
    }

    @Test
    void roofline_copyAsJson_hasRoofsOfTheMachineAskedFor() {
        Run run = Run.of("roofline", copyReport(), "--machine", "h200-measured", "--format", "json");

        JsonNode root = JsonMapper.shared().readTree(run.out());
        assertThat(root.at("/roofs/bytes_per_second/hbm/value").asDouble()).isEqualTo(4.28e12);
        assertThat(root.at("/roofs/bytes_per_second/l2/origin").asString()).isEqualTo("profiler");
        assertThat(root.at("/kernels/0/launches").asInt()).isEqualTo(4);
        assertThat(root.at("/kernels/0/points/0/of_roof").asDouble()).isBetween(0.93, 0.94);
    }

    @Test
    void roofline_single_hasARowForEachLaunchAndLevel() {
        Run run = Run.of("roofline", copyReport(), "--single", "--format", "csv");

        assertThat(Arrays.asList(run.out().split("\n", -1))).hasSize(1 + 4 * 2 + 1);
    }

    @Test
    void roofline_runDirectory_hasTheOperationsOfItsHighestLayerUnderItsOwnCeilings() {
        Run run = Run.of("roofline", RUN, "--format", "json");

        JsonNode root = JsonMapper.shared().readTree(run.out());
        assertThat(root.get("machine").asString()).isEqualTo("NVIDIA H200");
        assertThat(root.at("/roofs/bytes_per_second/hbm/value").asDouble()).isEqualTo(4529485922510.514);
        assertThat(root.at("/roofs/flop_per_second").propertyNames()).containsExactlyInAnyOrder("fp32", "bf16");
        assertThat(root.at("/kernels").size()).isEqualTo(16);
        assertThat(root.at("/kernels/0/name").asString()).isEqualTo("experts/gate and up");
        assertThat(root.at("/kernels/0/basis").asString()).isEqualTo("analytic");
        // 6 768 230 400 bytes in 2 685.696 µs
        assertThat(root.at("/kernels/0/points/0/bytes_per_second").asDouble()).isCloseTo(2.5201e12, within(1e8));
    }

    @Test
    void roofline_runDirectory_layerPhaseAndArrowsAreChosen() throws IOException {
        Path file = folder.resolve("prefill.svg");

        Run run = Run.of("roofline", RUN.resolve("run.json"), "--layer", "3", "--phase", "prefill", "--from",
                "baseline", "-o", file);

        assertThat(run).isEqualTo(new Run(DONE, "", ""));
        assertThat(Files.readString(file)).contains("h200-gpt-oss-20b · layer 3, prefill", "from the baseline",
                "experts/experts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "--layer 9 | has no layer '9'", "--from 9 | has no layer '9'" })
    void roofline_layerThatTheRunLacks_isOneLineWithThoseItHas(String options, String named) {
        Object[] arguments = (RUN + " " + options).split(" ", -1);

        Run run = Run.of(java.util.stream.Stream.concat(java.util.stream.Stream.of("roofline"),
                Arrays.stream(arguments)).toArray());

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(named, "baseline, 1, 2, 3, 4, 5, 6");
    }

    @Test
    void roofline_runWithoutCapturedTimes_isOneLineThatSaysHowToCapture() throws IOException {
        String report = Files.readString(RUN.resolve("run.json")).replaceAll(",\\s*\"time_us\" : [0-9.E]+", "");
        Files.writeString(folder.resolve("run.json"), report);

        Run run = Run.of("roofline", folder);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("16 of 16 operations of layer 6",
                "--profile minimal");
    }
}
