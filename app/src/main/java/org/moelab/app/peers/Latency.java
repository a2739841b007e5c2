package org.moelab.app.peers;

import java.util.Optional;
import java.util.stream.Stream;

/// Times in milliseconds, as a file states them.
public record Latency(Optional<Double> mean, Optional<Double> p50, Optional<Double> p90, Optional<Double> p95,
        Optional<Double> p99) {
    /// Nothing stated.
    public static final Latency NONE = new Latency(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty());

    static Latency ofMean(Optional<Double> mean) {
        return new Latency(mean, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Latency ofMedian(Optional<Double> median) {
        return new Latency(Optional.empty(), median, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// The median, else the mean.
    public Optional<Double> typical() {
        return p50.or(() -> mean);
    }

    /// Whether anything is stated.
    public boolean isStated() {
        return Stream.of(mean, p50, p90, p95, p99).anyMatch(Optional::isPresent);
    }
}
