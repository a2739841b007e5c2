package org.moelab.gpu.engine;

import java.util.List;
import java.util.Optional;

/// One of several ways to do the same, chosen by timing them on the device.
///
/// @param question what was to be done, with its sizes
/// @param chosen the candidate that is used, by name
/// @param measured when the candidates were timed, ISO 8601 with the offset
/// @param candidates all that were timed, what would be taken without timing first
public record TunedChoice(String question, String chosen, String measured, List<Candidate> candidates) {
    public TunedChoice {
        candidates = List.copyOf(candidates);
        if (candidates.stream().noneMatch(candidate -> candidate.name().equals(chosen))) {
            throw new IllegalArgumentException("'" + chosen + "' is none of the candidates of '" + question + "'");
        }
    }

    /// One way.
    ///
    /// @param micros median of its runs; absent where it did not run
    public record Candidate(String name, Optional<Double> micros) {}

    /// The candidates' names, in order.
    List<String> names() {
        return candidates.stream().map(Candidate::name).toList();
    }
}
