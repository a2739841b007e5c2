package org.moelab.app.peers;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One result of another engine's benchmark. What its file does not state is absent.
///
/// @param tool the benchmark's name
/// @param version of the engine, or its build
/// @param setup what was measured
/// @param rates tokens a second
/// @param ttftMs time to first token
/// @param tpotMs time per output token of a sequence: of a request's mean at a server, of a step in a batch
/// @param itlMs between two tokens of a request
/// @param requestMs a whole request, or a whole batch
/// @param notes what else a reader should know of the figures
/// @param source the file's name
public record PeerResult(String tool, Optional<String> version, PeerSetup setup, Rates rates, Latency ttftMs,
        Latency tpotMs, Latency itlMs, Latency requestMs, List<String> notes, String source) {
    public PeerResult {
        notes = List.copyOf(notes);
    }

    /// Tokens a second.
    ///
    /// @param prefill prompt tokens of the whole batch while prompts are read
    /// @param decodeSequence new tokens of one sequence in decode
    /// @param decodeTotal new tokens of the whole batch in decode
    /// @param output new tokens over the whole time, prompts and waiting included
    /// @param overall prompt and new tokens over the whole time
    public record Rates(Optional<Double> prefill, Optional<Double> decodeSequence, Optional<Double> decodeTotal,
            Optional<Double> output, Optional<Double> overall) {
        boolean anyStated() {
            return Stream.of(prefill, decodeSequence, decodeTotal, output, overall).anyMatch(Optional::isPresent);
        }
    }

    /// Whether it holds any figure.
    boolean hasFigures() {
        return rates.anyStated() || ttftMs.isStated() || tpotMs.isStated() || itlMs.isStated()
                || requestMs.isStated();
    }

    /// The same with what somebody states of a file that does not.
    public PeerResult completed(PeerSetup.Stated stated) {
        return new PeerResult(tool, version, setup.completed(stated), rates, ttftMs, tpotMs, itlMs, requestMs, notes,
                source);
    }
}
