package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.Main;
import org.moelab.app.build.ServerArchive;

/// Verbs on a Java that has no more modules than that of the archive for servers: a class that draws must not be touched.
final class VerbsWithoutDesktopTest {
    @TempDir
    private Path folder = Path.of("");

    /// What the verb wrote, once it has ended well.
    private static String output(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--limit-modules",
                String.join(",", ServerArchive.MODULES), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(DONE);
        return said;
    }

    @Test
    void report_ofARunWithSweeps_hasTheirTablesAndSaysThatChartsAreMissing() throws Exception {
        Path report = folder.resolve("report.html");

        output("report", "../docs/runs/h200-gpt-oss-20b", "-o", report.toString());

        assertThat(Files.readString(report)).contains("By batch").doesNotContain("<svg").contains("Without charts");
    }

    @Test
    void analyze_onTheProcessor_writesRunSweepsAndReport() throws Exception {
        Path run = folder.resolve("run");

        String said = output("analyze", "--quick", "--model", "tiny", "--device", "cpu", "--layers", "0", "--prompt",
                "4",
                "--generate", "3", "--repeats", "1", "--sweep", "batch=1,2", "-o", run.toString());

        assertThat(said).contains("tok/s");
        assertThat(run.resolve("report.html")).isNotEmptyFile();
        assertThat(run.resolve("sweeps.json")).isNotEmptyFile();
    }
}
