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
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.run.KeptRun;

/// `report` on kept runs.
final class ReportCommandTest {
    private static final Path RUN = KeptRun.WITH_LOADS;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = { "r.html", "r.pdf", "R.HTML" })
    void report_ofARun_isOneFileThatIsNamed(String name) throws IOException {
        Path file = folder.resolve(name);
        Run run = Run.of("report", RUN, "-o", file);
        assertThat(run).isEqualTo(new Run(DONE, file + "\n", ""));
        assertThat(Run.filesIn(folder)).containsExactly(name);
    }

    @Test
    void report_asMarkdown_hasItsChartsBesideIt() throws IOException {
        Run run = Run.of("report", RUN.resolve("run.json"), "-o", folder.resolve("r.md"), "--format", "md");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Run.filesIn(folder)).contains("r.md", "r_files/roofline-decode.svg");
    }

    @Test
    void report_ofTwoRuns_comparesThem() throws IOException {
        Path file = folder.resolve("r.html");
        Run run = Run.of("report", KeptRun.FOLDER, RUN, "-o", file);
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Files.readString(file)).contains("<h1>Run h200-gpt-oss-20b-loads against h200-gpt-oss-20b</h1>",
                "Operation by operation");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "report R -o r.docx | .html, .md, .pdf",
            "report R -o r | .html, .md, .pdf",
            "report R | --output",
            "report -o r.html | DIR",
            "report R R R -o r.html | not 3",
            "report R -o r.html --format pdf | --format pdf" })
    void usage_wrong_isOneLineThatNamesTheProblem(String arguments, String named) throws IOException {
        Object[] given = arguments.replace("R ", RUN + " ").replace(" r", " " + folder.resolve("r")).split(" ", -1);
        given[0] = "report";
        Run run = Run.of(given);
        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains(named);
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void report_ofNoRun_namesTheFileThatIsMissing() throws IOException {
        Run run = Run.of("report", folder, "-o", folder.resolve("r.html"));
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("run.json").contains("no such file");
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void report_ofADamagedRun_namesTheFile() throws IOException {
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        Files.writeString(damaged.resolve("run.json"), "{ \"version\": 2, ");
        Run run = Run.of("report", damaged, "-o", folder.resolve("r.pdf"));
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(damaged.resolve("run.json").toString());
        assertThat(Run.filesIn(folder)).containsExactly("damaged/run.json");
    }

    @Test
    void report_ontoAFolder_saysSoAndLeavesNothing() throws IOException {
        Path file = Files.createDirectory(folder.resolve("r.html"));
        Run run = Run.of("report", RUN, "-o", file);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(file.toString()).contains("is a directory");
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void report_ofAnIncompleteRun_isMarked() throws IOException {
        Path incomplete = Files.createDirectory(folder.resolve("incomplete"));
        Files.writeString(incomplete.resolve("run.json"),
                Files.readString(RUN.resolve("run.json")).replaceFirst("\"complete\" : true", "\"complete\" : false"));
        Path file = folder.resolve("r.html");
        Run run = Run.of("report", incomplete, "-o", file);
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Files.readString(file)).contains("<b>Note:</b> Incomplete: the run did not come to its end");
    }
}
