package org.moelab.app.tables;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import org.moelab.app.theme.Tip;
import org.moelab.app.theme.OperationKind;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;

/// The columns that tables of kernels and other events share.
public final class TableColumns {
    private static final double LONGEST_NAME = 4000;

    private TableColumns() {
    }

    /// What a name column shows of a row.
    ///
    /// @param label the name as short as it stays clear
    /// @param full the whole name
    /// @param kind the family, shown by its colour
    public record Name(String label, String full, OperationKind kind) {}

    /// The name with the colour of its family; takes the width that the others leave.
    public static <R> TableColumn<R, Name> name(Function<R, Name> value) {
        return name("Kernel", "the name as short as it stays clear; the whole name shows on hover", value);
    }

    /// The name of something other than a kernel, with the colour of its family.
    public static <R> TableColumn<R, Name> name(String title, String explanation, Function<R, Name> value) {
        TableColumn<R, Name> column = new TableColumn<>();
        head(column, title, explanation, 230);
        column.setMaxWidth(LONGEST_NAME);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        column.setComparator((a, b) -> a.label().compareToIgnoreCase(b.label()));
        column.setCellFactory(_ -> new NameCell<>());
        return column;
    }

    /// A figure, aligned right; nothing where it is NaN.
    public static <R> TableColumn<R, Number> figure(String title, double width, int decimals, String formula,
            ToDoubleFunction<R> value) {
        TableColumn<R, Number> column = new TableColumn<>();
        head(column, title, formula, width);
        column.getStyleClass().add("figure-column");
        column.setMinWidth(width);
        column.setMaxWidth(width * 1.3);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.applyAsDouble(row.getValue())));
        column.setCellFactory(_ -> new FigureCell<>(decimals));
        return column;
    }

    /// A text.
    public static <R> TableColumn<R, String> text(String title, double width, String explanation,
            Function<R, String> value) {
        TableColumn<R, String> column = new TableColumn<>();
        head(column, title, explanation, width);
        column.setMaxWidth(width * 2);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        return column;
    }

    static void head(TableColumn<?, ?> column, String title, String explanation, double width) {
        Label label = new Label(title);
        Tip.on(label, explanation);
        column.setGraphic(label);
        column.setId("column-" + title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
        column.setPrefWidth(width);
        column.setMinWidth(width * 0.6);
    }

    private static final class FigureCell<R> extends TableCell<R, Number> {
        /// From here on two decimals less are shown: a figure that is cut off tells nothing.
        private static final double LONG = 10_000;

        private final int decimals;

        FigureCell(int decimals) {
            this.decimals = decimals;
            getStyleClass().add("figures");
            setAlignment(Pos.CENTER_RIGHT);
        }

        @Override
        protected void updateItem(Number value, boolean empty) {
            super.updateItem(value, empty);
            boolean absent = empty || value == null || Double.isNaN(value.doubleValue());
            setText(absent ? "" : text(value.doubleValue()));
        }

        private String text(double value) {
            int shown = Math.abs(value) < LONG ? decimals : Math.max(0, decimals - 2);
            return String.format(Locale.ROOT, "%,." + shown + "f", value);
        }
    }

    private static final class NameCell<R> extends TableCell<R, Name> {
        private final Region swatch = new Region();
        private final Tooltip full = new Tooltip();

        NameCell() {
            swatch.getStyleClass().add("swatch");
            full.setWrapText(true);
            full.setMaxWidth(720);
            getStyleClass().add("figures");
        }

        @Override
        protected void updateItem(Name name, boolean empty) {
            super.updateItem(name, empty);
            if (empty || name == null) {
                setText("");
                setGraphic(null);
                setTooltip(null);
                return;
            }
            setText(name.label());
            swatch.setStyle("-fx-background-color: -kind-" + name.kind().name().toLowerCase(Locale.ROOT));
            setGraphic(swatch);
            full.setText(name.full());
            setTooltip(full);
        }
    }
}
