package org.moelab.app.cli;

import java.util.List;
import java.util.Optional;

import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say what is recorded of a run beside its times.
final class ProfileOptions {
    static final String NONE = "none";
    static final String MINIMAL = "minimal";
    private static final List<String> NOT_YET = List.of("roofline", "deep_dive", "nsys", "ncu", "hta", "all");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--profile", paramLabel = "W", description = "none, or minimal: a timeline of each layer, captured apart from the timed runs (default: minimal on a GPU, where CUPTI is found).")
    private Optional<String> wanted = Optional.empty();

    @Option(names = "--profile-steps", defaultValue = "8", paramLabel = "N", description = "Decode steps of a timeline, after a prompt (default: ${DEFAULT-VALUE}).")
    private int steps;

    /// Decode steps of a timeline.
    int steps() {
        return steps;
    }

    /// Opens what records, where it is wanted. Must be called before the driver is started.
    ///
    /// @return nothing where no timelines are wanted, or where they were not asked for and cannot be had
    /// @throws CommandFailure where what was asked for cannot be had
    Optional<Cupti> open(LibraryFinder finder, EngineChoice.Device device, Terminal terminal) throws CommandFailure {
        requireKnown();
        if (wanted.equals(Optional.of(NONE)) || wanted.isEmpty() && device == EngineChoice.Device.CPU) {
            return Optional.empty();
        }
        try {
            return Optional.of(Cupti.open(finder));
        } catch (CudaUnavailableException e) {
            if (wanted.isPresent()) {
                throw new CommandFailure("--profile minimal: " + e.getMessage(), e);
            }
            if (device == EngineChoice.Device.CUDA) {
                terminal.tell("no timelines: " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    /// @throws CommandFailure where timelines were asked for and the engine has none
    void requireTimelines(Optional<Cupti> used) throws CommandFailure {
        if (used.isEmpty() && wanted.equals(Optional.of(MINIMAL))) {
            throw new CommandFailure("--profile minimal: the CPU engine has no timeline");
        }
    }

    private void requireKnown() throws CommandFailure {
        if (steps < 1) {
            throw new ParameterException(spec.commandLine(), "--profile-steps must be at least 1, not " + steps);
        }
        String profile = wanted.orElse(NONE);
        if (NOT_YET.contains(profile)) {
            throw new CommandFailure("--profile " + profile + " is not yet built; to be had are none and minimal");
        }
        if (!profile.equals(NONE) && !profile.equals(MINIMAL)) {
            throw new ParameterException(spec.commandLine(), "no profile is called '" + profile
                    + "'; there are none and minimal");
        }
    }
}
