package org.moelab.app.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.moelab.app.profiling.ProfileChoice;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say what is recorded of a run beside its times.
final class ProfileOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--profile", paramLabel = "W", description = "none; minimal: a timeline of each layer, captured apart from the timed runs; and with it roofline or ncu: counters by Nsight Compute; nsys: a report by Nsight Systems; hta: a folder for HolisticTraceAnalysis; deep_dive: all counters of the longest kernels, nsys and what changed from layer to layer; or all (default: minimal on a GPU, where CUPTI is found).")
    private Optional<String> wanted = Optional.empty();

    @Option(names = "--profile-steps", defaultValue = "8", paramLabel = "N", description = "Decode steps of a timeline, after a prompt (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--profile-layers", split = ",", paramLabel = "L", description = "Let profilers at these layers only; timelines are captured of all (default: every layer that is run).")
    private List<String> layers = List.of();

    /// Decode steps of a timeline.
    int steps() {
        return steps;
    }

    /// The layers that profilers are let at; empty for all.
    ///
    /// @param run the layers that are run
    /// @throws ParameterException where one of them is not run
    Set<String> layers(Catalogue catalogue, List<LayerOptions.Rung> run) {
        Set<String> wanted = new LinkedHashSet<>();
        for (String name : layers) {
            String id = catalogue.layer(name).map(Layer::id).orElse(name);
            List<String> found = run.stream().map(LayerOptions.Rung::name)
                    .filter(rung -> rung.equals(id) || rung.startsWith(id + " ")).toList();
            if (found.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--profile-layers " + name
                        + ": that layer is not run; those that are: "
                        + run.stream().map(LayerOptions.Rung::name).collect(Collectors.joining(", ")));
            }
            wanted.addAll(found);
        }
        return wanted;
    }

    /// What was asked for, if anything was.
    ///
    /// @throws ParameterException where it means nothing
    Optional<ProfileChoice> choice() {
        if (steps < 1) {
            throw new ParameterException(spec.commandLine(), "--profile-steps must be at least 1, not " + steps);
        }
        return wanted.map(label -> ProfileChoice.of(label).orElseThrow(() -> new ParameterException(
                spec.commandLine(), "no profile is called '" + label + "'; there are " + ProfileChoice.labels())));
    }

    /// Opens what records timelines, where it is wanted. Must be called before the driver is started.
    ///
    /// @param asked what is to be recorded, where that was said
    /// @param strict whether it is a failure where just they were asked for and cannot be had
    /// @return nothing where no timelines are wanted or can be had
    static Optional<Cupti> open(Optional<ProfileChoice> asked, LibraryFinder finder, EngineChoice.Device device,
            boolean strict, Terminal terminal) throws CommandFailure {
        if (asked.equals(Optional.of(ProfileChoice.NONE)) || device == EngineChoice.Device.CPU) {
            return Optional.empty();
        }
        try {
            return Optional.of(Cupti.open(finder));
        } catch (CudaUnavailableException e) {
            if (strict && asked.equals(Optional.of(ProfileChoice.MINIMAL))) {
                throw new CommandFailure("--profile minimal: " + e.getMessage(), e);
            }
            if (device == EngineChoice.Device.CUDA || asked.isPresent()) {
                terminal.tell("no timelines: " + e.getMessage());
            }
            return Optional.empty();
        }
    }
}
