package org.moelab.gpu.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.moelab.gpu.bench.LayerRun.CaptureRequest;
import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.LayerFailure;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.capture.Capture;
import org.moelab.gpu.capture.CapturedRun;
import org.moelab.gpu.cuda.CublasLt;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Session;
import org.moelab.gpu.engine.TunedChoice;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;

/// Runs layers one after the other and puts together what they tell. A layer that fails does not keep the others from
/// running, and after each layer there is a report of what has been measured so far. A session can go on where an earlier one
/// of the same setting ended: what that measured is kept and not measured again.
public final class RunSession {
    /// How the name of a layer's captured timeline ends.
    public static final String TIMELINE = ".trace.json.gz";

    private static final int CHECK_BATCH = 3;
    private static final int CHECK_PROMPT = 17;
    private static final long CHECK_SEED = 20;

    private final Setting setting;
    private final Progress progress;
    private final Map<Rung, Check> checks = new HashMap<>();
    private final Map<Rung, String> failedChecks = new HashMap<>();
    private final List<LayerResult> results = new ArrayList<>();
    private final List<LayerFailure> failures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Double> startToFirstTokenSeconds = Optional.empty();
    private Optional<DeviceCeilings> ceilings = Optional.empty();
    private Optional<ExpertLoads> loads = Optional.empty();

    /// A layer to run, with the techniques that are on.
    ///
    /// @param name the layer's id, and what was left out of it
    public record Rung(String name, Set<String> techniques) {
        public Rung {
            techniques = Set.copyOf(techniques);
        }

        List<String> sorted() {
            return techniques.stream().sorted().toList();
        }
    }

    /// What to run.
    ///
    /// @param engine the loaded model
    /// @param finder where libraries are
    /// @param energy the meter of the device
    /// @param capture what records timelines, where they are wanted
    /// @param capturedSteps decode steps of each timeline
    public record Setting(Engine engine, LibraryFinder finder, List<Rung> rungs, Workload workload,
            EnergyMeter energy, Optional<Capture> capture, int capturedSteps) {
        public Setting {
            rungs = List.copyOf(rungs);
        }
    }

    /// What a run does, one after the other.
    public enum Step {
        /// One prompt, as a person waits for it who has just started the program.
        FIRST_TOKEN("first token"),
        /// A layer's techniques on a small model against the reference.
        CHECK("check against the reference"),
        /// A layer's timed runs, then the captured one.
        MEASURE("timed runs"),
        /// What the GPU reaches in kernels that do one thing only.
        CEILINGS("ceilings of the GPU"),
        /// Which experts the tokens are sent to.
        LOADS("loads of the experts");

        private final String label;

        Step(String label) {
            this.label = label;
        }

        /// The words for people.
        public String label() {
            return label;
        }
    }

    /// Hears how the run goes, and keeps what it gives.
    public interface Progress {
        /// A step begins.
        ///
        /// @param layer the layer that it is of; empty for a step of the whole run
        default void begins(Step step, Optional<String> layer) {
        }

        /// What has been measured so far; the last one is complete.
        void report(RunReport report) throws IOException;

        /// A layer's timeline, before the result that names it.
        ///
        /// @param file the name that it is to have
        void timeline(String file, CapturedRun run) throws IOException;

        /// A layer has been measured.
        void done(LayerResult result);

        /// A layer gave no result.
        void failed(LayerFailure failure);

        /// The loads of the experts have been counted.
        void counted(ExpertLoads loads);

        /// Something could not be measured.
        void note(String line);

        /// Whether to end early, after the layer that runs; what was measured is kept.
        default boolean stopped() {
            return false;
        }
    }

    /// @throws IllegalArgumentException where the model has no room for the workload
    public RunSession(Setting setting, Progress progress) {
        TokenTimer.requireRoom(setting.engine, setting.workload);
        this.setting = setting;
        this.progress = progress;
    }

    /// The name of a layer's file in the run directory.
    ///
    /// @param layer the layer's name, which may hold what a file's must not
    /// @param ending with its point
    public static String fileOf(String layer, String ending) {
        return layer.replaceAll("[^A-Za-z0-9,._-]+", "_") + ending;
    }

    /// Runs all layers of which there is no result yet.
    ///
    /// @param begun says what was asked for and where it runs; with what an earlier session measured, this one goes on
    /// @return the report, which has also been told: complete unless it was [Progress#stopped]
    /// @throws IOException where what was measured cannot be kept
    public RunReport run(RunReport begun) throws IOException {
        resume(begun);
        if (startToFirstTokenSeconds.isEmpty()) {
            progress.begins(Step.FIRST_TOKEN, Optional.empty());
            firstToken();
        }
        progress.report(soFar(begun, false));
        List<Rung> missing = setting.rungs.stream().filter(rung -> result(rung).isEmpty()).toList();
        if (!missing.isEmpty()) {
            check(missing);
        }
        for (Rung rung : missing) {
            if (progress.stopped()) {
                return soFar(begun, false);
            }
            layer(rung);
            progress.report(soFar(begun, false));
        }
        if (progress.stopped()) {
            return soFar(begun, false);
        }
        if (ceilings.isEmpty()) {
            measureCeilings();
        }
        countLoads();
        RunReport report = soFar(begun, true);
        progress.report(report);
        return report;
    }

    private void resume(RunReport earlier) {
        results.addAll(earlier.layers());
        notes.addAll(earlier.notes());
        startToFirstTokenSeconds = earlier.startToFirstTokenSeconds();
        ceilings = earlier.ceilings();
        loads = earlier.expertLoads();
    }

    private Optional<LayerResult> result(Rung rung) {
        return results.stream().filter(r -> r.layer().equals(rung.name)).findFirst();
    }

    private RunReport soFar(RunReport begun, boolean complete) {
        String now = OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        return new RunReport(RunReport.VERSION, complete, begun.started(), Optional.of(now), begun.asked(),
                begun.machine(), begun.versions(), begun.model(), begun.loadSeconds(), startToFirstTokenSeconds,
                ceilings, inOrder(begun.asked().layers()), loads, tuning(begun), failures, notes, begun.profiles());
    }

    /// The results as the ladder has them, also where one was made good later.
    private List<LayerResult> inOrder(List<String> ladder) {
        return results.stream().sorted(Comparator.comparingInt((LayerResult r) -> ladder.indexOf(r.layer()))).toList();
    }

    private Optional<List<TunedChoice>> tuning(RunReport earlier) {
        Map<String, TunedChoice> choices = new LinkedHashMap<>();
        earlier.tuning().orElse(List.of()).forEach(choice -> choices.put(choice.question(), choice));
        if (setting.engine instanceof CudaEngine cuda) {
            cuda.tuned().forEach(choice -> choices.put(choice.question(), choice));
        }
        return choices.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(choices.values()));
    }

    private static Engine with(Engine engine, Rung rung) throws CudaUnavailableException {
        return engine instanceof CudaEngine cuda ? cuda.with(rung.techniques) : engine;
    }

    /// One prompt with the first layer's techniques, as a person waits for it who has just started the program.
    private void firstToken() {
        Workload workload = setting.workload;
        try (Session session = with(setting.engine, setting.rungs.getFirst()).open(workload.batch(),
                workload.capacity(), workload.promptStep())) {
            Session.Mark begin = session.mark();
            TokenTimer.feed(session, workload, workload.prompts(setting.engine.config().vocabulary()));
            session.choose();
            session.mark().millisSince(begin); // waits until the token has been chosen
            Instant now = Instant.now();
            startToFirstTokenSeconds = ProcessHandle.current().info().startInstant()
                    .map(start -> Duration.between(start, now).toMillis() / 1e3);
        } catch (CudaUnavailableException | CudaException e) {
            note("no time from the start to the first token: " + e.getMessage());
        }
    }

    /// Each layer's techniques on a small model against the processor's engine; nothing where that is what runs.
    private void check(List<Rung> rungs) {
        if (!(setting.engine instanceof CudaEngine measured)) {
            return;
        }
        RandomWeights small = new RandomWeights(MoeConfig.tiny(), "tiny", CHECK_SEED);
        CpuEngine reference = new CpuEngine(CpuWeights.of(small));
        try (CudaEngine engine = CudaEngine.load(measured.context(), setting.finder, small, Set.of())) {
            for (Rung rung : rungs) {
                progress.begins(Step.CHECK, Optional.of(rung.name));
                check(engine.with(rung.techniques), reference, small.name(), rung);
            }
        } catch (CudaUnavailableException | CudaException e) {
            note("no numerical check: " + e.getMessage());
        }
    }

    private void check(Engine engine, CpuEngine reference, String model, Rung rung) {
        try {
            Verification v = Verification.of(engine, reference, CHECK_BATCH, CHECK_PROMPT);
            checks.put(rung, Check.of(v, reference.device(), model));
            v.problem(Verification.bound(rung.techniques))
                    .ifPresent(problem -> note("layer " + rung.name + " fails the check on a small model: " + problem));
        } catch (CudaException | IllegalArgumentException e) {
            failedChecks.put(rung, "the check on a small model: " + e.getMessage());
        }
    }

    private void layer(Rung rung) throws IOException {
        String failedCheck = failedChecks.getOrDefault(rung, "");
        if (!failedCheck.isEmpty()) {
            fail(rung, failedCheck);
            return;
        }
        String file = fileOf(rung.name, TIMELINE);
        progress.begins(Step.MEASURE, Optional.of(rung.name));
        LayerRun.Outcome outcome;
        try {
            outcome = LayerRun.of(with(setting.engine, rung), rung.name, rung.sorted(), setting.workload,
                    setting.energy, Optional.ofNullable(checks.get(rung)),
                    setting.capture.map(capture -> new CaptureRequest(capture, setting.capturedSteps, file)));
        } catch (CudaUnavailableException | CudaException | IllegalArgumentException e) {
            fail(rung, String.valueOf(e.getMessage()));
            return;
        }
        outcome.problem().ifPresent(problem -> note("no timeline of layer " + rung.name + ": " + problem));
        long unmatched = outcome.captured().map(run -> run.attribution().unmatchedGraphs()).orElse(0L);
        if (unmatched > 0) {
            note("no times of operations of layer " + rung.name + ": " + unmatched
                    + " launches of graphs did not do what was recorded");
        }
        if (outcome.captured().isPresent()) {
            progress.timeline(file, outcome.captured().get());
        }
        results.add(outcome.result());
        progress.done(outcome.result());
    }

    private void fail(Rung rung, String reason) {
        failures.add(new LayerFailure(rung.name, rung.sorted(), reason));
        progress.failed(failures.getLast());
    }

    private void measureCeilings() {
        if (!(setting.engine instanceof CudaEngine cuda)) {
            return;
        }
        progress.begins(Step.CEILINGS, Optional.empty());
        try (CublasLt products = CublasLt.open(setting.finder)) {
            ceilings = Optional.of(CeilingProbe.measure(cuda.context(), Optional.of(products)));
        } catch (CudaUnavailableException | CudaException e) {
            note("no ceilings: " + e.getMessage());
        }
    }

    private void countLoads() {
        Optional<Rung> last = setting.rungs.stream().filter(rung -> result(rung).isPresent())
                .reduce((_, later) -> later);
        if (last.isEmpty() || loads.map(ExpertLoads::layer).equals(last.map(Rung::name))) {
            return;
        }
        Rung rung = last.get();
        progress.begins(Step.LOADS, Optional.empty());
        try {
            loads = Optional.of(LoadRun.of(with(setting.engine, rung), rung.name, setting.workload));
            progress.counted(loads.get());
        } catch (CudaUnavailableException | CudaException | IllegalArgumentException | IllegalStateException e) {
            note("no expert loads of layer " + rung.name + ": " + e.getMessage());
        }
    }

    private void note(String line) {
        if (!notes.contains(line)) { // which an earlier session may have said
            notes.add(line);
        }
        progress.note(line);
    }
}
