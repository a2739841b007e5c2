package org.moelab.gpu.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Figures;
import org.moelab.gpu.bench.SweepReport.Point;
import org.moelab.gpu.bench.SweepReport.Sweep;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Engine;
import org.moelab.gpu.technique.Catalogue;

/// Measures a layer along sweeps, point by point. A point that cannot run, for want of memory as a rule, is kept with its
/// reason, and the next one runs.
public final class SweepRun {
    private final Setting setting;
    private final Progress progress;

    /// What to sweep.
    ///
    /// @param engine the loaded model
    /// @param techniques those of the layer that is swept
    /// @param workload what runs where its size is not what varies
    public record Setting(Engine engine, Catalogue catalogue, Set<String> techniques, Workload workload) {
        public Setting {
            techniques = Set.copyOf(techniques);
        }
    }

    /// Hears of what has been tried.
    public interface Progress {
        /// A point begins.
        ///
        /// @param done the share of all that is done
        void begins(double done, SweepAxis axis, String value);

        /// All that was measured so far.
        void report(SweepReport report) throws IOException;

        /// Whether to end early; what was measured is kept.
        boolean stopped();
    }

    public SweepRun(Setting setting, Progress progress) {
        this.setting = setting;
        this.progress = progress;
    }

    /// Measures the points that are asked for and not yet there.
    ///
    /// @param begun says what was asked for; with points that were measured earlier, it goes on behind them
    /// @param now tells the time, as the report has it
    /// @return what was measured; complete unless it was [Progress#stopped]
    /// @throws IOException where a report cannot be kept
    public SweepReport run(SweepReport begun, Supplier<String> now) throws IOException {
        int total = begun.asked().sweeps().stream().mapToInt(sweep -> sweep.values().size()).sum();
        int done = 0;
        SweepReport report = begun;
        List<Axis> axes = new ArrayList<>();
        for (Sweep sweep : begun.asked().sweeps()) {
            SweepAxis axis = SweepAxis.of(sweep.axis()).orElseThrow();
            List<Point> points = new ArrayList<>();
            axes.add(axis(axis, points));
            for (String value : sweep.values()) {
                if (progress.stopped()) {
                    return report;
                }
                progress.begins((double) done++ / total, axis, value);
                points.add(begun.axis(sweep.axis()).flatMap(earlier -> earlier.at(value))
                        .orElseGet(() -> measure(axis, value)));
                axes.set(axes.size() - 1, axis(axis, points));
                report = begun.with(axes, done == total, now.get());
                progress.report(report);
            }
        }
        return report;
    }

    private static Axis axis(SweepAxis axis, List<Point> points) {
        return new Axis(axis.label(), axis.what(), axis.unit(), axis.notMeasured(), points);
    }

    private Point measure(SweepAxis axis, String value) {
        Workload workload = axis.workload(setting.workload, value);
        Set<String> techniques = axis.techniques(setting.techniques, value, setting.catalogue);
        Optional<Figures> figures = Optional.empty();
        Optional<String> refused = Optional.empty();
        try {
            figures = Optional.of(Figures.of(TokenTimer.measure(engine(axis, techniques), workload)));
        } catch (CudaUnavailableException | CudaException | IllegalArgumentException e) {
            refused = Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        } catch (OutOfMemoryError e) { // of the processor's engine, whose tensors are given back by now
            refused = Optional.of("not enough memory for the Java heap: " + e.getMessage());
        }
        return new Point(value, workload.batch(), workload.prompt(), workload.generate(),
                techniques.stream().sorted().toList(), figures, refused);
    }

    private Engine engine(SweepAxis axis, Set<String> techniques) throws CudaUnavailableException {
        if (setting.engine instanceof CudaEngine cuda) {
            return cuda.with(techniques);
        }
        return switch (axis) {
            case PRECISION -> throw new CudaUnavailableException(
                    "the CPU engine computes in fp32 and knows no other form of weights");
            case GPUS -> throw new CudaUnavailableException("no GPU: the model ran on the processor");
            case BATCH, CONTEXT, PROMPT -> setting.engine;
        };
    }
}
