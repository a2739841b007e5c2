package org.moelab.app.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.moelab.app.profiling.ProfileChoice;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.cuda.CudaContext;

/// What a run is to do, with what an earlier session of it has done.
///
/// @param model as the command line names it
/// @param rungs the layers, from the lowest up
/// @param profile what to record beside the times, where that was said
/// @param profiled the layers that profilers are let at; empty for all
/// @param steps decode steps of a timeline
/// @param strict whether it is a failure where timelines alone were asked for and cannot be had
/// @param earlier what the session before it kept; empty for a run of its own
record RunRequest(String model, List<LayerOptions.Rung> rungs, Workload workload, EngineChoice.Device device,
        Optional<ProfileChoice> profile, Set<String> profiled, int steps, boolean strict, Optional<RunReport> earlier) {
    RunRequest {
        rungs = List.copyOf(rungs);
        profiled = Set.copyOf(profiled);
    }

    /// The request for the report.
    RunReport.Asked asked(boolean timelines) {
        ProfileChoice recorded = profile.filter(choice -> choice != ProfileChoice.MINIMAL)
                .orElse(timelines ? ProfileChoice.MINIMAL : ProfileChoice.NONE);
        return new RunReport.Asked(model, names(), workload.batch(), workload.prompt(), workload.generate(),
                workload.repeats(), PlainText.words(device), Optional.of(recorded.label()));
    }

    /// The names of the layers.
    List<String> names() {
        return rungs.stream().map(LayerOptions.Rung::name).toList();
    }

    /// Whether the earlier session did all of it.
    boolean isDone() {
        return earlier.isPresent() && earlier.get().complete() && earlier.get().failures().isEmpty()
                && profiled.isEmpty() && profile.map(ProfileChoice::label).equals(earlier.get().asked().profile());
    }

    /// What must be the same for a session to go on where another ended: figures of two builds or machines are not of one run.
    ///
    /// @throws CommandFailure where it is not; the message names it
    static void requireSameBuild(RunReport earlier) throws CommandFailure {
        requireSame("the build", build(earlier.versions().moelab(), earlier.versions().commit()),
                build(Version.number(), Version.commit()));
    }

    private static String build(String version, Optional<String> commit) {
        return version + commit.map(id -> " of commit " + id).orElse("");
    }

    /// @throws CommandFailure where the machine or the model is another one
    static void requireSameGround(RunReport earlier, EngineChoice choice, RunReport.Versions versions,
            RunReport.Model model) throws CommandFailure {
        requireSame("the model", earlier.model().toString(), model.toString());
        RunReport.Machine now = RunFacts.machine(choice, Optional.empty());
        RunReport.Machine then = earlier.machine();
        requireSame("the device", then.device(), now.device());
        requireSame("the processor", then.architecture() + " with " + then.processors() + " processors",
                now.architecture() + " with " + now.processors() + " processors");
        requireSame("the GPU", gpu(then), gpu(now));
        if (choice.ground() instanceof CudaContext) {
            requireSame("CUDA", then(earlier.versions().cuda()), then(versions.cuda()));
        }
    }

    private static String then(Optional<String> version) {
        return version.orElse("of an unknown version");
    }

    private static String gpu(RunReport.Machine machine) {
        return machine.gpu()
                .map(g -> g.name() + " of " + g.capability() + ", " + g.multiprocessors() + " multiprocessors, "
                        + g.memoryBytes() + " B")
                .orElse("none");
    }

    /// @throws CommandFailure where two things differ
    static void requireSame(String what, String then, String now) throws CommandFailure {
        if (!then.equals(now)) {
            throw new CommandFailure("cannot go on with the earlier run: " + what + " was " + then + " and is now "
                    + now + "; a run of its own takes another directory");
        }
    }
}
