package org.moelab.traces.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

import org.moelab.traces.compare.Work.Group;
import org.moelab.traces.compare.WorkMatch.Pair;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelClassifier;

/// Two recordings against each other. Every piece of device work of both is in exactly one row, so that the rows' differences
/// sum to the difference of the device time, to the nanosecond. Comparing B with A gives the same rows with sides and signs
/// exchanged.
///
/// @param by what the rows stand for
/// @param rows the largest difference first, then by name
/// @param a the recording that the other is compared with
/// @param b the other
public record Comparison(Grouping by, List<Row> rows, Side a, Side b) {
    /// What work without a range is listed under when rows are ranges.
    public static final String NO_RANGE = "(no range)";

    public Comparison {
        rows = List.copyOf(rows);
    }

    /// One of the two recordings.
    ///
    /// @param files what it was read from
    /// @param steps how many steps it has, 0 where none are marked
    /// @param wall where its devices' time went; empty for profiled kernels, which have durations and no times
    public record Side(List<Path> files, int steps, Optional<WallTime> wall) {
        public Side {
            files = List.copyOf(files);
        }
    }

    /// Why the two cannot be compared, as a sentence; empty where they can.
    public static Optional<String> obstacle(Recording a, Recording b) {
        return a instanceof Trace == b instanceof Trace
                ? Optional.empty()
                : Optional.of("a timeline and profiled kernels have nothing that could be compared");
    }

    /// Compares two timelines, or two reports of profiled kernels.
    ///
    /// @throws IllegalArgumentException where [#obstacle] tells why not
    public static Comparison of(Recording a, Recording b, Grouping by) {
        obstacle(a, b).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        Work workA = WorkBuilder.of(a);
        Work workB = WorkBuilder.of(b);
        RowCollector rows = new RowCollector(workA.steps(), workB.steps());
        switch (by) {
            case KERNEL -> WorkMatch.of(workA, workB).forEach(rows::add);
            case RANGE -> rows.addAll(workA, workB, g -> g.path().isEmpty() ? NO_RANGE : g.path());
            case KIND -> rows.addAll(workA, workB, g -> KernelClassifier.HTA.of(g.name(), g.kind()).name()
                    .toLowerCase(Locale.ROOT));
        }
        return new Comparison(by, rows.sorted(), side(a, workA), side(b, workB));
    }

    private static Side side(Recording recording, Work work) {
        return new Side(recording.info().files(), work.steps(), switch (recording) {
            case Trace trace -> Optional.of(WallTime.of(trace));
            case KernelReport _ -> Optional.empty();
        });
    }

    /// Device time of A: the sum of the durations of all its work.
    public long totalANs() {
        return rows.stream().mapToLong(r -> r.a().totalNs()).sum();
    }

    /// Device time of B.
    public long totalBNs() {
        return rows.stream().mapToLong(r -> r.b().totalNs()).sum();
    }

    /// What B spends more, which is the sum of the rows' differences.
    public long deltaNs() {
        return totalBNs() - totalANs();
    }

    /// Whether both have the two steps that a spread between steps needs.
    public boolean hasSteps() {
        return Math.min(a.steps(), b.steps()) >= 2;
    }

    /// Puts groups together that belong into one row.
    private static final class RowCollector {
        private record Key(Change change, String kind, List<String> namesA, List<String> namesB) {}

        private static final class Gathered {
            final List<Group> a = new ArrayList<>();
            final List<Group> b = new ArrayList<>();
            MatchedBy by = MatchedBy.NAME;
        }

        private final int stepsA;
        private final int stepsB;
        private final Map<Key, Gathered> rows = new LinkedHashMap<>();

        RowCollector(int stepsA, int stepsB) {
            this.stepsA = stepsA;
            this.stepsB = stepsB;
        }

        void add(Pair pair) {
            List<String> namesA = names(pair.a());
            List<String> namesB = names(pair.b());
            if (pair.by() == MatchedBy.NAME) {
                // a name that ran in a further range of one side belongs to the row of that name
                namesA = namesA.isEmpty() ? namesB : namesA;
                namesB = namesA;
            }
            String kind = Stream.concat(pair.a().stream(), pair.b().stream()).map(g -> g.kind().name()).findFirst()
                    .orElse("");
            Gathered row = rows.computeIfAbsent(new Key(pair.change(), kind, namesA, namesB), _ -> new Gathered());
            row.a.addAll(pair.a());
            row.b.addAll(pair.b());
            row.by = row.by.compareTo(pair.by()) >= 0 ? row.by : pair.by();
        }

        void addAll(Work a, Work b, Function<Group, String> name) {
            Map<String, Gathered> byName = new LinkedHashMap<>();
            a.groups().forEach(g -> byName.computeIfAbsent(name.apply(g), _ -> new Gathered()).a.add(g));
            b.groups().forEach(g -> byName.computeIfAbsent(name.apply(g), _ -> new Gathered()).b.add(g));
            byName.forEach((n, row) -> {
                List<String> namesA = row.a.isEmpty() ? List.of() : List.of(n);
                List<String> namesB = row.b.isEmpty() ? List.of() : List.of(n);
                Change change = row.a.isEmpty() ? Change.ADDED : row.b.isEmpty() ? Change.REMOVED : Change.MATCHED;
                row.by = change == Change.MATCHED ? MatchedBy.NAME : MatchedBy.NOTHING;
                rows.put(new Key(change, "", namesA, namesB), row);
            });
        }

        List<Row> sorted() {
            return rows.entrySet().stream().map(e -> row(e.getKey(), e.getValue()))
                    .sorted(Comparator.<Row>comparingLong(r -> -Math.abs(r.deltaNs()))
                            .thenComparingLong(r -> -Math.max(r.a().totalNs(), r.b().totalNs()))
                            .thenComparing(r -> new TreeSet<>(Stream.concat(r.namesA().stream(),
                                    r.namesB().stream()).toList()).toString()))
                    .toList();
        }

        private Row row(Key key, Gathered gathered) {
            TreeSet<String> paths = new TreeSet<>();
            gathered.a.forEach(g -> paths.add(g.path()));
            gathered.b.forEach(g -> paths.add(g.path()));
            paths.remove("");
            return new Row(key.change, gathered.by, key.namesA, key.namesB, List.copyOf(paths),
                    spent(gathered.a, stepsA), spent(gathered.b, stepsB));
        }

        private static Spent spent(List<Group> groups, int steps) {
            List<Long> stepNs = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                int i = step;
                stepNs.add(groups.stream().mapToLong(g -> g.spent().stepNs().get(i)).sum());
            }
            return new Spent(groups.stream().mapToLong(g -> g.spent().calls()).sum(),
                    groups.stream().mapToLong(g -> g.spent().totalNs()).sum(), stepNs);
        }

        private static List<String> names(List<Group> groups) {
            return groups.stream().map(Group::name).distinct().sorted().toList();
        }
    }
}
