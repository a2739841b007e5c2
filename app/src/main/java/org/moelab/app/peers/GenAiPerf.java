package org.moelab.app.peers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.peers.PeerResult.Rates;

/// GenAI-Perf's export (`profile_export_genai_perf.json` or `.csv`), and AIPerf's, which has the same metrics.
final class GenAiPerf {
    private GenAiPerf() {
    }

    static boolean is(Fields f) {
        return f.has("request_latency", "request_throughput")
                && (f.has("output_token_throughput") || f.has("inter_token_latency"));
    }

    static PeerResult result(Fields f, String source) {
        Fields input = f.of("input_config");
        Latency itl = latency(f.of("inter_token_latency"));
        Rates rates = new Rates(Optional.empty(),
                f.of("output_token_throughput_per_user").positive("avg").or(() -> itl.typical().map(ms -> 1e3 / ms)),
                Optional.empty(), f.of("output_token_throughput").positive("avg"), Optional.empty());
        Optional<Double> prompt = f.of("input_sequence_length").positive("avg");
        Optional<Integer> concurrency = input.count("concurrency")
                .or(() -> input.of("perf_analyzer").of("stimulus").count("concurrency"))
                .or(() -> input.of("loadgen").count("concurrency"));
        Optional<String> model = input.text("model").or(() -> input.text("model_names"))
                .or(() -> input.text("formatted_model_name")).or(() -> input.of("endpoint").text("model_names"));
        PeerSetup setup = new PeerSetup(model, Optional.empty(), concurrency, true, prompt, prompt,
                f.of("output_sequence_length").positive("avg"), Optional.empty());
        List<String> notes = f.of("request_throughput").positive("avg")
                .map(r -> List.of(PeerTable.short1(r) + " requests a second")).orElse(List.of());
        boolean aiperf = f.has("aiperf_version");
        return new PeerResult(aiperf ? "AIPerf" : "GenAI-Perf", f.text("aiperf_version"), setup, rates,
                latency(f.of("time_to_first_token")), Latency.NONE, itl, latency(f.of("request_latency")), notes,
                source);
    }

    private static Latency latency(Fields f) {
        double toMs = switch (f.text("unit").orElse("ms").toLowerCase(Locale.ROOT)) {
            case "ns", "nanoseconds" -> 1e-6;
            case "us", "µs", "microseconds" -> 1e-3;
            case "s", "sec", "seconds" -> 1e3;
            default -> 1;
        };
        return new Latency(ms(f, "avg", toMs), ms(f, "p50", toMs), ms(f, "p90", toMs), ms(f, "p95", toMs),
                ms(f, "p99", toMs));
    }

    private static Optional<Double> ms(Fields f, String name, double toMs) {
        return f.positive(name).map(v -> v * toMs);
    }
}
