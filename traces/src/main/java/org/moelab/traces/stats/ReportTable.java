package org.moelab.traces.stats;

import java.util.ArrayList;
import java.util.List;

import org.moelab.traces.model.Unit;

/// A report's result: typed columns and rows of cells.
///
/// @param columns name, unit and formula of each column
/// @param rows cells, as many a row as there are columns
public record ReportTable(List<Column> columns, List<List<Cell>> rows) {
    public ReportTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /// @param name the heading in a CSV file, the reference tool's own: `Total Time (ns)`
    /// @param unit the unit of its figures, for people
    /// @param formula what the figure is and how it is computed, in a sentence
    /// @param decimals digits after the point in text and CSV, or -1 for as many as the double needs
    public record Column(String name, Unit unit, String formula, int decimals) {
        /// A column of text.
        public static Column text(String name, String formula) {
            return new Column(name, Unit.NONE, formula, -1);
        }

        /// A column of whole numbers.
        public static Column whole(String name, Unit unit, String formula) {
            return new Column(name, unit, formula, 0);
        }

        /// A column of numbers with this many decimals, -1 for all that the double needs.
        public static Column real(String name, Unit unit, String formula, int decimals) {
            return new Column(name, unit, formula, decimals);
        }
    }

    /// A figure, a text, or the absence of one.
    public sealed interface Cell {
        /// Text.
        record Text(String value) implements Cell {}

        /// A whole number.
        record Whole(long value) implements Cell {}

        /// A number with a fraction.
        record Real(double value) implements Cell {}

        /// Not measured, or not defined here.
        enum Missing implements Cell {
            MISSING
        }

        static Cell of(String value) {
            return new Text(value);
        }

        static Cell of(long value) {
            return new Whole(value);
        }

        /// NaN becomes [Missing].
        static Cell of(double value) {
            return Double.isNaN(value) ? Missing.MISSING : new Real(value);
        }
    }

    /// A table with these columns, to be filled row by row.
    public static Builder builder(Column... columns) {
        return new Builder(List.of(columns));
    }

    /// Collects rows.
    public static final class Builder {
        private final List<Column> columns;
        private final List<List<Cell>> rows = new ArrayList<>();

        private Builder(List<Column> columns) {
            this.columns = columns;
        }

        /// Adds a row: a `String`, `Long`, `Integer`, `Double` or [Cell] a column.
        public Builder row(Object... cells) {
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException(
                        "row of " + cells.length + " cells in a table of " + columns.size() + " columns");
            }
            List<Cell> row = new ArrayList<>(cells.length);
            for (Object cell : cells) {
                row.add(switch (cell) {
                    case Cell c -> c;
                    case String s -> Cell.of(s);
                    case Long l -> Cell.of(l);
                    case Integer i -> Cell.of((long) i);
                    case Double d -> Cell.of(d);
                    default -> throw new IllegalArgumentException("no cell holds a " + cell.getClass());
                });
            }
            rows.add(List.copyOf(row));
            return this;
        }

        public ReportTable build() {
            return new ReportTable(columns, rows);
        }
    }
}
