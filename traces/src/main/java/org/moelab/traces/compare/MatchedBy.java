package org.moelab.traces.compare;

/// What the two sides of a row were recognised by, the surest first.
public enum MatchedBy {
    /// The full name, in the same range where there are ranges.
    NAME("name"),
    /// The name without tile sizes, lambda numbers, numbers among its template arguments and variants.
    NORMALIZED_NAME("normalised name"),
    /// The bare name of the function, without template arguments.
    FUNCTION("function"),
    /// The range or operator that both are the only unmatched work of.
    RANGE("range"),
    /// Their place in the launch order among the unmatched work of the same range.
    LAUNCH_ORDER("launch order"),
    /// Grid, block and what ran before and after.
    STRUCTURE("structure"),
    /// Nothing: the row has one side.
    NOTHING("");

    private final String title;

    MatchedBy(String title) {
        this.title = title;
    }

    /// The name in tables; empty for [#NOTHING].
    public String title() {
        return title;
    }
}
