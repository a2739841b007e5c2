package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.moelab.app.profiling.LabCommand;
import org.moelab.app.profiling.ProfileChoice;
import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.app.profiling.Profiling;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.capture.Capture;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.WeightSource;

/// Runs layers into a run directory: measures them, does what else needs the loaded model, then lets profilers at each in a
/// process of its own, when this one holds no GPU's memory any more.
final class LadderRun {
    private static final Duration LONGEST_PROFILE = Duration.ofMinutes(5);

    private final RunRequest request;
    private final RunDirectory directory;
    private final LibraryFinder finder;
    private final Optional<Cupti> cupti;
    private final Terminal terminal;

    /// @param cupti what records timelines, opened before the driver was started
    LadderRun(RunRequest request, RunDirectory directory, LibraryFinder finder, Optional<Cupti> cupti,
            Terminal terminal) {
        this.request = request;
        this.directory = directory;
        this.finder = finder;
        this.cupti = cupti;
        this.terminal = terminal;
    }

    /// A model that is loaded and has been measured.
    ///
    /// @param rungs the layers that it can run
    /// @param report what was measured of them
    record Loaded(EngineChoice choice, List<LayerOptions.Rung> rungs, RunReport report) {}

    /// What else to do while the model is loaded.
    @FunctionalInterface
    interface Further {
        /// Nothing.
        Further NONE = _ -> {
        };

        /// Before any layer is measured.
        default void begin(Loaded loaded) throws IOException {
        }

        /// When the layers have been measured.
        void run(Loaded loaded) throws IOException, CommandFailure;
    }

    /// Runs it all.
    ///
    /// @return the report as it was kept; not complete where the run was stopped
    /// @throws CommandFailure where nothing can be run
    RunReport run(Further further) throws IOException, CommandFailure {
        RunReport report;
        boolean onGpu;
        long start = System.nanoTime();
        try (WeightSource source = ModelChoice.open(request.model());
                EngineChoice choice = EngineChoice.load(request.device(), source, request.rungs());
                GpuWatch watch = GpuWatch.open(choice, finder)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            onGpu = choice.engine() instanceof CudaEngine;
            Optional<Cupti> used = onGpu ? cupti : Optional.empty();
            requireTimelines(used);
            List<LayerOptions.Rung> rungs = choice.runnable(request.rungs(), terminal);
            RunReport begun = begun(source, choice, watch, used, loadSeconds);
            directory.describe(choice);
            directory.begin(rungs.stream().map(LayerOptions.Rung::name).toList());
            RunSession session = new RunSession(new RunSession.Setting(choice.engine(), finder,
                    rungs.stream().map(rung -> new RunSession.Rung(rung.name(), rung.techniques())).toList(),
                    request.workload(), watch.meter(), used.map(Capture::new), request.steps()), directory);
            if (request.earlier().isEmpty()) {
                directory.clear();
            }
            directory.report(begun); // so that a session that goes on knows, whenever this one ends
            further.begin(new Loaded(choice, rungs, begun));
            report = session.run(begun);
            if (!directory.stopped()) {
                further.run(new Loaded(choice, rungs, report));
            }
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        if (!directory.stopped()) {
            report = profiled(report, onGpu);
        }
        if (directory.stopped()) {
            terminal.tell("stopped; --resume " + directory.folder() + " goes on");
            return report.as(false, RunFacts.now());
        }
        return directory.finish(report);
    }

    /// @throws CommandFailure where timelines alone were asked for and the engine has none
    private void requireTimelines(Optional<Cupti> used) throws CommandFailure {
        if (request.strict() && used.isEmpty() && request.profile().equals(Optional.of(ProfileChoice.MINIMAL))) {
            throw new CommandFailure("--profile minimal: the CPU engine has no timeline");
        }
    }

    private RunReport begun(WeightSource source, EngineChoice choice, GpuWatch watch, Optional<Cupti> used,
            double loadSeconds) throws CommandFailure {
        RunReport.Versions versions = RunFacts.versions(choice, used);
        RunReport.Model model = RunFacts.model(source);
        RunReport.Asked asked = request.asked(used.isPresent());
        RunReport e = request.earlier().orElseGet(() -> RunReport.begun(RunFacts.now(), asked,
                RunFacts.machine(choice, watch.found()), versions, model, loadSeconds));
        RunRequest.requireSameGround(e, choice, versions, model);
        List<String> notes = new ArrayList<>(e.notes());
        absent(choice, used).filter(line -> !notes.contains(line)).ifPresent(line -> {
            notes.add(line);
            terminal.tell(line);
        });
        return new RunReport(e.version(), false, e.started(), e.finished(), asked, e.machine(), e.versions(),
                e.model(), e.loadSeconds(), e.startToFirstTokenSeconds(), e.ceilings(), e.layers(), e.expertLoads(),
                e.tuning(), List.of(), notes, e.profiles());
    }

    /// What this machine does not tell of a run, where that was not to be a failure.
    private Optional<String> absent(EngineChoice choice, Optional<Cupti> used) {
        if (request.strict() || used.isPresent()) {
            return Optional.empty();
        }
        if (!(choice.engine() instanceof CudaEngine)) {
            return Optional
                    .of("the model ran on the processor: no timelines, no times of operations, no ceilings of a GPU"
                            + " and no energy");
        }
        return request.profile().equals(Optional.of(ProfileChoice.NONE))
                ? Optional.empty()
                : Optional.of("no timelines and no times of operations: CUPTI was not found");
    }

    private RunReport profiled(RunReport report, boolean onGpu) throws IOException {
        Set<Part> parts = request.profile().map(ProfileChoice::parts).orElse(Set.of());
        if (parts.isEmpty()) {
            return report;
        }
        List<Profile> earlier = report.profiles().orElse(List.of());
        List<Profile> recorded;
        try (ProgressLine line = new ProgressLine(terminal, "profile", directory::stopped)) {
            recorded = new Profiling(directory.folder(), Host.current(), LabCommand.current(), LONGEST_PROFILE,
                    new Keeping(report, earlier, line)).record(parts, targets(report), onGpu, earlier);
        }
        tellMissing(recorded);
        return report.withProfiles(together(earlier, recorded));
    }

    private List<Profiling.Target> targets(RunReport report) {
        int few = Math.min(ProfiledCommand.FEW_LAYERS, report.model().layers());
        int steps = Math.min(request.steps(), request.workload().generate() - 1);
        return report.layers().stream().map(layer -> {
            List<String> common = new ArrayList<>(List.of(ProfiledCommand.NAME, "--model", request.model(), "--batch",
                    Integer.toString(request.workload().batch()), "--prompt",
                    Integer.toString(request.workload().prompt())));
            common.addAll(LayerOptions.arguments(layer.layer()));
            return new Profiling.Target(layer.layer(),
                    with(common, "--generate", Integer.toString(1 + steps), "--with-warm-up"),
                    with(common, "--generate", "2", "--first-layers", Integer.toString(few)),
                    request.profiled().isEmpty() || request.profiled().contains(layer.layer()));
        }).toList();
    }

    private static List<String> with(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return all;
    }

    /// Profiles of which there is a newer one give way to it.
    private static List<Profile> together(List<Profile> earlier, List<Profile> recorded) {
        Map<List<String>, Profile> all = new LinkedHashMap<>();
        earlier.forEach(profile -> all.put(List.of(profile.kind(), profile.layer()), profile));
        recorded.forEach(profile -> all.put(List.of(profile.kind(), profile.layer()), profile));
        return List.copyOf(all.values());
    }

    /// One line for each reason, however many layers share it.
    private void tellMissing(List<Profile> recorded) {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        for (Profile profile : recorded) {
            if (profile.state() != ProfileState.DONE) {
                layers.computeIfAbsent("profile " + profile.kind() + " " + PlainText.words(profile.state()) + ": "
                        + profile.reason().orElse("") + profile.remedy().map(text -> "; " + text).orElse(""),
                        _ -> new ArrayList<>()).add(profile.layer());
            }
        }
        layers.forEach((line, names) -> terminal.tell(line + " (layers: " + String.join(", ", names) + ")"));
    }

    /// Whether a program that was asked for ran and gave nothing: what the machine lacks is an answer, not a failure.
    static boolean failed(RunReport report) {
        return !report.complete() || !report.failures().isEmpty()
                || report.profiles().orElse(List.of()).stream().anyMatch(p -> p.state() == ProfileState.FAILED);
    }

    /// Keeps what has been profiled.
    private final class Keeping implements Profiling.Progress {
        private final RunReport report;
        private final List<Profile> earlier;
        private final ProgressLine line;

        Keeping(RunReport report, List<Profile> earlier, ProgressLine line) {
            this.report = report;
            this.earlier = earlier;
            this.line = line;
        }

        @Override
        public void begins(double done, Part part, String layer) {
            line.update(done, part.label() + " of layer " + layer);
        }

        @Override
        public void recorded(Profile profile, List<Profile> all) throws IOException {
            directory.report(report.withProfiles(together(earlier, all)));
            if (profile.state() == ProfileState.DONE) {
                Path first = directory.folder().resolve(profile.files().getFirst());
                terminal.err().println("profile " + profile.kind() + " of layer " + profile.layer() + ": " + first);
            }
        }

        @Override
        public boolean stopped() {
            return directory.stopped();
        }
    }
}
