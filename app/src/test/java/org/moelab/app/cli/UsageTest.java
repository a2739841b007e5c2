package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.WRONG_USAGE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.Reports;

final class UsageTest {
    @Test
    void version_asked_isOneLineOnOut() {
        Run run = Run.of("--version");
        assertThat(run).isEqualTo(new Run(DONE, "MoE Lab " + Version.number() + "\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = { "doctor", "info", "stats", "compare", "roofline", "advise", "report", "check", "expect",
            "peers", "convert", "run", "analyze", "ablate", "gui" })
    void help_ofEveryVerb_isOnOutAndTellsTheExitCodes(String verb) {
        Run run = Run.of(verb, "--help");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).startsWith("Usage: moelab " + verb).contains("0 done, 1 failed, 2 wrong usage");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void help_ofTheProgram_namesEveryVerb() {
        assertThat(Run.of("--help").out()).contains("doctor", "info", "stats", "compare", "roofline", "advise",
                "report", "check", "expect", "peers", "convert", "run", "analyze", "ablate", "gui")
                .doesNotContain("  " + ProfiledCommand.NAME);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "frobnicate | frobnicate is neither a verb nor a file",
            "info | FILE",
            "info --jsno x | --jsno",
            "stats | recording",
            "stats x | --report",
            "stats x --report no_such_report | no_such_report",
            "stats x --report gpu_kernels --format xml | xml",
            "stats x --report gpu_kernels,ncu_kernels --format csv | folder",
            "stats x --report gpu_kernels --rounding up | up",
            "check | RUN",
            "check x --format xml | xml",
            "expect | DIR",
            "peers | --beside",
            "convert x | --output",
            "convert x -o y.txt | y.txt" })
    void usage_wrong_isOneLineThatNamesTheProblem(String arguments, String named) {
        Run run = Run.of((Object[]) arguments.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains(named).contains("--help");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void file_withoutAVerb_isOpened(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("capture.sqlite"));

        Run run = Run.of("--verbose", file, "--help");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).startsWith("Usage: moelab gui");
    }

    @Test
    void plainWindow_ofFilesOrNothing_needsNoParser(@TempDir Path folder) throws IOException {
        String file = Files.createFile(folder.resolve("capture.sqlite")).toString();
        Terminal terminal = Terminal.to(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

        assertThat(GuiCommand.plain(terminal)).isPresent();
        assertThat(GuiCommand.plain(terminal, "gui")).isPresent();
        assertThat(GuiCommand.plain(terminal, file, file)).isPresent();
        assertThat(GuiCommand.plain(terminal, "gui", file, "--measure-start")).isPresent();
    }

    @Test
    void plainWindow_ofOptionsVerbsOrWhatIsNoFile_isLeftToTheParser(@TempDir Path folder) throws IOException {
        String file = Files.createFile(folder.resolve("capture.sqlite")).toString();
        Terminal terminal = Terminal.to(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

        for (String[] arguments : List.<String[]>of(new String[] { "--help" }, new String[] { "gui", "--help" },
                new String[] { "info" }, new String[] { "info", file }, new String[] { "gui", file + "x" },
                new String[] { "--verbose", file }, new String[] { "frobnicate" }, new String[] { "src" },
                new String[] { file, "--help" }, new String[] { "@" + file })) {
            assertThat(GuiCommand.plain(terminal, arguments)).as("%s", List.of(arguments)).isEmpty();
        }
    }

    @Test
    void stats_list_namesEveryReportOnce() {
        Run run = Run.of("stats", "--list");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactlyElementsOf(Reports.all().stream().map(Report::name).toList());
    }

    @Test
    void doctor_json_namesWhatWasLookedFor() {
        Run run = Run.of("doctor", "--json");
        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("\"id\" : \"java\"", "\"id\" : \"driver\"", "\"id\" : \"nsys\"",
                "\"id\" : \"ncu\"", "\"id\" : \"display\"");
    }
}
