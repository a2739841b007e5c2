package org.moelab.traces.compare;

import java.util.List;
import java.util.Optional;

/// A row of a comparison: what A and B spent on the same thing.
///
/// @param change what became of it
/// @param matchedBy what the sides were recognised by; of several parts the least sure
/// @param namesA what A calls it, sorted; several where work was fused
/// @param namesB what B calls it, sorted
/// @param paths the ranges that it lies in, sorted, outer and inner names joined by ` / `; empty where there are none
/// @param a what A spent
/// @param b what B spent
public record Row(Change change, MatchedBy matchedBy, List<String> namesA, List<String> namesB, List<String> paths,
        Spent a, Spent b) {
    public Row {
        namesA = List.copyOf(namesA);
        namesB = List.copyOf(namesB);
        paths = List.copyOf(paths);
    }

    /// What B spends more than A, in ns; negative where it spends less.
    public long deltaNs() {
        return b.totalNs() - a.totalNs();
    }

    /// The difference in an average step; empty where a side has fewer than two steps.
    public Optional<StepDelta> perStep() {
        int steps = Math.min(a.stepNs().size(), b.stepNs().size());
        return steps < 2 ? Optional.empty() : Optional.of(StepDelta.of(a.stepNs(), b.stepNs()));
    }

    /// What a person reads: the name, both where they differ, and what was fused into what.
    public String name() {
        if (namesA.equals(namesB) || namesB.isEmpty()) {
            return String.join(" + ", namesA);
        }
        return namesA.isEmpty()
                ? String.join(" + ", namesB)
                : String.join(" + ", namesA) + " → " + String.join(" + ", namesB);
    }
}
