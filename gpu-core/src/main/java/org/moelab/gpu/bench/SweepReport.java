package org.moelab.gpu.bench;

import java.util.List;
import java.util.Optional;

/// What a `sweeps.json` says: how one layer's speed follows one size at a time. `docs/schema/sweeps.schema.json` describes the
/// file.
///
/// @param version of the file's form
/// @param complete whether every point was tried; a file that says no holds what was measured until then
/// @param started when it began, ISO 8601 with the offset
/// @param finished when this was written
/// @param asked what was asked for
/// @param machine where it ran
/// @param versions of what ran
/// @param model the model's sizes
/// @param axes a sweep each
public record SweepReport(int version, boolean complete, String started, Optional<String> finished, Asked asked,
        RunReport.Machine machine, RunReport.Versions versions, RunReport.Model model, List<Axis> axes) {
    /// The form that this build writes.
    public static final int VERSION = 1;

    public SweepReport {
        axes = List.copyOf(axes);
    }

    /// What the command line asked for.
    ///
    /// @param layer the layer that is swept, by name
    /// @param batch sequences, where these are not what varies; so are the others
    /// @param repeats runs of each point that count
    /// @param device auto, cuda or cpu
    /// @param sweeps the values by axis
    public record Asked(String model, String layer, int batch, int prompt, int generate, int repeats, String device,
            List<Sweep> sweeps) {
        public Asked {
            sweeps = List.copyOf(sweeps);
        }
    }

    /// The values that one thing takes.
    ///
    /// @param axis what varies: `batch`, `context`, `precision`, `prompt` or `gpus`
    /// @param values as the command line names them
    public record Sweep(String axis, List<String> values) {
        public Sweep {
            values = List.copyOf(values);
        }
    }

    /// One sweep.
    ///
    /// @param axis what varies
    /// @param what that is, and what of a point is about it, in a sentence
    /// @param unit of the values; empty where they are names
    /// @param notMeasured what belongs to the sweep and was not measured, and why; absent where nothing is missing
    /// @param points in the order asked for; those that have not run yet are missing
    public record Axis(String axis, String what, String unit, Optional<String> notMeasured, List<Point> points) {
        public Axis {
            points = List.copyOf(points);
        }

        /// The point of a value, where it was tried.
        public Optional<Point> at(String value) {
            return points.stream().filter(point -> point.value().equals(value)).findFirst();
        }
    }

    /// One value that was tried: figures, or the reason why there are none.
    ///
    /// @param value as the command line names it
    /// @param batch sequences side by side
    /// @param prompt tokens of each prompt
    /// @param generate new tokens of each sequence
    /// @param techniques those asked for, by id
    /// @param figures what was measured
    /// @param refused why nothing was, in one line
    public record Point(String value, int batch, int prompt, int generate, List<String> techniques,
            Optional<Figures> figures, Optional<String> refused) {
        public Point {
            techniques = List.copyOf(techniques);
        }
    }

    /// What was measured of a point.
    ///
    /// @param ttft time to first token of the whole batch
    /// @param prefill prompt tokens of the whole batch a second
    /// @param tpot time per output token; absent without decode steps
    /// @param decode new tokens of the whole batch a second; absent without decode steps
    public record Figures(Figure ttft, Figure prefill, Optional<Figure> tpot, Optional<Figure> decode) {
        private static final String MILLISECONDS = "ms";
        private static final String RATE = "tokens/s";

        static Figures of(Measurement m) {
            Workload w = m.workload();
            return new Figures(Figure.of(MILLISECONDS, m.ttftMs()),
                    Figure.rate(m.ttftMs(), (double) w.batch() * w.prompt()),
                    m.tpotMs().map(tpot -> Figure.of(MILLISECONDS, tpot)),
                    m.tpotMs().map(tpot -> Figure.rate(tpot, w.batch())));
        }
    }

    /// A figure over the runs that count.
    ///
    /// @param unit of the three
    /// @param median over the runs
    /// @param low the lowest of the runs
    /// @param high the highest of the runs
    /// @param runs how many counted
    public record Figure(String unit, double median, double low, double high, long runs) {
        private static final double MS_PER_SECOND = 1e3;

        static Figure of(String unit, Spread spread) {
            return new Figure(unit, spread.p50(), spread.min(), spread.max(), spread.count());
        }

        /// So many tokens in each of these times: the longest gives the lowest rate.
        static Figure rate(Spread millis, double tokens) {
            return new Figure(Figures.RATE, tokens / millis.p50() * MS_PER_SECOND,
                    tokens / millis.max() * MS_PER_SECOND, tokens / millis.min() * MS_PER_SECOND, millis.count());
        }
    }

    /// The sweep of an axis, where it was begun.
    public Optional<Axis> axis(String name) {
        return axes.stream().filter(axis -> axis.axis().equals(name)).findFirst();
    }

    /// The same report with these axes, as it stands at a time.
    ///
    /// @param now when that is, ISO 8601 with the offset
    SweepReport with(List<Axis> measured, boolean whole, String now) {
        return new SweepReport(version, whole, started, Optional.of(now), asked, machine, versions, model, measured);
    }
}
