package org.moelab.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import org.moelab.app.expectation.Check;
import org.moelab.app.expectation.Expectations;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.Speedup;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.Gpu;
import org.moelab.gpu.bench.RunReport.GpuState;

/// What the two runs are, what differs in their conditions, and the outcome in a few lines.
final class ComparedRuns implements PairPart {
    private record Condition(String name, String field, Function<RunReport, Optional<String>> value) {}

    private static final List<Condition> CONDITIONS = List.of(
            new Condition("Model", "asked.model", r -> Optional.of(r.asked().model())),
            new Condition("Batch", "asked.batch", r -> Optional.of(Integer.toString(r.asked().batch()))),
            new Condition("Prompt", "asked.prompt", r -> Optional.of(Integer.toString(r.asked().prompt()))),
            new Condition("New tokens", "asked.generate", r -> Optional.of(Integer.toString(r.asked().generate()))),
            new Condition("Repeats", "asked.repeats", r -> Optional.of(Integer.toString(r.asked().repeats()))),
            new Condition("Ran on", "machine.device", r -> Optional.of(r.machine().device())),
            new Condition("Driver", "machine.gpu.found.driver", r -> found(r).flatMap(GpuState::driver)),
            new Condition("Multiprocessor clock then, MHz", "machine.gpu.found.sm_clock_mhz",
                    r -> found(r).flatMap(GpuState::smClockMhz).map(String::valueOf)),
            new Condition("CUDA of the driver", "versions.cuda", r -> r.versions().cuda()),
            new Condition("cuBLASLt", "versions.cublas_lt", r -> r.versions().cublasLt()),
            new Condition("JDK", "versions.java", r -> Optional.of(r.versions().java())),
            new Condition("Commit", "versions.commit", r -> r.versions().commit()),
            new Condition("System", "machine.system", r -> Optional.of(r.machine().system())),
            new Condition("Finished", "finished", RunReport::finished));

    private static Optional<GpuState> found(RunReport report) {
        return report.machine().gpu().flatMap(Gpu::found);
    }

    @Override
    public Optional<Section> of(Pair pair) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(outcome(pair));
        String differing = String.join(", ", CONDITIONS.subList(0, 4).stream().filter(c -> !same(c, pair))
                .map(c -> c.name().toLowerCase(Locale.ROOT)).toList());
        if (!differing.isEmpty()) {
            blocks.add(new Note(true, "The runs did different work (" + differing
                    + "): their times are not those of the same thing."));
        }
        if (differing.isEmpty()) {
            acrossMachines(pair).ifPresent(blocks::add);
        }
        blocks.add(conditions(pair));
        return Optional.of(new Section("summary", "Summary", blocks));
    }

    /// What repeats of one run cannot tell: how runs of one build differ from machine to machine.
    private static Optional<Block> acrossMachines(Pair pair) {
        Expectations expectations = Expectations.bundled();
        return Check.obstacle(pair.b().report(), expectations).isPresent()
                ? Optional.empty()
                : Optional.of(new Note(true,
                        "Slower and faster are judged by the repeats of each run on its machine. Runs of"
                                + " one build on machines of this kind differ by more (standard deviation: "
                                + expectations.leastNoise().about()
                                + "; docs/check.md): a smaller difference may be the machine's."));
    }

    private static boolean same(Condition condition, Pair pair) {
        return Objects.equals(condition.value.apply(pair.a().report()), condition.value.apply(pair.b().report()));
    }

    private static Block outcome(Pair pair) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("A", pair.a().name() + ": " + pair.a().about()));
        lines.add(new Line("B", pair.b().name() + ": " + pair.b().about()));
        for (RunPhase phase : Subject.PHASES) {
            for (Pair.Both both : pair.common()) {
                Optional<Speedup> speedup = ComparedLayers.speedup(both, phase);
                speedup.filter(s -> !Verdict.of(s).equals(Verdict.NOISE))
                        .ifPresent(s -> lines.add(new Line(Words.begin(both.layer()) + ", " + phase.label(),
                                Verdict.of(s) + ", " + Words.speedup(s))));
            }
        }
        if (lines.size() == 2) {
            lines.add(new Line("Outcome", pair.common().isEmpty()
                    ? "the runs have no layer in common"
                    : "no layer of both differs by more than repeats do"));
        }
        absent(pair.a(), pair.b()).ifPresent(text -> lines.add(new Line("Only in A", text)));
        absent(pair.b(), pair.a()).ifPresent(text -> lines.add(new Line("Only in B", text)));
        return new Lines(lines);
    }

    private static Optional<String> absent(StoredRun run, StoredRun other) {
        List<String> only = run.layers().stream().filter(l -> other.layer(l.layer()).isEmpty())
                .map(l -> StoredRun.layerName(l.layer())).toList();
        return only.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", only));
    }

    private static Table conditions(Pair pair) {
        Table.Builder table = Table.of("conditions", "Conditions of the two runs",
                Column.text("Condition", Basis.RECORDED, "what it is"),
                Column.text("A", Basis.RECORDED, "run.json of A, the field named beside it"),
                Column.text("B", Basis.RECORDED, "run.json of B, the field named beside it"),
                Column.text("Same", Basis.COMPUTED, "whether the two are equal"),
                Column.code("Field", Basis.RECORDED, "the path within run.json"));
        for (Condition c : CONDITIONS) {
            table.row(c.name, cell(c.value.apply(pair.a().report())), cell(c.value.apply(pair.b().report())),
                    same(c, pair) ? "yes" : "no", c.field);
        }
        return table.build();
    }

    private static Cell cell(Optional<String> value) {
        return value.<Cell>map(Cell.Text::new).orElse(new Cell.Absent("not recorded"));
    }
}
