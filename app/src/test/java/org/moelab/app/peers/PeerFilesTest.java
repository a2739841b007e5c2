package org.moelab.app.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of our own in the formats of others, with figures that are made up.
final class PeerFilesTest {
    static final Path FILES = Path.of("src/test/resources/org/moelab/app/peers");

    @TempDir
    Path folder;

    static List<PeerResult> read(String name) {
        try {
            return PeerFiles.read(FILES.resolve(name)).results();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void llamaBench_prompt_isAPrefillRate() {
        PeerResult prompt = read("llama-bench.jsonl").getFirst();

        assertThat(prompt.tool()).isEqualTo("llama-bench");
        assertThat(prompt.version()).contains("0000made (1)");
        assertThat(prompt.setup().model()).contains("gpt-oss 20B");
        assertThat(prompt.setup().precision()).contains("MXFP4 MoE");
        assertThat(prompt.setup().gpu()).contains("NVIDIA H200");
        assertThat(prompt.setup().sequences()).contains(1);
        assertThat(prompt.setup().prompt()).contains(512.0);
        assertThat(prompt.rates().prefill()).contains(10000.0);
        assertThat(prompt.rates().decodeTotal()).isEmpty();
        assertThat(prompt.ttftMs().mean().orElseThrow()).isCloseTo(51.2, within(1e-9));
    }

    @Test
    void llamaBench_newTokensAfterADepth_areADecodeRateWithThatContext() {
        PeerResult tokens = read("llama-bench.jsonl").get(1);

        assertThat(tokens.setup().context()).contains(512.0);
        assertThat(tokens.setup().prompt()).isEmpty();
        assertThat(tokens.setup().generated()).contains(128.0);
        assertThat(tokens.rates().decodeSequence()).contains(250.0);
        assertThat(tokens.rates().prefill()).isEmpty();
        assertThat(tokens.tpotMs().mean().orElseThrow()).isCloseTo(4, within(1e-9));
    }

    @Test
    void llamaBench_asCsvAndMarkdown_holdsTheSameRates() {
        assertThat(read("llama-bench.csv")).extracting(r -> r.rates().prefill().or(() -> r.rates().decodeTotal()))
                .containsExactly(Optional.of(10000.0), Optional.of(250.0));
        assertThat(read("llama-bench.csv").getFirst().setup().model()).contains("qwen3moe 30B.A3B");
        assertThat(read("llama-bench.csv").getFirst().setup().precision()).contains("Q4_K - Medium");

        List<PeerResult> markdown = read("llama-bench.md");
        assertThat(markdown).extracting(r -> r.rates().prefill().or(() -> r.rates().decodeTotal()))
                .containsExactly(Optional.of(10000.0), Optional.of(250.0));
        assertThat(markdown.get(1).setup().context()).contains(512.0);
        assertThat(markdown.getFirst().version()).contains("0000made (1)");
    }

    @ParameterizedTest
    @ValueSource(strings = { "llama-batched-bench.jsonl", "llama-batched-bench.txt" })
    void llamaBatchedBench_rates_areOfTheBatchAndOfOne(String file) {
        PeerResult batch = read(file).getFirst();

        assertThat(batch.tool()).isEqualTo("llama-batched-bench");
        assertThat(batch.setup().sequences()).contains(8);
        assertThat(batch.rates().prefill()).contains(10000.0);
        assertThat(batch.rates().decodeTotal()).contains(1000.0);
        assertThat(batch.rates().decodeSequence()).contains(125.0);
        assertThat(batch.tpotMs().mean().orElseThrow()).isCloseTo(8, within(1e-9));
    }

    @Test
    void llamaBatchedBench_promptShared_hasNoPrefillRate() {
        PeerResult shared = read("llama-batched-bench.jsonl").get(1);

        assertThat(shared.rates().prefill()).isEmpty();
        assertThat(shared.ttftMs().isStated()).isFalse();
        assertThat(shared.notes()).contains("one prompt for all sequences");
    }

    @Test
    void vllmServe_figures_areRequestsMeansAndPercentiles() {
        PeerResult serve = read("vllm-serve.json").getFirst();

        assertThat(serve.tool()).isEqualTo("vLLM bench serve");
        assertThat(serve.setup()).isEqualTo(new PeerSetup(Optional.of("openai/gpt-oss-20b"), Optional.empty(),
                Optional.of(1), true, Optional.of(512.0), Optional.of(512.0), Optional.of(128.0), Optional.empty()));
        assertThat(serve.ttftMs()).isEqualTo(
                new Latency(Optional.of(30.0), Optional.of(29.0), Optional.empty(), Optional.empty(),
                        Optional.of(40.0)));
        assertThat(serve.tpotMs().p50()).contains(4.0);
        assertThat(serve.requestMs().p99()).contains(600.0);
        assertThat(serve.rates().output()).contains(128.0);
        assertThat(serve.rates().decodeSequence()).contains(250.0);
        assertThat(serve.rates().decodeTotal()).isEmpty();
    }

    @Test
    void vllmThroughputAndLatency_sizes_areNotGuessed() {
        PeerResult throughput = read("vllm-throughput.json").getFirst();
        assertThat(throughput.rates().overall()).contains(6400.0);
        assertThat(throughput.setup().prompt()).isEmpty();

        PeerResult latency = read("vllm-latency.json").getFirst();
        assertThat(latency.requestMs().mean().orElseThrow()).isCloseTo(550, within(1e-9));
        assertThat(latency.requestMs().p90().orElseThrow()).isCloseTo(558, within(1e-9));
        assertThat(latency.setup().sequences()).isEmpty();
    }

    @Test
    void sglangServing_server_tellsModelVersionAndPrecision() {
        PeerResult serving = read("sglang-serving.jsonl").getFirst();

        assertThat(serving.tool()).isEqualTo("SGLang bench_serving");
        assertThat(serving.version()).contains("0.0.0-made-up");
        assertThat(serving.setup().model()).contains("openai/gpt-oss-20b");
        assertThat(serving.setup().precision()).contains("mxfp4");
        assertThat(serving.itlMs().p95()).contains(6.1);
        assertThat(serving.requestMs().p50()).contains(690.0);
        assertThat(serving.notes()).contains("requests arrived at 4.0 a second");
    }

    @Test
    void sglangOneBatch_bothForms_haveTheSameRates() {
        assertThat(read("sglang-one-batch.jsonl")).extracting(PeerResult::rates)
                .allSatisfy(r -> assertThat(r).isEqualTo(new PeerResult.Rates(Optional.of(10000.0),
                        Optional.of(125.0), Optional.of(1000.0), Optional.empty(), Optional.of(3580.0))));
        assertThat(read("sglang-one-batch.jsonl")).extracting(PeerResult::tool)
                .containsExactly("SGLang bench_one_batch", "SGLang bench_one_batch_server");
        assertThat(read("sglang-one-batch.jsonl")).allSatisfy(
                r -> assertThat(r.tpotMs().typical().orElseThrow()).isCloseTo(8, within(1e-9)));
    }

    @Test
    void genAiPerf_asJsonAndCsv_holdsTheSameLatencies() {
        PeerResult json = read("genai-perf.json").getFirst();
        PeerResult csv = read("genai-perf.csv").getFirst();

        assertThat(csv.itlMs()).isEqualTo(json.itlMs());
        assertThat(csv.requestMs()).isEqualTo(json.requestMs());
        assertThat(csv.rates()).isEqualTo(json.rates());
        assertThat(csv.ttftMs().mean()).contains(1031.0);
        assertThat(json.setup().model()).contains("openai/gpt-oss-20b");
        assertThat(json.setup().sequences()).contains(1);
        assertThat(csv.setup().sequences()).isEmpty();
        assertThat(json.rates().decodeSequence()).contains(250.0);
    }

    @ParameterizedTest
    @ValueSource(strings = { "aiperf-first.json", "aiperf-phases.json" })
    void aiperf_ofEitherConfiguration_tellsModelAndConcurrencyOfWhatWasMeasured(String file) {
        PeerResult result = read(file).getFirst();

        assertThat(result.tool()).isEqualTo("AIPerf");
        assertThat(result.setup().model()).contains("openai/gpt-oss-20b");
        assertThat(result.setup().sequences()).contains(4);
        assertThat(result.setup().prompt()).contains(512.0);
        assertThat(result.ttftMs().p90()).contains(23.0);
        assertThat(result.rates().decodeSequence()).contains(330.0);
        assertThat(result.rates().output()).contains(320.0);
    }

    @Test
    void aiperf_thatWasCancelledOrFailed_saysSo() {
        assertThat(read("aiperf-first.json").getFirst().notes()).containsExactly("2.5 requests a second");
        assertThat(read("aiperf-first.json").getFirst().version()).isEmpty();
        PeerResult result = read("aiperf-phases.json").getFirst();
        assertThat(result.version()).contains("0.13.0");
        assertThat(result.notes()).containsExactly("3 requests failed", "ended before all requests were answered",
                "2.5 requests a second");
    }

    @Test
    void sglangServing_bySpeculativeDecoding_saysSo() throws IOException {
        String line = Files.readString(FILES.resolve("sglang-serving.jsonl")).lines().findFirst().orElseThrow();
        Path file = folder.resolve("speculative.jsonl");
        assertThat(line).contains("\"accept_length\"");
        Files.writeString(file, line.replaceFirst("\"accept_length\": [^,}]+", "\"accept_length\": 2.5"));
        assertThat(PeerFiles.read(file).results().getFirst().notes())
                .contains("by speculative decoding, 2.5 tokens a step");
        assertThat(read("sglang-serving.jsonl").getFirst().notes()).noneMatch(note -> note.contains("speculative"));
    }

    @Test
    void linesThatHoldNoResult_areCounted() throws IOException {
        assertThat(PeerFiles.read(FILES.resolve("llama-bench.jsonl")).warnings()).singleElement().asString()
                .contains("1 lines or rows");
    }

    @Test
    void otherFile_isOneLineThatNamesWhatWasLookedFor() throws IOException {
        Path file = folder.resolve("other.json");
        for (String content : List.of("{\"a\": 1}", "[]", "", "a,b\n1,2\n", "{", "nothing at all",
                "{\"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": \"NaN\"}")) {
            Files.writeString(file, content);

            assertThatThrownBy(() -> PeerFiles.read(file)).isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file.toString()).hasMessageContaining("llama-bench")
                    .hasMessageContaining("vLLM bench serve").hasMessageContaining("SGLang bench_one_batch")
                    .hasMessageContaining("GenAI-Perf").message().doesNotContain("\n");
        }
        Files.write(file, new byte[] { (byte) 0xff, (byte) 0xfe, 0 });
        assertThatThrownBy(() -> PeerFiles.read(file)).hasMessage(file + ": is not text");
    }

    @Test
    void ofRun_readsItsFolderAndTellsWhatItCannotRead() throws IOException {
        assertThat(PeerFiles.ofRun(folder).results()).isEmpty();

        Path peers = Files.createDirectory(folder.resolve("peers"));
        Files.copy(FILES.resolve("vllm-serve.json"), peers.resolve("b.json"));
        Files.copy(FILES.resolve("genai-perf.csv"), peers.resolve("a.csv"));
        Files.writeString(peers.resolve("c.txt"), "something else");

        PeerFiles.Contents contents = PeerFiles.ofRun(folder);
        assertThat(contents.results()).extracting(PeerResult::source).containsExactly("a.csv", "b.json");
        assertThat(contents.warnings()).singleElement().asString().contains("c.txt");
    }
}
