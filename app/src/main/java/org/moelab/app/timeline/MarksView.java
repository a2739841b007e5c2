package org.moelab.app.timeline;

import java.util.List;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.cell.TextFieldTableCell;
import javafx.scene.input.KeyCode;

import org.moelab.app.tables.TableColumns;
import org.moelab.traces.model.Unit;

/// The marks of the timeline as a list: a click goes there, a double click on the note changes it, Delete takes the mark away.
public final class MarksView extends TableView<Mark> {
    private final TimelineViewModel model;
    private final Marks marks;
    private boolean following;

    /// The marks of a timeline.
    public MarksView(TimelineViewModel model) {
        this.model = model;
        this.marks = model.marks();
        setId("marks-table");
        setEditable(true);
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        Label hint = new Label(
                "M marks the moment under the pointer, with a note; N and Shift+N go from mark to mark.");
        hint.getStyleClass().add("placeholder-text");
        setPlaceholder(hint);
        TableColumn<Mark, String> note = new TableColumn<>("Note");
        note.setId("column-note");
        note.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue().note()));
        note.setCellFactory(TextFieldTableCell.forTableColumn());
        note.setOnEditCommit(e -> marks.note(e.getRowValue(), e.getNewValue()));
        note.setPrefWidth(420);
        getColumns().setAll(List.of(
                TableColumns.text("Time", 150, "since the start of the recording", this::time),
                TableColumns.text("From the mark before", 150, "time from the mark above to this one", this::since),
                note));
        marks.annotationsProperty().subscribe(now -> {
            following = true;
            getItems().setAll(now.marks());
            following = false;
        });
        getSelectionModel().selectedItemProperty().addListener((_, _, mark) -> {
            if (mark != null && !following) {
                marks.show(mark);
            }
        });
        setOnKeyPressed(e -> {
            Mark chosen = getSelectionModel().getSelectedItem();
            if (e.getCode() == KeyCode.DELETE && chosen != null) {
                marks.remove(chosen);
                e.consume();
            }
        });
    }

    private String time(Mark mark) {
        return model.sourceProperty().get().map(s -> EventSummary.exact(mark.timeNs() - s.trace().startNs()))
                .orElse(mark.label());
    }

    private String since(Mark mark) {
        return marks.annotationsProperty().get().before((double) mark.timeNs())
                .map(m -> Unit.NANOSECONDS.format((double) (mark.timeNs() - m.timeNs()))).orElse("");
    }

    /// How many marks and pinned rows there are.
    public ObservableValue<String> caption() {
        return marks.annotationsProperty().map(a -> Unit.counted(a.marks().size(), "mark")
                + (a.pins().isEmpty() ? "" : " · " + Unit.counted(a.pins().size(), "pinned row"))
                + " · kept with the recording");
    }
}
