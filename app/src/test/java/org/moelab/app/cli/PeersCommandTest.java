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
import org.moelab.app.expectation.Documented;
import org.moelab.app.run.KeptRun;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `peers` on files of our own, whose figures are made up.
final class PeersCommandTest {
    private static final Path FILES = Path.of("src/test/resources/org/moelab/app/peers");
    private static final Path LLAMA = FILES.resolve("llama-bench.md");
    private static final Path VLLM = FILES.resolve("vllm-serve.json");

    @TempDir
    Path folder;

    @Test
    void peers_ofSeveralTools_areOneTable() {
        Run run = Run.of("peers", LLAMA, VLLM, FILES.resolve("genai-perf.json"));

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("llama-bench", "vLLM bench serve", "GenAI-Perf", "Prefill (tok/s)");
        assertThat(run.out()).doesNotContain("TPOT P95"); // a column that no file fills
    }

    @Test
    void peers_besideARun_sayWhatDiffers() {
        Run run = Run.of("peers", VLLM, "--beside", KeptRun.FOLDER);

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).contains("Beside h200-gpt-oss-20b, layer 6", "GPU not told; precision not told");
    }

    @Test
    void peers_asJson_areAsTheSchemaSaysAndHoldRatios() throws IOException {
        Run run = Run.of("peers", VLLM, FILES.resolve("llama-batched-bench.jsonl"), "--beside", KeptRun.FOLDER, "--gpu",
                "H200", "--precision", "MXFP4", "--format", "json");

        JsonNode root = JsonMapper.shared().readTree(run.out());
        assertThat(Documented.faults(run.out(), "peers.schema.json")).isEmpty();
        assertThat(root.get("results").size()).isEqualTo(3);
        assertThat(root.get("beside").valueStream().filter(b -> b.has("ours_as_fast"))).isNotEmpty()
                .allMatch(b -> b.get("result").asInt() == 0 && b.get("differs").isEmpty());
    }

    @Test
    void peers_ofARunsFolder_needNoFile() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("run"));
        Files.copy(KeptRun.FOLDER.resolve("run.json"), copy.resolve("run.json"));
        assertThat(Run.of("peers", "--beside", copy).errLines()).singleElement().asString().contains("peers");

        Files.createDirectory(copy.resolve("peers"));
        Files.copy(VLLM, copy.resolve("peers/vllm.json"));
        Run run = Run.of("peers", "--beside", copy, "--layer", "5", "--format", "csv");

        assertThat(run.exitCode()).isEqualTo(DONE);
        assertThat(run.out()).startsWith("Tool,Measure,Unit,Theirs,Ours,Ours as Fast").contains("vllm.json");
    }

    @Test
    void peers_ofAnUnknownFile_isOneLineAndLeavesNothing() throws IOException {
        Path unknown = Files.writeString(folder.resolve("unknown.json"), "{}");
        Path out = folder.resolve("out.csv");

        Run run = Run.of("peers", LLAMA, unknown, "-o", out);

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains(unknown.toString(), "looked for llama-bench");
        assertThat(out).doesNotExist();
    }

    @Test
    void peers_ofNothing_isWrongUsage() {
        assertThat(Run.of("peers").exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(Run.of("peers", VLLM, "--beside", KeptRun.FOLDER, "--layer", "9").exitCode())
                .isEqualTo(WRONG_USAGE);
    }
}
