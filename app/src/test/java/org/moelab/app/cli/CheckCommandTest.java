package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;
import static org.moelab.app.cli.CommandLineInterface.WRONG_USAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.run.KeptRun;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `check` and `expect`, from directories to exit codes.
final class CheckCommandTest {
    private static final Path DOCUMENTED = Path.of("../docs/runs/h200-gpt-oss-20b");
    /// The kept run's layer 6, with `attention/out` in decode made half as long again.
    private static final Path PLANTED = Path.of("src/test/resources/org/moelab/app/expectation/planted");

    @TempDir
    Path folder;

    @Test
    void check_ofTheDocumentedRun_passesAndShowsTargetsApart() {
        Run run = Run.of("check", DOCUMENTED);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("0 regressions", "Holm", "Targets of others, published and not measured here",
                "B200", "for another GPU: no ratio is stated");
    }

    @Test
    void check_ofThePlantedRegression_failsAndNamesIt() {
        Run run = Run.of("check", PLANTED, "--against", KeptRun.FOLDER);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString()
                .endsWith("1 regression: layer 6 in decode, attention/out");
        assertThat(run.out()).contains("attention/out regressed", "+50.0 %", "widths of noise", "of the TPOT");
    }

    @Test
    void check_asJson_countsEachVerdict() {
        Run run = Run.of("check", PLANTED, "--against", KeptRun.FOLDER, "--format", "json");

        JsonNode root = JsonMapper.shared().readTree(run.out());
        assertThat(root.get("regressed").asBoolean()).isTrue();
        assertThat(root.at("/counts/regressed").asInt()).isEqualTo(1);
        assertThat(root.get("comparisons").size()).isEqualTo(root.at("/counts/regressed").asInt()
                + root.at("/counts/improved").asInt() + root.at("/counts/too_small").asInt()
                + root.at("/counts/within_noise").asInt());
    }

    @Test
    void check_intoACsvFile_holdsEveryComparison() throws IOException {
        Path file = folder.resolve("check.csv");

        Run run = Run.of("check", PLANTED, "--against", KeptRun.FOLDER, "-o", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(Files.readAllLines(file)).hasSizeGreaterThan(30).first().asString().startsWith("Layer,Phase");
    }

    @Test
    void check_ofNothingComparable_isNeitherPassedNorFailed() {
        Path tiny = folder.resolve("tiny");
        assertThat(Run.of("run", "--model", "tiny", "--device", "cpu", "--layers", "0", "--batch", "1", "--prompt", "4",
                "--generate", "3", "-o", tiny).exitCode()).isEqualTo(DONE);

        Run run = Run.of("check", tiny);

        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).singleElement().asString().contains("nothing to compare", "tiny", "NVIDIA H200");

        // a run is like itself, whatever it ran on
        assertThat(Run.of("check", tiny, "--against", tiny).exitCode()).isEqualTo(DONE);
    }

    @Test
    void expect_ofOneRunTwice_isRefused() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.copy(KeptRun.FOLDER.resolve("run.json"), copy.resolve("run.json"));

        Run run = Run.of("expect", KeptRun.FOLDER, copy);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).singleElement().asString().contains(copy.toString(), "was named already");
    }

    @ParameterizedTest
    @CsvSource({ "ttft_ms,ttft_ms is missing", "workload,workload is missing", "least_noise,with version" })
    void check_againstAFileThatLacksAField_saysWhich(String field, String problem) throws IOException {
        Path file = folder.resolve("expectations.json");
        assertThat(Run.of("expect", KeptRun.FOLDER, "-o", file).exitCode()).isEqualTo(DONE);
        Files.writeString(file, Files.readString(file).replaceFirst("\"" + field + "\" :", "\"gone\" :"));

        Run run = Run.of("check", KeptRun.FOLDER, "--against", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(file.toString(), problem);
    }

    @Test
    void check_againstAFileThatHoldsALayerTwice_isRefused() throws IOException {
        Path file = folder.resolve("expectations.json");
        assertThat(Run.of("expect", KeptRun.FOLDER, "-o", file).exitCode()).isEqualTo(DONE);
        Files.writeString(file,
                Files.readString(file).replaceFirst("\"layer\" : \"1\"", "\"layer\" : \"baseline\""));

        Run run = Run.of("check", KeptRun.FOLDER, "--against", file);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().endsWith("layer baseline is there twice");
    }

    @Test
    void expect_ofRuns_isWhatCheckReads() {
        Path file = folder.resolve("expectations.json");

        Run run = Run.of("expect", KeptRun.FOLDER, "-o", file);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.err()).contains("TPOT 2.0 % (assumed)");
        assertThat(Run.of("check", PLANTED, "--against", file).exitCode()).isEqualTo(FAILED);
        assertThat(Run.of("check", KeptRun.FOLDER, "--against", file).exitCode()).isEqualTo(DONE);
    }

    @Test
    void input_thatIsNoRun_isOneLineAndLeavesNothing() throws IOException {
        Path file = folder.resolve("expectations.json");

        assertThat(Run.of("expect", folder, "-o", file).errLines()).singleElement().asString().contains("run.json");
        assertThat(file).doesNotExist();

        Files.writeString(file, "{\"version\": 1}");
        Run run = Run.of("check", DOCUMENTED, "--against", file);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(file.toString(), "moelab expect");
    }
}
