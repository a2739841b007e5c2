package org.moelab.app.expectation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.gpu.bench.RunReport;

/// What runs are expected to measure, made from runs that were: `docs/schema/expectations.schema.json` describes the file.
///
/// @param version of the file's form
/// @param madeFrom the runs, the oldest first
/// @param leastNoise what is supposed of any figure at least
/// @param workloads what was measured, by device, model and sizes
public record Expectations(int version, List<Source> madeFrom, LeastNoise leastNoise, List<Expected> workloads) {
    /// The form that this build writes and reads.
    public static final int VERSION = 1;

    public Expectations {
        madeFrom = List.copyOf(madeFrom);
        workloads = List.copyOf(workloads);
    }

    /// A run that expectations were made from.
    ///
    /// @param name its directory's
    /// @param started when it began
    /// @param commit of the source of the build that ran
    /// @param driver of the GPU
    public record Source(String name, Optional<String> started, Optional<String> commit, Optional<String> driver) {
        /// Of a run in a directory of this name.
        static Source of(String name, RunReport run) {
            return new Source(name, run.started(), run.versions().commit(),
                    run.machine().gpu().flatMap(RunReport.Gpu::found).flatMap(RunReport.GpuState::driver));
        }
    }

    /// What is expected of a workload.
    public record Expected(Workload workload, List<LayerExpectation> layers) {
        public Expected {
            layers = List.copyOf(layers);
        }
    }

    /// What is expected of a layer.
    ///
    /// @param layer its id
    /// @param techniques those that were on
    /// @param ttftMs time to first token of the whole batch, in milliseconds
    /// @param tpotMs time per output token, in milliseconds; absent without decode steps
    /// @param prefillTokensPerSecond at the median TTFT
    /// @param decodeTokensPerSecond at the median TPOT
    /// @param prefill the operations of the whole prompt; empty where none was captured
    /// @param decode the operations of a decode step
    public record LayerExpectation(String layer, List<String> techniques, Figure ttftMs, Optional<Figure> tpotMs,
            double prefillTokensPerSecond, Optional<Double> decodeTokensPerSecond, List<OperationExpectation> prefill,
            List<OperationExpectation> decode) {
        public LayerExpectation {
            techniques = List.copyOf(techniques);
            prefill = List.copyOf(prefill);
            decode = List.copyOf(decode);
        }
    }

    /// What is expected of operations of one name in a step, all layers of the model together.
    ///
    /// @param timeUs in microseconds a step
    public record OperationExpectation(String name, String implementation, Figure timeUs) {}

    /// Where a layer's times are expected.
    ///
    /// @param runs how many runs tell so
    public record Marks(Figure.Range ttftMs, Optional<Figure.Range> tpotMs, int runs) {}

    /// Those that come with this build, from the runs in `docs/runs`.
    public static Expectations bundled() {
        return Bundled.EXPECTATIONS;
    }

    private static final class Bundled {
        private static final Expectations EXPECTATIONS = ExpectationFile.bundled();
    }

    /// The expectations of some runs.
    ///
    /// @throws IllegalArgumentException where there is none
    public static Expectations from(List<Learning.NamedRun> runs) {
        return Learning.from(runs);
    }

    /// What is expected of a workload; empty where nothing like it was measured.
    Optional<Expected> of(Workload workload) {
        return workloads.stream().filter(e -> e.workload.equals(workload)).findFirst();
    }

    /// Where the times of a layer of a run are expected; empty where nothing like it was measured.
    public Optional<Marks> of(RunReport run, String layer) {
        return of(Workload.of(run)).flatMap(e -> e.layers.stream().filter(l -> l.layer.equals(layer)).findFirst())
                .map(l -> new Marks(l.ttftMs.range(leastNoise.ttft().value()),
                        l.tpotMs.map(f -> f.range(leastNoise.tpot().value())), l.ttftMs.runs()));
    }

    /// What was measured, in words.
    String holds() {
        List<Workload> all = new ArrayList<>();
        workloads.forEach(e -> all.add(e.workload));
        return Workload.about(all);
    }
}
