package org.moelab.app.timeline;

/// The rows of a tree as a person has opened and closed them.
final class FoldedRows {
    private final RowTree tree;
    private final RowState[] states;
    private RowLayout layout;

    /// The rows as they are shown at first.
    FoldedRows(RowTree tree) {
        this.tree = tree;
        this.states = tree.defaultStates();
        this.layout = RowLayout.of(tree, states);
    }

    /// Where they lie.
    RowLayout layout() {
        return layout;
    }

    /// How a row is shown.
    RowState state(Row row) {
        return states[row.id()];
    }

    /// Shows a row in a given way.
    void set(Row row, RowState state) {
        states[row.id()] = state;
        layout = RowLayout.of(tree, states);
    }

    /// Opens the groups that hide a row, and the row until it shows a level.
    void openTo(Row row, int lane) {
        for (int id = row.parent(); id >= 0; id = tree.rows().get(id).parent()) {
            if (states[id] == RowState.FOLDED) {
                states[id] = RowState.OPEN;
            }
        }
        while (row.shownLanes(states[row.id()]) <= lane && states[row.id()] != RowState.FULL) {
            states[row.id()] = states[row.id()] == RowState.FOLDED ? RowState.OPEN : RowState.FULL;
        }
        layout = RowLayout.of(tree, states);
    }
}
