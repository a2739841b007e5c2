package org.moelab.app.peers;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the results of other engines' benchmarks. A file is known by what it holds, never by its name.
public final class PeerFiles {
    /// A run directory's folder for them: every file in it is one.
    public static final String FOLDER = "peers";

    private static final List<Format> FORMATS = List.of(
            new Format("llama-bench (n_prompt, n_gen, avg_ts)", LlamaCpp::isBench, LlamaCpp::bench),
            new Format("llama-batched-bench (pp, tg, pl, speed_tg)", LlamaCpp::isBatchedBench, LlamaCpp::batchedBench),
            new Format("vLLM bench serve (model_id, output_throughput)", Vllm::isServe, Vllm::serve),
            new Format("vLLM bench throughput (elapsed_time, tokens_per_second)", Vllm::isThroughput,
                    Vllm::throughput),
            new Format("vLLM bench latency (avg_latency, percentiles)", Vllm::isLatency, Vllm::batch),
            new Format("SGLang bench_serving (backend, total_output_tokens_retokenized)", Sglang::isServing,
                    Sglang::serving),
            new Format("SGLang bench_one_batch (batch_size, input_len, prefill_latency)", Sglang::isOneBatch,
                    Sglang::oneBatch),
            new Format("GenAI-Perf (request_latency, output_token_throughput)", GenAiPerf::is, GenAiPerf::result));

    private PeerFiles() {
    }

    private record Format(String name, Predicate<Fields> is, BiFunction<Fields, String, PeerResult> read) {}

    /// What a file holds.
    ///
    /// @param results in the file's order
    /// @param warnings what of it was not read, a line each
    public record Contents(List<PeerResult> results, List<String> warnings) {
        public Contents {
            results = List.copyOf(results);
            warnings = List.copyOf(warnings);
        }
    }

    /// Reads a file.
    ///
    /// @throws IOException where there is none, or it is of no format that is known; the message names the file and what was
    ///                     looked for
    public static Contents read(Path file) throws IOException {
        PeerText text;
        try {
            text = PeerText.of(Files.readString(file));
        } catch (MalformedInputException e) {
            throw new IOException(file + ": is not text", e);
        }
        List<PeerResult> results = new ArrayList<>();
        int unknown = text.skipped();
        for (Fields object : text.objects()) {
            Optional<PeerResult> result = FORMATS.stream().filter(f -> f.is.test(object)).findFirst()
                    .map(f -> f.read.apply(object, String.valueOf(file.getFileName())))
                    .filter(PeerResult::hasFigures);
            result.ifPresent(results::add);
            unknown += result.isPresent() ? 0 : 1;
        }
        if (results.isEmpty()) {
            throw new IOException(file + ": holds no result of a benchmark that is known; looked for "
                    + FORMATS.stream().map(Format::name).collect(Collectors.joining(", ")));
        }
        return new Contents(results,
                unknown == 0 ? List.of() : List.of(file + ": " + unknown + " lines or rows hold no result"));
    }

    /// Reads all files of a run directory's folder [#FOLDER], in the order of their names; nothing where it has none. What
    /// cannot be read is a warning.
    ///
    /// @throws IOException where the folder cannot be listed
    public static Contents ofRun(Path run) throws IOException {
        Path folder = run.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return new Contents(List.of(), List.of());
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(Files::isRegularFile).filter(f -> !String.valueOf(f.getFileName()).startsWith("."))
                    .sorted().toList();
        }
        List<PeerResult> results = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Path file : files) {
            try {
                Contents contents = read(file);
                results.addAll(contents.results);
                warnings.addAll(contents.warnings);
            } catch (IOException e) {
                warnings.add(String.valueOf(e.getMessage()));
            }
        }
        return new Contents(results, warnings);
    }
}
