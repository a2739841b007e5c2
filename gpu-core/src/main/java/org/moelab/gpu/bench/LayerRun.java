package org.moelab.gpu.bench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.DeviceUse;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.MemoryUse;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.bench.RunReport.Timeline;
import org.moelab.gpu.capture.Capture;
import org.moelab.gpu.capture.CapturedRun;
import org.moelab.gpu.capture.CapturedRun.DeviceTime;
import org.moelab.gpu.capture.CapturedRun.OperationTime;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.CudaSession;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Operation;

/// Runs a workload with one layer's techniques and tells what came of it.
public final class LayerRun {
    private static final Pattern PLACE = Pattern.compile("^layer \\d+/| of sequence \\d+$");
    private static final String ANALYTIC = "analytic";
    private static final double NS_PER_US = 1e3;

    private LayerRun() {
    }

    /// How a layer's timeline is captured.
    ///
    /// @param capture what records
    /// @param steps decode steps; fewer where the workload has fewer
    /// @param file the name that the timeline will have in the run directory
    public record CaptureRequest(Capture capture, int steps, String file) {}

    /// What came of a layer.
    ///
    /// @param captured the captured run, where one was asked for and could be had
    /// @param problem why it could not
    public record Outcome(LayerResult result, Optional<CapturedRun> captured, Optional<String> problem) {}

    /// What one session's capture and plan tell.
    private record Anatomy(Optional<PhaseCost> prefill, Optional<PhaseCost> decode, List<MemoryUse> memory,
            Optional<CapturedSteps> captured, Optional<String> problem) {}

    /// Measures, then asks the plan and the memory ledger, and captures a run apart from those that are timed.
    ///
    /// @param layer the layer's id
    /// @param techniques those asked for, by id; the result names those that have an effect on this machine
    /// @param energy what to read round the runs that count
    /// @param check the numerical check of these techniques, if there was one
    /// @param request how to capture, where that is wanted
    public static Outcome of(Engine engine, String layer, List<String> techniques, Workload workload,
            EnergyMeter energy, Optional<Check> check, Optional<CaptureRequest> request) {
        Measurement m = TokenTimer.measure(engine, workload, energy);
        List<String> effective = engine instanceof CudaEngine cuda
                ? cuda.techniques().stream().sorted().toList()
                : techniques;
        Anatomy anatomy = engine instanceof CudaEngine cuda
                ? anatomy(cuda, workload, request)
                : new Anatomy(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
        Optional<Timeline> timeline = anatomy.captured.map(captured -> new Timeline(
                request.map(CaptureRequest::file).orElseThrow(), captured.steps(), captured.decodeMs(),
                m.tpotMs().map(Spread::p50), captured.run().dropped()));
        LayerResult result = new LayerResult(layer, effective, workload.promptStep(), m.ttftMs(), m.tpotMs(),
                m.interTokenMs(), m.prefillTokensPerSecond(), boxed(m), m.energyJoules(), check, anatomy.prefill,
                anatomy.decode, anatomy.memory, timeline);
        return new Outcome(result, anatomy.captured.map(CapturedSteps::run), anatomy.problem);
    }

    private static Optional<Double> boxed(Measurement m) {
        return m.decodeTokensPerSecond().isPresent()
                ? Optional.of(m.decodeTokensPerSecond().getAsDouble())
                : Optional.empty();
    }

    private static Anatomy anatomy(CudaEngine engine, Workload workload, Optional<CaptureRequest> request) {
        CudaEngine told = request.map(r -> engine.listening(r.capture.listener())).orElse(engine);
        try (CudaSession session = told.open(workload.batch(), workload.capacity(), workload.promptStep())) {
            Optional<CapturedSteps> captured = Optional.empty();
            Optional<String> problem = Optional.empty();
            if (request.isPresent()) {
                try {
                    captured = Optional.of(captured(session, request.get(), workload));
                } catch (CudaException | IllegalStateException e) {
                    problem = Optional.of(String.valueOf(e.getMessage()));
                }
            }
            List<MemoryUse> memory = engine.context().ledger().accounts().stream()
                    .filter(account -> account.bytes() > 0)
                    .map(account -> new MemoryUse(account.purpose(), account.bytes())).toList();
            Optional<PhaseCost> decode = workload.generate() == 1
                    ? Optional.empty()
                    : Optional.of(decode(session, workload.prompt(), captured));
            return new Anatomy(Optional.of(prefill(session, workload, captured)), decode, memory, captured, problem);
        }
    }

    private static CapturedSteps captured(CudaSession session, CaptureRequest request, Workload workload) {
        return CapturedSteps.of(session, request.capture, workload, workload.prompts(session.vocabulary()),
                Math.min(request.steps, workload.generate() - 1));
    }

    private static PhaseCost prefill(CudaSession session, Workload workload, Optional<CapturedSteps> captured) {
        Costs costs = new Costs(captured, CapturedSteps.PROMPT);
        int added = 0;
        for (int length = 0; length < workload.prompt(); length += added) {
            added = Math.min(workload.promptStep(), workload.prompt() - length);
            costs.add(session.plan(added), length);
        }
        costs.add(session.choicePlan(added), workload.prompt());
        return costs.phase(0, 1);
    }

    private static PhaseCost decode(CudaSession session, int length, Optional<CapturedSteps> captured) {
        Costs costs = new Costs(captured, CapturedSteps.TOKEN);
        int steps = captured.map(CapturedSteps::steps).orElse(1);
        for (int step = 0; step < steps; step++) {
            costs.add(session.plan(1), length + step);
            costs.add(session.choicePlan(1), length + step + 1);
        }
        return costs.phase(length, steps);
    }

    /// The operations of a phase taken together by name, with their captured times.
    static final class Costs {
        private final Map<String, OperationCost> byName = new LinkedHashMap<>();
        private final Map<Operation, OperationTime> times;
        private final Optional<DeviceTime> device;
        private final boolean timed;

        /// @param step the name of the outermost steps that make up the phase
        Costs(Optional<CapturedSteps> captured, String step) {
            times = captured.map(c -> c.run().operationTimes(span -> span.name().equals(step)))
                    .orElseGet(HashMap::new);
            device = captured.map(c -> c.run().deviceTime(span -> span.name().equals(step)));
            timed = captured.map(c -> c.run().attribution().unmatchedGraphs() == 0).orElse(false);
        }

        void add(List<Operation> plan, int length) {
            for (Operation operation : plan) {
                String name = PLACE.matcher(operation.name()).replaceAll("");
                // an operation that runs in several steps has its time taken once
                Optional<OperationTime> time = timed
                        ? Optional.of(Optional.ofNullable(times.remove(operation)).orElse(new OperationTime(0, 0)))
                        : Optional.empty();
                OperationCost cost = new OperationCost(name, operation.kind(), operation.implementation(),
                        operation.techniques(), 1, operation.bytes().at(length), operation.flops().at(length),
                        time.map(OperationTime::kernels), time.map(t -> t.busyNs() / NS_PER_US));
                byName.merge(name + "/" + operation.implementation(), cost, Costs::sum);
            }
        }

        PhaseCost phase(int length, int steps) {
            return new PhaseCost(ANALYTIC, length, steps,
                    device.map(d -> new DeviceUse(d.kernels(), d.extentNs() / NS_PER_US, d.busyNs() / NS_PER_US,
                            d.idleNs() / NS_PER_US, d.longestGapNs() / NS_PER_US)),
                    List.copyOf(byName.values()));
        }

        private static OperationCost sum(OperationCost a, OperationCost b) {
            return new OperationCost(a.name(), a.kind(), a.implementation(), a.techniques(), a.count() + b.count(),
                    a.bytes() + b.bytes(), a.flops() + b.flops(),
                    a.kernels().flatMap(x -> b.kernels().map(y -> x + y)),
                    a.timeUs().flatMap(x -> b.timeUs().map(y -> x + y)));
        }
    }
}
