package org.moelab.gpu.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.moelab.gpu.bench.RunReport.Check;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.MemoryUse;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.CudaSession;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.engine.Operation;

/// Runs a workload with one layer's techniques and tells what came of it.
public final class LayerRun {
    private static final Pattern PLACE = Pattern.compile("^layer \\d+/| of sequence \\d+$");
    private static final String ANALYTIC = "analytic";

    private LayerRun() {
    }

    /// Measures, then asks the plan and the memory ledger.
    ///
    /// @param layer the layer's id
    /// @param techniques those asked for, by id; the result names those that have an effect on this machine
    /// @param energy what to read round the runs that count
    /// @param check the numerical check of these techniques, if there was one
    public static LayerResult of(Engine engine, String layer, List<String> techniques, Workload workload,
            EnergyMeter energy, Optional<Check> check) {
        Measurement m = TokenTimer.measure(engine, workload, energy);
        Optional<PhaseCost> prefill = Optional.empty();
        Optional<PhaseCost> decode = Optional.empty();
        List<MemoryUse> memory = List.of();
        List<String> effective = engine instanceof CudaEngine cuda
                ? cuda.techniques().stream().sorted().toList()
                : techniques;
        if (engine instanceof CudaEngine cuda) {
            try (CudaSession session = cuda.open(workload.batch(), workload.capacity(), workload.promptStep())) {
                prefill = Optional.of(prefill(session, workload));
                decode = workload.generate() == 1 ? Optional.empty() : Optional.of(decode(session, workload.prompt()));
                memory = cuda.context().ledger().accounts().stream().filter(account -> account.bytes() > 0)
                        .map(account -> new MemoryUse(account.purpose(), account.bytes())).toList();
            }
        }
        return new LayerResult(layer, effective, workload.promptStep(), m.ttftMs(), m.tpotMs(), m.interTokenMs(),
                m.prefillTokensPerSecond(), boxed(m), m.energyJoules(), check, prefill, decode, memory);
    }

    private static Optional<Double> boxed(Measurement m) {
        return m.decodeTokensPerSecond().isPresent()
                ? Optional.of(m.decodeTokensPerSecond().getAsDouble())
                : Optional.empty();
    }

    private static PhaseCost prefill(CudaSession session, Workload workload) {
        Map<String, OperationCost> costs = new LinkedHashMap<>();
        int added = 0;
        for (int length = 0; length < workload.prompt(); length += added) {
            added = Math.min(workload.promptStep(), workload.prompt() - length);
            add(costs, session.plan(added), length);
        }
        add(costs, session.choicePlan(added), workload.prompt());
        return new PhaseCost(ANALYTIC, 0, List.copyOf(costs.values()));
    }

    private static PhaseCost decode(CudaSession session, int length) {
        Map<String, OperationCost> costs = new LinkedHashMap<>();
        add(costs, session.plan(1), length);
        add(costs, session.choicePlan(1), length + 1);
        return new PhaseCost(ANALYTIC, length, List.copyOf(costs.values()));
    }

    private static void add(Map<String, OperationCost> costs, List<Operation> plan, int length) {
        for (Operation operation : plan) {
            String name = PLACE.matcher(operation.name()).replaceAll("");
            OperationCost cost = new OperationCost(name, operation.kind(), operation.implementation(),
                    operation.techniques(), 1, operation.bytes().at(length), operation.flops().at(length));
            costs.merge(name + "/" + operation.implementation(), cost, LayerRun::sum);
        }
    }

    private static OperationCost sum(OperationCost a, OperationCost b) {
        return new OperationCost(a.name(), a.kind(), a.implementation(), a.techniques(), a.count() + b.count(),
                a.bytes() + b.bytes(), a.flops() + b.flops());
    }
}
