package org.moelab.app.launch;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What `moelab run` and `moelab ablate` tell a program of their progress with `--progress json`: an object a line of standard
/// output. A part is a layer of a run, or a technique in one way of an ablation.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({ @JsonSubTypes.Type(value = RunEvent.Begun.class, name = "begun"),
        @JsonSubTypes.Type(value = RunEvent.Step.class, name = "step"),
        @JsonSubTypes.Type(value = RunEvent.Measured.class, name = "measured"),
        @JsonSubTypes.Type(value = RunEvent.Compared.class, name = "compared"),
        @JsonSubTypes.Type(value = RunEvent.Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = RunEvent.Kept.class, name = "kept") })
public sealed interface RunEvent {
    /// The model is loaded.
    ///
    /// @param parts what will be measured, in this order; what was asked for and is not among them was left out
    record Begun(List<String> parts) implements RunEvent {
        public Begun {
            parts = List.copyOf(parts);
        }
    }

    /// A step begins.
    ///
    /// @param part of which; empty for a step of the whole run
    /// @param name for people
    record Step(Optional<String> part, String name) implements RunEvent {}

    /// A layer has been measured.
    ///
    /// @param ttftMs median time to first token
    /// @param prefillTokensPerSecond prompt tokens of the batch
    /// @param decodeTokensPerSecond new tokens of the batch; absent without decode steps
    record Measured(String part, double ttftMs, double prefillTokensPerSecond, Optional<Double> decodeTokensPerSecond)
            implements
                RunEvent {}

    /// A technique has been tried: time without it over time with it.
    ///
    /// @param figure whose times they are: TPOT, or TTFT without decode steps
    /// @param low the lower bound of the 95 % confidence interval
    /// @param high the upper one
    record Compared(String part, String figure, double factor, double low, double high) implements RunEvent {}

    /// A part gave no result.
    record Failed(String part, String reason) implements RunEvent {}

    /// What has been measured so far lies in a file.
    ///
    /// @param complete whether that is all
    record Kept(String file, boolean complete) implements RunEvent {}

    /// The event as one line.
    default String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    /// The event of a line; empty where the line is none that this build knows.
    static Optional<RunEvent> parse(String line) {
        try {
            return Optional.ofNullable(JsonMapper.shared().readValue(line, RunEvent.class));
        } catch (JacksonException _) {
            return Optional.empty(); // what libraries print on standard output is no event
        }
    }
}
