package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.peers.PeerResult.Rates;

/// SGLang's `bench_serving`, `bench_one_batch` and `bench_one_batch_server`.
final class Sglang {
    private Sglang() {
    }

    static boolean isServing(Fields f) {
        return f.has("backend", "output_throughput", "total_output_tokens") && !f.has("model_id")
                && (f.has("total_output_tokens_retokenized") || f.has("random_range_ratio"));
    }

    static boolean isOneBatch(Fields f) {
        return f.has("batch_size", "input_len", "output_len")
                && (f.has("prefill_latency") || f.has("input_throughput", "output_throughput"));
    }

    static PeerResult serving(Fields f, String source) {
        Fields server = f.of("server_info");
        Optional<String> precision = server.text("quantization")
                .or(() -> server.text("dtype").filter(d -> !d.equals("auto")));
        PeerResult result = speculated(f, Vllm.server("SGLang bench_serving", server.text("version"),
                f.text("model").or(() -> server.text("model_path")), precision, f, source));
        String backend = f.text("backend").orElse("sglang");
        // the same program also measures other servers
        return backend.startsWith("sglang")
                ? result
                : new PeerResult("SGLang bench_serving of " + backend, result.version(), result.setup(),
                        result.rates(), result.ttftMs(), result.tpotMs(), result.itlMs(), result.requestMs(),
                        result.notes(), source);
    }

    /// Where a draft's tokens were accepted, a step gives more than one: that is another way of decoding.
    private static PeerResult speculated(Fields f, PeerResult result) {
        return f.positive("accept_length").filter(length -> length > 1).map(length -> {
            List<String> notes = new ArrayList<>(result.notes());
            notes.add("by speculative decoding, " + PeerTable.short1(length) + " tokens a step");
            return new PeerResult(result.tool(), result.version(), result.setup(), result.rates(), result.ttftMs(),
                    result.tpotMs(), result.itlMs(), result.requestMs(), notes, result.source());
        }).orElse(result);
    }

    static PeerResult oneBatch(Fields f, String source) {
        boolean direct = f.has("prefill_latency");
        Optional<Integer> batch = f.count("batch_size");
        Optional<Double> total = f.positive(direct ? "median_decode_throughput" : "output_throughput");
        Optional<Double> sequence = total.flatMap(t -> batch.map(b -> t / b));
        Rates rates = new Rates(f.positive(direct ? "prefill_throughput" : "input_throughput"), sequence, total,
                Optional.empty(), f.positive("overall_throughput"));
        Latency ttft = Latency.ofMean(direct
                ? f.positive("prefill_latency").map(s -> 1e3 * s)
                : f.positive("last_ttft").or(() -> f.positive("ttft")).map(s -> 1e3 * s));
        Latency tpot = direct
                ? Latency.ofMedian(f.positive("median_decode_latency").map(s -> 1e3 * s))
                : Latency.ofMean(sequence.map(r -> 1e3 / r));
        PeerSetup setup = new PeerSetup(f.text("model"), Optional.empty(), batch, false, f.positive("input_len"),
                f.positive("input_len"), f.positive("output_len"), Optional.empty());
        return new PeerResult(direct ? "SGLang bench_one_batch" : "SGLang bench_one_batch_server", Optional.empty(),
                setup, rates, ttft, tpot, Latency.NONE,
                Latency.ofMean((direct ? f.positive("total_latency") : f.positive("latency")).map(s -> 1e3 * s)),
                List.of(), source);
    }
}
