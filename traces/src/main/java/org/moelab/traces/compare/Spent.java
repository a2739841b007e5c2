package org.moelab.traces.compare;

import java.util.List;

/// What one recording spent on a row.
///
/// @param calls how many pieces of work
/// @param totalNs the sum of their durations
/// @param stepNs of that, what each step launched, in the order of the steps; empty where the recording has no steps
public record Spent(long calls, long totalNs, List<Long> stepNs) {
    /// Nothing at all.
    public static final Spent NOTHING = new Spent(0, 0, List.of());

    public Spent {
        stepNs = List.copyOf(stepNs);
    }

    /// Mean duration of a call, 0 where there is none.
    public double meanNs() {
        return calls == 0 ? 0 : (double) totalNs / calls;
    }
}
