package org.moelab.traces.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.moelab.traces.compare.Work.Group;
import org.moelab.traces.model.EventKind;

/// Finds which groups of work of two recordings are the same work, by the surest sign first: full name in the same range,
/// full name, normalised name, function, being alone in a range, launch order in a range, structure.
///
/// Every step treats A and B alike, so that matching B with A gives the same pairs the other way round.
final class WorkMatch {
    /// Groups that are the same work; one side is empty for work that only the other has.
    record Pair(List<Group> a, List<Group> b, Change change, MatchedBy by) {
        Pair {
            a = List.copyOf(a);
            b = List.copyOf(b);
        }
    }

    /// One recording's groups and which pair each belongs to, -1 for none yet.
    private static final class Side {
        final List<Group> groups;
        final int[] pair;

        Side(Work work) {
            groups = work.groups();
            pair = new int[groups.size()];
            Arrays.fill(pair, -1);
        }

        List<Group> unmatched() {
            return groups.stream().filter(g -> pair[g.id()] < 0).toList();
        }

        <K> Map<K, List<Group>> unmatchedBy(Function<Group, Optional<K>> key) {
            Map<K, List<Group>> buckets = new LinkedHashMap<>();
            for (Group group : unmatched()) {
                key.apply(group).ifPresent(k -> buckets.computeIfAbsent(k, _ -> new ArrayList<>()).add(group));
            }
            return buckets;
        }

        /// The pair that a neighbour belongs to.
        int pairOf(int group) {
            return group < 0 ? -1 : pair[group];
        }
    }

    private record Named(EventKind kind, String name, String path) {}

    private record Placed(EventKind kind, String shape, int before, int after) {}

    private final Side a;
    private final Side b;
    private final List<Pair> pairs = new ArrayList<>();
    private final Map<String, String> normalNames = new HashMap<>();

    private WorkMatch(Work a, Work b) {
        this.a = new Side(a);
        this.b = new Side(b);
    }

    /// The pairs, which together hold each group of both once.
    static List<Pair> of(Work a, Work b) {
        WorkMatch match = new WorkMatch(a, b);
        match.byKey(g -> new Named(g.kind(), g.name(), g.path()), MatchedBy.NAME);
        match.byKey(g -> new Named(g.kind(), g.name(), ""), MatchedBy.NAME);
        match.byKey(g -> new Named(g.kind(), match.normal(g), g.path()), MatchedBy.NORMALIZED_NAME);
        match.byKey(g -> new Named(g.kind(), match.normal(g), ""), MatchedBy.NORMALIZED_NAME);
        match.byFunction();
        match.byRange();
        match.byStructure();
        match.leftOver();
        return List.copyOf(match.pairs);
    }

    private String normal(Group group) {
        return switch (group.kind()) {
            case KERNEL -> normalNames.computeIfAbsent(group.name(), NormalName::of);
            case MEMCPY, MEMSET -> NormalName.ofCopy(group.name());
            default -> group.name();
        };
    }

    private void add(List<Group> fromA, List<Group> fromB, Change change, MatchedBy by) {
        fromA.forEach(g -> a.pair[g.id()] = pairs.size());
        fromB.forEach(g -> b.pair[g.id()] = pairs.size());
        pairs.add(new Pair(fromA, fromB, change, by));
    }

    private void byKey(Function<Group, Named> key, MatchedBy by) {
        Map<Named, List<Group>> inB = b.unmatchedBy(g -> Optional.of(key.apply(g)));
        a.unmatchedBy(g -> Optional.of(key.apply(g))).forEach((k, inA) -> {
            if (inB.containsKey(k)) {
                add(inA, inB.get(k), Change.MATCHED, by);
            }
        });
    }

    /// A function's name says little where several of its instances are left: only a single one on each side matches.
    private void byFunction() {
        Function<Group, Optional<Named>> key = g -> g.kind() == EventKind.KERNEL
                ? Optional.of(new Named(g.kind(), NormalName.function(g.name()), g.path()))
                : Optional.empty();
        Map<Named, List<Group>> inB = b.unmatchedBy(key);
        a.unmatchedBy(key).forEach((k, inA) -> {
            List<Group> others = inB.getOrDefault(k, List.of());
            if (inA.size() == 1 && others.size() == 1) {
                add(inA, others, Change.MATCHED, MatchedBy.FUNCTION);
            }
        });
    }

    private void byRange() {
        Function<Group, Optional<Named>> key = g -> g.path().isEmpty()
                ? Optional.empty()
                : Optional.of(new Named(g.kind(), "", g.path()));
        Map<Named, List<Group>> inB = b.unmatchedBy(key);
        a.unmatchedBy(key).forEach((k, inA) -> {
            if (inB.containsKey(k)) {
                withinRange(new ArrayList<>(inA), new ArrayList<>(inB.get(k)));
            }
        });
    }

    /// Matches what is left of both under one range.
    private void withinRange(List<Group> inA, List<Group> inB) {
        if (inA.size() == inB.size()) {
            for (int i = 0; i < inA.size(); i++) {
                add(List.of(inA.get(i)), List.of(inB.get(i)), Change.MATCHED,
                        inA.size() == 1 ? MatchedBy.RANGE : MatchedBy.LAUNCH_ORDER);
            }
        } else if (inA.size() == 1 || inB.size() == 1) {
            add(inA, inB, inA.size() > 1 ? Change.FUSED : Change.SPLIT, MatchedBy.RANGE);
        } else if (takeEqualShapes(inA, inB) && !inA.isEmpty() && !inB.isEmpty()) {
            withinRange(inA, inB);
        }
    }

    /// Matches groups whose grid and block only they have, and takes them out of the lists.
    ///
    /// @return whether there were any
    private boolean takeEqualShapes(List<Group> inA, List<Group> inB) {
        List<Group> left = List.copyOf(inA);
        boolean any = false;
        for (Group group : left) {
            List<Group> alike = inB.stream().filter(g -> g.shape().equals(group.shape())).toList();
            boolean alone = left.stream().filter(g -> g.shape().equals(group.shape())).count() == 1;
            if (!group.shape().isEmpty() && alone && alike.size() == 1) {
                add(List.of(group), alike, Change.MATCHED, MatchedBy.STRUCTURE);
                inA.remove(group);
                inB.removeAll(alike);
                any = true;
            }
        }
        return any;
    }

    private void byStructure() {
        Map<Placed, List<Group>> inB = b.unmatchedBy(g -> placed(b, g));
        a.unmatchedBy(g -> placed(a, g)).forEach((k, inA) -> {
            List<Group> others = inB.getOrDefault(k, List.of());
            if (inA.size() == 1 && others.size() == 1) {
                add(inA, others, Change.MATCHED, MatchedBy.STRUCTURE);
            }
        });
    }

    private static Optional<Placed> placed(Side side, Group group) {
        int before = side.pairOf(group.before());
        int after = side.pairOf(group.after());
        return group.shape().isEmpty() || before < 0 || after < 0
                ? Optional.empty()
                : Optional.of(new Placed(group.kind(), group.shape(), before, after));
    }

    /// What one side has alone: a name that is matched elsewhere ran in fewer ranges, any other was added or removed.
    private void leftOver() {
        Set<Named> known = new HashSet<>();
        for (Pair pair : pairs) {
            if (pair.by() == MatchedBy.NAME) {
                pair.a().forEach(g -> known.add(new Named(g.kind(), g.name(), "")));
            }
        }
        for (Group group : a.unmatched()) {
            boolean matched = known.contains(new Named(group.kind(), group.name(), ""));
            add(List.of(group), List.of(), matched ? Change.MATCHED : Change.REMOVED,
                    matched ? MatchedBy.NAME : MatchedBy.NOTHING);
        }
        for (Group group : b.unmatched()) {
            boolean matched = known.contains(new Named(group.kind(), group.name(), ""));
            add(List.of(), List.of(group), matched ? Change.MATCHED : Change.ADDED,
                    matched ? MatchedBy.NAME : MatchedBy.NOTHING);
        }
    }
}
