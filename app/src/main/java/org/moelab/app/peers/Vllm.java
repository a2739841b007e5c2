package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.peers.PeerResult.Rates;

/// vLLM's `bench serve`, `bench throughput` and `bench latency`.
final class Vllm {
    private Vllm() {
    }

    static boolean isServe(Fields f) {
        return f.has("model_id", "output_throughput", "total_input_tokens", "total_output_tokens");
    }

    static boolean isThroughput(Fields f) {
        return f.has("elapsed_time", "num_requests", "total_num_tokens", "tokens_per_second");
    }

    static boolean isLatency(Fields f) {
        return f.has("avg_latency", "latencies", "percentiles");
    }

    static PeerResult serve(Fields f, String source) {
        return server("vLLM bench serve", f.text("vllm_version"), f.text("model_id"), Optional.empty(), f, source);
    }

    /// What vLLM's and SGLang's benchmarks of servers have in common.
    static PeerResult server(String tool, Optional<String> version, Optional<String> model, Optional<String> precision,
            Fields f, String source) {
        Latency tpot = latency(f, "tpot");
        Latency itl = latency(f, "itl");
        Latency e2el = latency(f, "e2el");
        Latency request = e2el.isStated() ? e2el : latency(f, "e2e_latency");
        List<String> notes = new ArrayList<>();
        f.positive("failed").ifPresent(n -> notes.add(Math.round(n) + " requests failed"));
        if (f.text("request_rate").isEmpty()) {
            f.positive("request_rate").ifPresent(r -> notes.add("requests arrived at " + r + " a second"));
        }
        f.positive("request_throughput").ifPresent(r -> notes.add(PeerTable.short1(r) + " requests a second"));
        Optional<Double> completed = f.positive("completed");
        Optional<Double> prompt = mean(f.positive("total_input_tokens"), completed);
        PeerSetup setup = new PeerSetup(model, Optional.empty(), f.count("max_concurrency"), true, prompt, prompt,
                mean(f.positive("total_output_tokens"), completed), precision);
        Rates rates = new Rates(Optional.empty(), tpot.typical().map(ms -> 1e3 / ms), Optional.empty(),
                f.positive("output_throughput"),
                f.positive("total_token_throughput").or(() -> f.positive("total_throughput")));
        return new PeerResult(tool, version, setup, rates, latency(f, "ttft"), tpot, itl, request, notes, source);
    }

    private static Optional<Double> mean(Optional<Double> sum, Optional<Double> count) {
        return sum.flatMap(s -> count.map(c -> s / c));
    }

    private static Latency latency(Fields f, String metric) {
        return new Latency(f.positive("mean_" + metric + "_ms"),
                f.positive("median_" + metric + "_ms").or(() -> f.positive("p50_" + metric + "_ms")),
                f.positive("p90_" + metric + "_ms"), f.positive("p95_" + metric + "_ms"),
                f.positive("p99_" + metric + "_ms"));
    }

    static PeerResult throughput(Fields f, String source) {
        return new PeerResult("vLLM bench throughput", Optional.empty(), unknown(),
                new Rates(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                        f.positive("tokens_per_second")),
                Latency.NONE, Latency.NONE, Latency.NONE, Latency.NONE,
                List.of(f.count("num_requests").map(n -> n + " requests").orElse("requests")
                        + " at once, batched by the engine; the file does not tell their lengths"),
                source);
    }

    static PeerResult batch(Fields f, String source) {
        Fields percentiles = f.of("percentiles");
        Latency request = new Latency(ms(f, "avg_latency"), ms(percentiles, "50"), ms(percentiles, "90"),
                ms(percentiles, "95"), ms(percentiles, "99"));
        return new PeerResult("vLLM bench latency", Optional.empty(), unknown(),
                new Rates(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Latency.NONE, Latency.NONE, Latency.NONE, request,
                List.of("a whole batch, prompt and new tokens; the file does not tell its sizes"), source);
    }

    private static Optional<Double> ms(Fields f, String seconds) {
        return f.positive(seconds).map(s -> 1e3 * s);
    }

    private static PeerSetup unknown() {
        return new PeerSetup(Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty());
    }
}
