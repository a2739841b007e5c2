package org.moelab.app.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.app.peers.PeerResult.Rates;

/// llama.cpp: `llama-bench` (one sequence; a test is a prompt, new tokens after a depth, or both) and `llama-batched-bench`.
final class LlamaCpp {
    /// `gpt-oss 20B MXFP4 MoE`: the name ends with the size, and what follows is the file's type.
    private static final Pattern MODEL_TYPE = Pattern
            .compile("(.*?\\b\\d+(?:x\\d+)?(?:\\.\\d+)?[BM](?:\\.A[\\d.]+B)?)\\s+(.+)");

    private LlamaCpp() {
    }

    static boolean isBench(Fields f) {
        return f.has("n_prompt", "n_gen", "avg_ts");
    }

    static boolean isBatchedBench(Fields f) {
        return f.has("pp", "tg", "pl", "speed_pp", "speed_tg");
    }

    static PeerResult bench(Fields f, String source) {
        double prompt = f.number("n_prompt").orElse(0.0);
        double generated = f.number("n_gen").orElse(0.0);
        double depth = f.number("n_depth").orElse(0.0);
        Optional<Double> rate = f.positive("avg_ts");
        List<String> notes = new ArrayList<>(List.of("without tokenizing and sampling"));
        Rates rates;
        Latency ttft = Latency.NONE;
        Latency tpot = Latency.NONE;
        if (prompt > 0 && generated > 0) {
            rates = new Rates(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), rate);
            notes.add("prompt and new tokens in one rate");
        } else if (prompt > 0) {
            rates = new Rates(rate, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            ttft = Latency.ofMean(rate.map(r -> prompt * 1e3 / r));
            notes.add("TTFT is prompt / rate");
        } else {
            rates = new Rates(Optional.empty(), rate, rate, Optional.empty(), Optional.empty());
            tpot = Latency.ofMean(rate.map(r -> 1e3 / r));
            notes.add("TPOT is 1 / rate");
        }
        if (depth > 0 && prompt > 0) {
            notes.add("after " + Math.round(depth) + " tokens of context");
        }
        Optional<String> type = f.text("model_type");
        Matcher parts = MODEL_TYPE.matcher(type.orElse(""));
        boolean split = parts.matches();
        String build = f.text("build_commit").orElse("")
                + f.number("build_number").map(n -> " (" + Math.round(n) + ")").orElse("");
        // with context before it, a prompt's rate is not that of a prompt of its own
        Optional<Double> alone = prompt > 0 && depth == 0 ? Optional.of(prompt) : Optional.empty();
        PeerSetup setup = new PeerSetup(split ? Optional.of(parts.group(1)) : type, f.text("gpu_info"), Optional.of(1),
                false, alone, generated > 0 ? Optional.of(depth + prompt) : alone,
                generated > 0 ? Optional.of(generated) : Optional.empty(),
                split ? Optional.of(parts.group(2).replaceFirst("^mostly ", "")) : Optional.empty());
        return new PeerResult("llama-bench", build.isBlank() ? Optional.empty() : Optional.of(build.strip()), setup,
                rates, ttft, tpot, Latency.NONE, Latency.NONE, notes, source);
    }

    static PeerResult batchedBench(Fields f, String source) {
        Optional<Integer> sequences = f.count("pl");
        Optional<Double> generated = f.positive("tg");
        boolean shared = f.isTrue("is_pp_shared");
        Optional<Double> total = f.positive("speed_tg");
        Rates rates = new Rates(shared ? Optional.empty() : f.positive("speed_pp"),
                total.flatMap(t -> sequences.map(s -> t / s)), total, Optional.empty(), f.positive("speed"));
        Latency tpot = Latency.ofMean(f.positive("t_tg").flatMap(t -> generated.map(g -> 1e3 * t / g)));
        Latency ttft = shared ? Latency.NONE : Latency.ofMean(f.positive("t_pp").map(t -> 1e3 * t));
        PeerSetup setup = new PeerSetup(Optional.empty(), Optional.empty(), sequences, false, f.positive("pp"),
                f.positive("pp"), generated, Optional.empty());
        return new PeerResult("llama-batched-bench", Optional.empty(), setup, rates, ttft, tpot, Latency.NONE,
                Latency.NONE,
                shared ? List.of("one prompt for all sequences") : List.of(), source);
    }
}
