package org.moelab.app.tables;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;

/// Any [ReportTable] on the screen: figures aligned right, formulas on the headings, columns that sort.
public final class ReportTableView extends TableView<List<Cell>> {
    private static final double LETTER = 6.6;
    private static final double PADDING = 18;
    private static final double MOST_WIDTH = 260;
    /// Beyond these rows a text is not looked at to find a column's width.
    private static final int SAMPLE = 200;

    private ReportTable shown = new ReportTable(List.of(), List.of());

    /// Shows the table, or what is said where there is none.
    public ReportTableView(ObservableValue<Optional<ReportTable>> table, ObservableValue<String> nothing) {
        Label label = new Label();
        label.textProperty().bind(nothing);
        label.setWrapText(true);
        label.getStyleClass().add("placeholder-text");
        setPlaceholder(label);
        setMinSize(0, 0);
        table.subscribe(now -> show(now.orElse(new ReportTable(List.of(), List.of()))));
    }

    private void show(ReportTable table) {
        if (table.equals(shown)) {
            return;
        }
        shown = table;
        List<String> names = table.columns().stream().map(Column::name).toList();
        if (!names.equals(getColumns().stream().map(TableColumn::getUserData).toList())) {
            getColumns().clear();
            for (int i = 0; i < table.columns().size(); i++) {
                getColumns().add(column(table, i));
            }
        }
        // what the columns were sorted by holds for the rows of another layer, too
        getItems().setAll(table.rows());
        sort();
    }

    private static TableColumn<List<Cell>, Cell> column(ReportTable table, int index) {
        Column of = table.columns().get(index);
        TableColumn<List<Cell>, Cell> column = new TableColumn<>();
        boolean text = table.rows().stream().limit(SAMPLE).anyMatch(row -> row.get(index) instanceof Cell.Text);
        TableColumns.head(column, of.name(), of.formula(), width(table, index));
        column.setUserData(of.name());
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue().get(index)));
        column.setComparator(ReportTableView::compare);
        column.setCellFactory(_ -> new ValueCell(of, text));
        if (!text) {
            column.getStyleClass().add("figure-column");
        }
        return column;
    }

    private static double width(ReportTable table, int index) {
        Column of = table.columns().get(index);
        int longest = table.rows().stream().limit(SAMPLE).mapToInt(row -> text(row.get(index), of).length()).max()
                .orElse(0);
        return Math.min(MOST_WIDTH, Math.max(of.name().length(), longest) * LETTER + PADDING);
    }

    private static String text(Cell cell, Column of) {
        return switch (cell) {
            case Cell.Text(String value) -> value;
            case Cell.Whole(long value) -> String.format(Locale.ROOT, "%,d", value);
            case Cell.Real(double value) when of.decimals() >= 0 -> String.format(Locale.ROOT,
                    "%,." + of.decimals() + "f", value);
            case Cell.Real(double value) -> Double.toString(value);
            case Cell.Missing _ -> "";
        };
    }

    /// Figures by size, texts by letter, what is missing before both.
    private static int compare(Cell a, Cell b) {
        return a instanceof Cell.Text(String x) && b instanceof Cell.Text(String y)
                ? x.compareToIgnoreCase(y)
                : Double.compare(size(a), size(b));
    }

    private static double size(Cell cell) {
        return switch (cell) {
            case Cell.Whole(long value) -> value;
            case Cell.Real(double value) -> value;
            case Cell.Text _,Cell.Missing _ -> Double.NEGATIVE_INFINITY;
        };
    }

    private static final class ValueCell extends TableCell<List<Cell>, Cell> {
        private final Column column;

        ValueCell(Column column, boolean text) {
            this.column = column;
            if (!text) {
                getStyleClass().add("figures");
                setAlignment(Pos.CENTER_RIGHT);
            }
        }

        @Override
        protected void updateItem(Cell cell, boolean empty) {
            super.updateItem(cell, empty);
            setText(empty || cell == null ? "" : text(cell, column));
        }
    }
}
