package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.peers.PeerResult.Rates;

/// GenAI-Perf's export (`profile_export_genai_perf.json` or `.csv`), and that of its successor AIPerf
/// (`profile_export_aiperf.json` or `.csv`), which has the same metrics.
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
                .or(() -> input.of("loadgen").count("concurrency"))
                .or(() -> measuredPhase(input).flatMap(phase -> phase.count("concurrency")));
        Optional<String> model = input.text("model").or(() -> input.text("model_names"))
                .or(() -> input.text("formatted_model_name")).or(() -> input.of("endpoint").text("model_names"))
                .or(() -> input.of("models").all("items").stream().findFirst().flatMap(m -> m.text("name")));
        PeerSetup setup = new PeerSetup(model, Optional.empty(), concurrency, true, prompt, prompt,
                f.of("output_sequence_length").positive("avg"), Optional.empty());
        List<String> notes = new ArrayList<>();
        f.of("error_request_count").count("avg").ifPresent(n -> notes.add(n + " requests failed"));
        if (f.isTrue("was_cancelled")) {
            notes.add("ended before all requests were answered");
        }
        f.of("request_throughput").positive("avg")
                .ifPresent(r -> notes.add(PeerTable.short1(r) + " requests a second"));
        // its first versions did not say which they are
        boolean aiperf = f.has("aiperf_version") || input.has("loadgen") || input.has("phases");
        return new PeerResult(aiperf ? "AIPerf" : "GenAI-Perf", f.text("aiperf_version"), setup, rates,
                latency(f.of("time_to_first_token")), Latency.NONE, itl, latency(f.of("request_latency")), notes,
                source);
    }

    /// The phase of AIPerf's newer configurations that the figures are of; those that warm up have their own.
    private static Optional<Fields> measuredPhase(Fields input) {
        return input.all("phases").stream().filter(phase -> !phase.isTrue("exclude_from_results"))
                .filter(phase -> !phase.text("name").orElse("").equals("warmup")).findFirst();
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
