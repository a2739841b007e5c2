package org.moelab.app.run;

import java.util.Locale;
import java.util.Optional;

import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.Spread;

/// The two halves of inference, which techniques move differently.
public enum RunPhase {
    /// The whole prompt at once, up to the first token.
    PREFILL("prefill", "time to first token"),
    /// One token of each sequence a step.
    DECODE("decode", "time per output token");

    private final String label;
    private final String time;

    RunPhase(String label, String time) {
        this.label = label;
        this.time = time;
    }

    /// The word for people and for the command line.
    public String label() {
        return label;
    }

    /// What its time is called.
    public String time() {
        return time;
    }

    /// The phase of this name, in whatever case.
    public static Optional<RunPhase> ofLabel(String label) {
        return switch (label.toLowerCase(Locale.ROOT)) {
            case "prefill" -> Optional.of(PREFILL);
            case "decode" -> Optional.of(DECODE);
            default -> Optional.empty();
        };
    }

    /// A layer's times in the runs that count, in ms: to the first token, or per output token; empty where none was measured.
    public Optional<Spread> timeMs(LayerResult layer) {
        return this == PREFILL ? Optional.of(layer.ttftMs()) : layer.tpotMs();
    }

    /// A layer's tokens a second at the median of those.
    public Optional<Double> tokensPerSecond(LayerResult layer) {
        return this == PREFILL ? Optional.of(layer.prefillTokensPerSecond()) : layer.decodeTokensPerSecond();
    }

    /// What the phase's operations must move and compute, and took where that was captured.
    public Optional<PhaseCost> cost(LayerResult layer) {
        return this == PREFILL ? layer.prefill() : layer.decode();
    }
}
