package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.moelab.app.cli.CommandLineInterface.DONE;
import static org.moelab.app.cli.CommandLineInterface.FAILED;
import static org.moelab.app.cli.CommandLineInterface.WRONG_USAGE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExportCheckpointCommandTest {
    @TempDir
    Path folder;

    @Test
    void exportCheckpoint_aRandomModel_givesTheSameLogitsWhenOpened() throws IOException {
        Path exported = folder.resolve("tiny");

        Run run = Run.of("export-checkpoint", "--model", "tiny", "-o", exported);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(DONE);
        assertThat(run.out().strip()).isEqualTo(exported.toString());
        assertThat(Run.filesIn(folder)).containsExactly("tiny/config.json", "tiny/generation_config.json",
                "tiny/model.safetensors");
        assertThat(logits(exported.toString())).isEqualTo(logits("tiny"));
    }

    @Test
    void generate_withALogitsFile_saysBesideItWhatTheRowsAre() throws IOException {
        byte[] logits = logits("tiny");

        JsonNode about = JsonMapper.shared().readTree(folder.resolve("logits.f32.json"));
        assertThat(about.path("rows").asInt()).isEqualTo(4); // two of the prompt, three generated but the last
        assertThat(about.path("columns").asInt()).isEqualTo(1024);
        assertThat(about.path("dtype").asString()).isEqualTo("float32");
        assertThat(about.path("prompt_ids")).hasSize(2);
        assertThat(about.path("generated_ids")).hasSize(3);
        assertThat(logits).hasSize(4 * 1024 * 4);
        int layers = about.path("model_layers").asInt();
        int chosen = about.path("chosen").asInt();
        IntBuffer experts = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("logits.f32.experts")))
                .order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        assertThat(experts.remaining()).isEqualTo(4 * layers * chosen).isPositive();
        for (int[] row = new int[chosen]; experts.hasRemaining();) {
            experts.get(row);
            assertThat(row).doesNotHaveDuplicates();
            assertThat(Arrays.stream(row).boxed().toList()).allMatch(e -> e >= 0 && e < 32);
        }
    }

    @Test
    void exportCheckpoint_anotherSeed_givesOtherWeights() throws IOException {
        Run.of("export-checkpoint", "--model", "tiny", "--first-layers", "1", "-o", folder.resolve("a"));
        Run.of("export-checkpoint", "--model", "tiny", "--first-layers", "1", "--seed", "7", "-o", folder.resolve("b"));

        Path weights = Path.of("model.safetensors");
        assertThat(Files.size(folder.resolve("a").resolve(weights)))
                .isEqualTo(Files.size(folder.resolve("b").resolve(weights)));
        assertThat(Files.mismatch(folder.resolve("a").resolve(weights), folder.resolve("b").resolve(weights)))
                .isPositive();
    }

    @Test
    void exportCheckpoint_whatCannotBe_isOneLineAndNothingIsLeft() throws IOException {
        Run there = Run.of("export-checkpoint", "--model", "tiny", "-o", folder.resolve("no/where"));
        assertThat(there.exitCode()).isEqualTo(FAILED);
        assertThat(there.errLines()).singleElement().asString().contains("no/where").contains("no such folder");

        Run layers = Run.of("export-checkpoint", "--model", "tiny", "--first-layers", "9", "-o", folder.resolve("x"));
        assertThat(layers.exitCode()).isEqualTo(FAILED);
        assertThat(layers.errLines()).singleElement().asString().contains("has 4 layers");

        assertThat(Run.of("export-checkpoint", "--model", "tiny").exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(Run.filesIn(folder)).isEmpty();
    }

    @Test
    void generate_textWithoutATokenizer_isRefusedInOneLine() {
        for (String option : new String[] { "--prompt", "--chat" }) {
            Run run = Run.of("generate", "--model", "tiny", option, "hello");
            assertThat(run.exitCode()).isEqualTo(FAILED);
            assertThat(run.errLines()).singleElement().asString().contains("1024 tokens").contains("--prompt-ids");
        }
        Run both = Run.of("generate", "--model", "tiny", "--prompt", "hello", "--prompt-ids", "1");
        assertThat(both.exitCode()).isEqualTo(WRONG_USAGE);
        assertThat(Run.of("generate", "--model", "tiny").exitCode()).isEqualTo(WRONG_USAGE);
    }

    private byte[] logits(String model) throws IOException {
        Path file = folder.resolve("logits.f32");
        Run run = Run.of("generate", "--model", model, "--device", "cpu", "--prompt-ids", "5,7", "--max-new", "3",
                "--logits-file", file);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(DONE);
        return Files.readAllBytes(file);
    }
}
