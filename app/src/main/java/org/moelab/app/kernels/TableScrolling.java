package org.moelab.app.kernels;

import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;

/// Brings rows of a table into view.
final class TableScrolling {
    private TableScrolling() {
    }

    /// Scrolls to a row unless all of it shows already: what a person looks at should not move without need.
    static void reveal(TableView<?> table, int row) {
        table.layout(); // or rows that have just come would count as out of view
        if (table.lookup(".virtual-flow") instanceof VirtualFlow<?> flow && flow.getFirstVisibleCell() != null
                && flow.getLastVisibleCell() != null && row >= flow.getFirstVisibleCell().getIndex()
                && row < flow.getLastVisibleCell().getIndex()) {
            return;
        }
        table.scrollTo(row);
    }
}
