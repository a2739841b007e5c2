package org.moelab.app.profile;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

import org.moelab.app.tables.TableColumns;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/// A kernel's instructions or source lines, with a bar for the share of samples at each.
final class CodeView extends VBox {
    private static final double BAR = 80;
    private static final double SHARE = 54;
    private static final double LONGEST_TEXT = 4000;
    private static final double ROW = 20;
    private static final int ROWS_ABOVE = 8;

    private final CodeViewModel model;
    private final ObservableList<CodeRow> rows = FXCollections.observableArrayList();
    private final TableView<CodeRow> table = new TableView<>(rows);
    private final TextField search = new TextField();
    private double hottest;

    CodeView(CodeViewModel model) {
        this.model = model;
        setId("kernel-code");
        getStyleClass().add("kernel-code");
        setMinSize(0, 0);
        table.setId("code-table");
        table.setMinSize(0, 0);
        table.setAccessibleText("Code of the profiled kernel with samples. H goes to the next hottest row, "
                + "Enter from an instruction to its source line and back, slash searches.");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setFixedCellSize(ROW);
        table.setRowFactory(_ -> new CodeTableRow());
        VBox.setVgrow(table, Priority.ALWAYS);
        Label caption = new Label();
        caption.setId("code-caption");
        caption.getStyleClass().add("code-caption");
        caption.textProperty().bind(model.captionProperty());
        caption.tooltipProperty().bind(model.captionProperty().map(Tooltip::new));
        Label nothing = new Label();
        nothing.getStyleClass().add("placeholder-text");
        nothing.setWrapText(true);
        nothing.textProperty().bind(model.captionProperty());
        table.setPlaceholder(nothing);
        getChildren().addAll(bar(), caption, table);
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        model.partProperty().subscribe(this::columns);
        model.rowsProperty().subscribe(now -> {
            hottest = now.stream().mapToDouble(CodeRow::share).filter(s -> !Double.isNaN(s)).max().orElse(0);
            rows.setAll(now);
            select(now.isEmpty() ? OptionalInt.empty() : model.hottest(-1, 1));
        });
    }

    private HBox bar() {
        search.setId("code-search");
        search.setPromptText("Search  ( / )");
        search.setPrefColumnCount(16);
        search.addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ENTER) {
                select(model.find(search.getText(), selected(), e.isShiftDown() ? -1 : 1));
                e.consume();
            } else if (e.getCode() == KeyCode.ESCAPE) {
                table.requestFocus();
                e.consume();
            }
        });
        Button hot = button("Hottest", "the next hottest row (H; Shift+H back)", () -> heat(1));
        hot.setId("code-hottest");
        HBox bar = new HBox(hot, button("Line ⇄ SASS", "from an instruction to its source line and back (Enter)",
                this::cross), search, files());
        bar.getStyleClass().add("code-bar");
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private ComboBox<String> files() {
        ComboBox<String> files = new ComboBox<>();
        files.setId("code-file");
        files.setAccessibleText("Source file, those with most samples first");
        files.setMinWidth(0);
        files.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(files, Priority.ALWAYS);
        files.visibleProperty().bind(model.partProperty().map(p -> p == CodePart.SOURCE)
                .flatMap(source -> model.filesProperty().map(f -> source && !f.isEmpty())));
        model.filesProperty().subscribe(now -> files.getItems().setAll(now));
        model.fileProperty().subscribe(now -> files.setValue(now.orElse(null)));
        files.valueProperty().subscribe(now -> Optional.ofNullable(now)
                .ifPresent(f -> model.fileProperty().set(Optional.of(f))));
        return files;
    }

    private static Button button(String text, String tip, Runnable command) {
        Button button = new Button(text);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(tip));
        button.setOnAction(_ -> command.run());
        return button;
    }

    private void key(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown() || search.isFocused()) {
            return;
        }
        switch (event.getCode()) {
            case H -> heat(event.isShiftDown() ? -1 : 1);
            case ENTER -> cross();
            case SLASH -> search.requestFocus();
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void heat(int step) {
        select(model.hottest(selected(), step));
        table.requestFocus();
    }

    private void cross() {
        select(model.cross(selected()));
        table.requestFocus();
    }

    /// The selected row's place in the model, whatever the table is sorted by.
    private int selected() {
        CodeRow row = table.getSelectionModel().getSelectedItem();
        return row == null ? -1 : model.rowsProperty().get().indexOf(row);
    }

    private void select(OptionalInt row) {
        row.ifPresent(r -> {
            CodeRow wanted = model.rowsProperty().get().get(r);
            table.getSelectionModel().select(wanted);
            int at = rows.indexOf(wanted);
            table.scrollTo(Math.max(0, at - ROWS_ABOVE));
        });
    }

    private void columns(CodePart part) {
        boolean source = part == CodePart.SOURCE;
        TableColumn<CodeRow, String> text = code(source ? "Source" : "Instruction", source
                ? "the line's text"
                : "the instruction as the disassembler writes it, or its bits", CodeRow::text);
        text.setMaxWidth(LONGEST_TEXT);
        text.setPrefWidth(520);
        TableColumn<CodeRow, String> place = code(source ? "Line" : "Offset",
                source ? "line number" : "bytes from the function's start, in hexadecimal", CodeRow::place);
        place.setPrefWidth(52);
        place.setMaxWidth(64);
        table.getColumns().clear();
        table.getColumns().add(place);
        table.getColumns().add(heatColumn());
        table.getColumns().add(TableColumns.figure("Samples", 66, 0, "samples of the program counter",
                r -> r.samples() == 0 ? Double.NaN : r.samples()));
        table.getColumns().add(TableColumns.figure("Executed", 88, 0, "times that a warp issued it: inst_executed",
                r -> r.instructions() == 0 ? Double.NaN : r.executed()));
        TableColumn<CodeRow, String> waits = TableColumns.text("Waits", 118,
                "what sampled warps waited for most, issuing (selected) included", CodeRow::mostly);
        waits.setMaxWidth(132);
        table.getColumns().add(waits);
        if (source) {
            table.getColumns().add(TableColumns.figure("Instr.", 52, 0, "instructions that were made from the line",
                    r -> r.instructions() == 0 ? Double.NaN : r.instructions()));
        } else {
            table.getColumns().add(TableColumns.text("From line", 140,
                    "the source line that it was made from; of an inlined call, that of the function called",
                    CodeRow::lineLabel));
        }
        table.getColumns().add(text);
    }

    private static TableColumn<CodeRow, String> code(String title, String explanation,
            Function<CodeRow, String> value) {
        TableColumn<CodeRow, String> column = TableColumns.text(title, 60, explanation, value);
        column.setCellFactory(_ -> new TableCell<>() {
            {
                getStyleClass().add("code");
            }

            @Override
            protected void updateItem(String item, boolean empty) {
                super.updateItem(item, empty);
                setText(empty || item == null ? "" : item.replace("\t", "    "));
            }
        });
        return column;
    }

    private TableColumn<CodeRow, CodeRow> heatColumn() {
        TableColumn<CodeRow, CodeRow> column = new TableColumn<>();
        Label head = new Label("Heat");
        head.setTooltip(new Tooltip("share of the kernel's samples; the bar is long against the hottest row"));
        column.setGraphic(head);
        column.setPrefWidth(BAR + SHARE + 20);
        column.setMinWidth(BAR + SHARE + 20);
        column.setMaxWidth(BAR + SHARE + 20);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setComparator((a, b) -> Long.compare(a.samples(), b.samples()));
        column.setCellFactory(_ -> new HeatCell());
        return column;
    }

    private final class HeatCell extends TableCell<CodeRow, CodeRow> {
        private final Region bar = new Region();
        private final Label share = new Label();
        private final HBox content;

        HeatCell() {
            bar.getStyleClass().add("heat");
            bar.setMaxHeight(11);
            bar.setMinHeight(11);
            share.getStyleClass().add("figures");
            share.setMinWidth(SHARE);
            share.setAlignment(Pos.CENTER_RIGHT);
            StackPane track = new StackPane(bar);
            track.setAlignment(Pos.CENTER_LEFT);
            track.setMinWidth(BAR);
            track.setMaxWidth(BAR);
            content = new HBox(4, track, share);
            content.setAlignment(Pos.CENTER_LEFT);
            setContentDisplay(javafx.scene.control.ContentDisplay.GRAPHIC_ONLY);
        }

        @Override
        protected void updateItem(CodeRow row, boolean empty) {
            super.updateItem(row, empty);
            if (empty || row == null || !(row.share() > 0)) {
                setGraphic(null);
                return;
            }
            double width = Math.max(1, BAR * row.share() / hottest);
            bar.setMinWidth(width);
            bar.setMaxWidth(width);
            share.setText(String.format(Locale.ROOT, "%.2f %%", 100 * row.share()));
            setGraphic(content);
        }
    }

    private static final class CodeTableRow extends TableRow<CodeRow> {
        @Override
        protected void updateItem(CodeRow row, boolean empty) {
            super.updateItem(row, empty);
            boolean none = empty || row == null || row.samples() == 0 && row.line().isEmpty() && row.note().isEmpty();
            setTooltip(none ? null : new Tooltip(row.spoken()));
        }
    }
}
