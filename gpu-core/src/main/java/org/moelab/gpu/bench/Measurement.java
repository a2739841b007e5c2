package org.moelab.gpu.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/// What a workload took.
///
/// @param workload what was run
/// @param ttftMs time to first token: the prompts of the whole batch, and the choice of each sequence's first token; one a
///               run
/// @param tpotMs time per output token: the mean of a run's decode steps; one a run, absent without decode steps
/// @param interTokenMs times of the single decode steps of all runs, absent without decode steps
/// @param energyJoules what the device used in all runs that count, where it tells
public record Measurement(Workload workload, Spread ttftMs, Optional<Spread> tpotMs, Optional<Spread> interTokenMs,
        Optional<Double> energyJoules) {
    /// Prompt tokens of the whole batch a second, at the median TTFT.
    public double prefillTokensPerSecond() {
        return (double) workload.batch() * workload.prompt() / ttftMs.p50() * 1e3;
    }

    /// New tokens of the whole batch a second, at the median TPOT; absent without decode steps.
    public OptionalDouble decodeTokensPerSecond() {
        return tpotMs.map(tpot -> OptionalDouble.of(workload.batch() / tpot.p50() * 1e3))
                .orElse(OptionalDouble.empty());
    }
}
