package org.moelab.app.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.moelab.gpu.bench.DeviceCeilings;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;
import org.moelab.gpu.bench.RunReport.PhaseCost;
import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Ceiling;
import org.moelab.traces.roofline.Ceilings;
import org.moelab.traces.roofline.KernelWork;
import org.moelab.traces.roofline.MemoryLevel;
import org.moelab.traces.roofline.Precision;
import org.moelab.traces.roofline.RooflinePointSource;

/// The operations of a layer as points' work: bytes and operations from their shapes, the time as captured, under the
/// ceilings that the run itself measured.
///
/// Which arithmetic units ran an operation is not in a report. Products (the families of matrix products, attention and
/// unembedding) stand under the roof of BF16 products on the tensor cores, which could do them, those whose implementation
/// says fp8 under that of FP8; all other work under that of FP32.
public final class RunRoofline implements RooflinePointSource {
    private final StoredRun run;
    private final LayerResult layer;
    private final RunPhase phase;
    private final List<KernelWork> work = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    /// The points of a layer in a phase.
    public RunRoofline(StoredRun run, LayerResult layer, RunPhase phase) {
        this.run = run;
        this.layer = layer;
        this.phase = phase;
        phase.cost(layer).ifPresentOrElse(this::add,
                () -> missing.add(StoredRun.layerName(layer.layer()) + " has no operations in " + phase.label()
                        + ": it ran without a plan, which GPUs have"));
    }

    private void add(PhaseCost cost) {
        int untimed = 0;
        for (OperationCost operation : cost.operations()) {
            double timeNs = operation.timeUs().orElse(0.0) * 1e3;
            if (timeNs > 0) {
                work.add(new KernelWork(operation.name(), operation.count(), timeNs,
                        Map.of(MemoryLevel.HBM, (double) operation.bytes()),
                        Map.of(precision(operation), (double) operation.flops()), KernelWork.Basis.ANALYTIC,
                        run.report().machine().device(), operation.kind()));
            } else {
                untimed++;
            }
        }
        if (untimed > 0) {
            missing.add(untimed + " of " + cost.operations().size() + " operations of "
                    + StoredRun.layerName(layer.layer()) + " have no captured time in " + phase.label()
                    + "; " + HowTo.CAPTURE);
        }
    }

    private static Precision precision(OperationCost operation) {
        if (operation.implementation().toLowerCase(Locale.ROOT).contains("fp8")) {
            return Precision.FP8;
        }
        return switch (operation.kind()) {
            case "dense matmul", "expert matmul", "attention", "unembedding and sampling" -> Precision.BF16;
            default -> Precision.FP32;
        };
    }

    @Override
    public List<KernelWork> work() {
        return List.copyOf(work);
    }

    @Override
    public Ceilings ceilings() {
        String machine = run.report().machine().device();
        Optional<DeviceCeilings> measured = run.report().ceilings();
        if (measured.isEmpty()) {
            return Ceilings.unknown(machine);
        }
        DeviceCeilings reached = measured.get();
        Map<Precision, Ceiling> rates = new EnumMap<>(Precision.class);
        rates.put(Precision.FP32, ceiling(reached.fp32FlopPerSecond(), "multiply-adds in this run"));
        reached.bf16FlopPerSecond()
                .ifPresent(rate -> rates.put(Precision.BF16, ceiling(rate, "product of 8192² matrices in this run")));
        return new Ceilings(machine, Map.of(MemoryLevel.HBM, ceiling(reached.readBytesPerSecond(),
                "reading " + Unit.BYTES.format(reached.bufferBytes()) + " in this run")), rates);
    }

    private static Ceiling ceiling(double perSecond, String source) {
        return new Ceiling(perSecond, Ceiling.Origin.MEASURED, source);
    }

    @Override
    public List<String> missing() {
        return List.copyOf(missing);
    }
}
