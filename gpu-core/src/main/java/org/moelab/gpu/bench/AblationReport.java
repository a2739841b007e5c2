package org.moelab.gpu.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What an `ablation.json` says: what each technique is worth by itself, from runs with it and without it in turns.
/// `docs/schema/ablation.schema.json` describes the file.
///
/// @param version of the file's form
/// @param complete whether all that was asked for was tried; a file that says no holds what was measured until then
/// @param started when it began, ISO 8601 with the offset
/// @param finished when this was written
/// @param asked what was asked for
/// @param machine where it ran
/// @param versions of what ran
/// @param model the model's sizes
/// @param ablations what was measured, by technique
/// @param failures what could not be
public record AblationReport(int version, boolean complete, String started, Optional<String> finished, Asked asked,
        RunReport.Machine machine, RunReport.Versions versions, RunReport.Model model, List<Ablation> ablations,
        List<Failure> failures) {
    /// The form that this build writes.
    public static final int VERSION = 1;

    public AblationReport {
        ablations = List.copyOf(ablations);
        failures = List.copyOf(failures);
    }

    /// What the command line asked for.
    ///
    /// @param techniques by id
    /// @param pairs runs with each technique, and without it
    public record Asked(String model, List<String> techniques, int batch, int prompt, int generate, int pairs,
            String device) {
        public Asked {
            techniques = List.copyOf(techniques);
        }
    }

    /// In which company a technique is tried.
    public enum Way {
        /// Added to the layer below its own, with what it requires; the run without it has what it requires, too.
        @JsonProperty("added")
        ADDED,
        /// Taken from the highest layer, to which it was added where it is on request.
        @JsonProperty("removed")
        REMOVED;

        /// The word for people and for the file.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What one technique is worth.
    ///
    /// @param technique its id
    /// @param layer the layer that it was added to or taken from, by id
    /// @param base the techniques that were on in both, by id
    /// @param ttft its effect on the time to first token
    /// @param tpot its effect on the time per output token; absent without decode steps
    public record Ablation(String technique, Way way, String layer, List<String> base, Effect ttft,
            Optional<Effect> tpot) {
        public Ablation {
            base = List.copyOf(base);
        }
    }

    /// What could not be measured.
    ///
    /// @param reason in one line
    public record Failure(String technique, Way way, String reason) {}

    /// What was measured of a technique in one way.
    public Optional<Ablation> of(String technique, Way way) {
        return ablations.stream().filter(a -> a.technique().equals(technique) && a.way() == way).findFirst();
    }
}
