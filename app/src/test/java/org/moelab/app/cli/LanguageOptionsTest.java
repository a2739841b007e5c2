package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;
import static org.moelab.app.cli.CommandLineInterface.WRONG_USAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.language.TestEndpoint;
import org.moelab.app.run.KeptRun;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `advise --llm-analysis` against a server on this machine.
final class LanguageOptionsTest {
    private static final String ANSWER = "{\"choices\": [{\"message\": {\"content\": \"Try \\u001b[31mgraphs\"}}]}";

    @TempDir
    Path folder;

    private TestEndpoint server;

    @BeforeEach
    void start() throws IOException {
        server = new TestEndpoint();
        Files.copy(KeptRun.FOLDER.resolve("run.json"), folder.resolve("run.json"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run advise(String... more) {
        Object[] arguments = Stream
                .concat(Stream.of("advise", folder, "--llm-analysis", "--llm-endpoint",
                        server.address(), "--llm-model", "m"), Stream.of(more))
                .toArray();
        return Run.of(arguments);
    }

    @Test
    void agreedTo_answerIsMarked_andExactlyWhatWasShownWasSent() {
        server.then(200, ANSWER);

        Run run = advise("--yes");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("Far from its floor",
                "Written by a language model, not measured (m at localhost):", "Try  [31mgraphs");
        String body = server.received().getFirst().body();
        JsonNode messages = JsonMapper.shared().readTree(body).path("messages");
        String shown = run.err().lines().map(String::strip).reduce("", (a, b) -> a + "\n" + b);
        assertThat(messages.size()).isEqualTo(2);
        for (JsonNode message : messages) {
            assertThat(message.path("content").asString().lines().map(String::strip)).allMatch(shown::contains);
        }
        assertThat(body).doesNotContain(folder.getFileName().toString());
        assertThat(folder.resolve("llm-analysis.md")).doesNotExist();
    }

    @Test
    void nobodyAtTheTerminal_nothingIsSentWithoutYes() {
        server.then(200, ANSWER);

        Run run = advise();

        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains("--yes is missing");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void kept_answerIsInTheRunDirectory() throws IOException {
        server.then(200, ANSWER);

        Run run = advise("--yes", "--llm-keep");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(Files.readString(folder.resolve("llm-analysis.md"))).startsWith("> Written by a language model");
    }

    @Test
    void endpointThatFails_findingsAreThereAllTheSame() throws IOException {
        server.then(400, "{\"error\": {\"message\": \"no such model\"}}");

        Run run = advise("--yes", "--llm-keep");

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.out()).contains("Far from its floor");
        assertThat(run.errLines()).last().asString()
                .matches("moelab: --llm-analysis: localhost:\\d+: status 400: no such model");
        assertThat(Run.filesIn(folder)).containsExactly("run.json");
    }

    private Run asked(Object... arguments) {
        return Run.of(Stream.concat(Stream.of(arguments), Stream.of("--llm-analysis", "--llm-endpoint",
                server.address(), "--llm-model", "m", "--yes")).toArray());
    }

    @Test
    void report_keepsTheAnswer_andShowsItAsThat() throws IOException {
        server.then(200, ANSWER);
        Path file = folder.resolve("r.html");

        Run run = asked("report", folder, "-o", file);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).isEqualTo(file + "\n");
        assertThat(Run.filesIn(folder)).containsExactly("llm-analysis.md", "r.html", "run.json");
        assertThat(Files.readString(file)).contains("By a language model, not measured",
                "Written by a language model, not measured (m at localhost).");
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void report_endpointThatFails_isThereAllTheSame() throws IOException {
        server.then(400, "{\"error\": {\"message\": \"no such model\"}}");

        Run run = asked("report", folder, "-o", folder.resolve("r.html"));

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).last().asString()
                .matches("moelab: --llm-analysis: localhost:\\d+: status 400: no such model");
        assertThat(Run.filesIn(folder)).containsExactly("r.html", "run.json");
        assertThat(Files.readString(folder.resolve("r.html"))).doesNotContain("By a language model");
    }

    @Test
    void report_ofTwoRuns_asksNobody() {
        Run run = asked("report", folder, KeptRun.WITH_LOADS, "-o", folder.resolve("r.html"));

        assertThat(run.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(run.errLines()).singleElement().asString().contains("one run directory");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void analyze_asksInTheEnd_andReportsTheAnswer() throws IOException {
        server.then(200, ANSWER);
        Path run = folder.resolve("analysis");

        Run done = asked("analyze", "--device", "cpu", "--prompt", "3", "--generate", "2", "--repeats", "1", "--sweep",
                "none", "-o", run);

        assertThat(done.exitCode()).isEqualTo(DONE);
        assertThat(Run.filesIn(run)).containsExactly("llm-analysis.md", "report.html", "run.json");
        assertThat(Files.readString(run.resolve("report.html"))).contains("(m at localhost)");
    }

    @Test
    void analyze_endpointThatCannotBeAsked_isRefusedBeforeAnythingRuns() {
        Path run = folder.resolve("analysis");

        Run done = Run.of("analyze", "--device", "cpu", "-o", run, "--llm-analysis", "--llm-endpoint", "ftp://host",
                "--llm-model", "m", "--yes");

        assertThat(done.exitCode()).isEqualTo(FAILED);
        assertThat(done.errLines()).singleElement().asString().contains("--llm-analysis", "no address");
        assertThat(run).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = { "--format json", "--llm-kind latin", "--llm-timeout 0" })
    void options_thatMeanNothing_areWrongUsage(String options) {
        server.then(200, ANSWER);
        String[] more = ("--yes " + options).split(" ", -1);

        assertThat(advise(more).exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void options_withoutAskingOrModel_areWrongUsage() {
        assertThat(Run.of("advise", folder, "--llm-model", "m").exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(Run.of("advise", folder, "--llm-analysis", "--yes").errLines()).singleElement().asString()
                .contains("--llm-endpoint", "--llm-model");
        assertThat(Run.of("advise", "a", "b", "--llm-analysis", "--llm-endpoint", "http://localhost:1", "--llm-model",
                "m", "--yes", "--llm-keep").errLines()).singleElement().asString().contains("one run directory");
    }

    @ParameterizedTest
    @CsvSource({ "y, true", "' YES ', true", "n, false", "'', false", "yesterday, false" })
    void person_agrees_byYesAlone(String line, boolean agrees) {
        assertThat(LanguageOptions.agrees(line)).isEqualTo(agrees);
    }

    @Test
    void person_atTheEndOfInput_doesNotAgree() {
        assertThat(LanguageOptions.agrees(null)).isFalse();
    }
}
