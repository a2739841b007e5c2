package org.moelab.app.report.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A table whose every column has a unit and a source.
///
/// @param id of its own in the document, for anchors
/// @param caption what it shows, in a sentence
/// @param columns from left to right; the first one names the row
/// @param rows from top to bottom
public record Table(String id, String caption, List<Column> columns, List<Row> rows) implements Block {
    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /// What a row is to those around it.
    public enum Rank {
        /// One of many.
        PLAIN,
        /// The sum of those that follow up to the next of its kind; their order then matters.
        GROUP,
        /// The sum of the table; last.
        SUM
    }

    /// A row.
    ///
    /// @param cells as many as the table has columns
    public record Row(Rank rank, List<Cell> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    /// Whether rows keep their meaning in another order.
    public boolean isSortable() {
        return rows.size() > 2 && rows.stream().noneMatch(r -> r.rank() == Rank.GROUP);
    }

    /// A table to be filled row by row.
    public static Builder of(String id, String caption, Column... columns) {
        return new Builder(id, caption, List.of(columns));
    }

    /// Collects rows.
    public static final class Builder {
        private final String id;
        private final String caption;
        private final List<Column> columns;
        private final List<Row> rows = new ArrayList<>();

        private Builder(String id, String caption, List<Column> columns) {
            this.id = id;
            this.caption = caption;
            this.columns = columns;
        }

        /// Adds a row: a `String`, a number, a [Cell], or an `Optional` of these a column; an empty one was not measured.
        public Builder row(Object... cells) {
            return add(Rank.PLAIN, cells);
        }

        /// Adds a row of a rank.
        public Builder add(Rank rank, Object... cells) {
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException(
                        "row of " + cells.length + " cells in a table of " + columns.size() + " columns: " + id);
            }
            List<Cell> row = new ArrayList<>(cells.length);
            for (Object cell : cells) {
                row.add(cell(cell));
            }
            rows.add(new Row(rank, row));
            return this;
        }

        private static Cell cell(Object value) {
            return switch (value) {
                case Cell c -> c;
                case String s -> new Cell.Text(s);
                case Double d -> Double.isNaN(d) ? Cell.NOT_MEASURED : new Cell.Value(d);
                case Number n -> new Cell.Value(n.doubleValue());
                case Optional<?> o -> o.isPresent() ? cell(o.get()) : Cell.NOT_MEASURED;
                default -> throw new IllegalArgumentException("no cell holds a " + value.getClass());
            };
        }

        public Table build() {
            return new Table(id, caption, columns, rows);
        }
    }
}
