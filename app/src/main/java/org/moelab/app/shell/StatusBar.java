package org.moelab.app.shell;

import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/// The lowest line: what is looked at, and how to learn more.
final class StatusBar extends HBox {
    private final MainViewModel model;
    private final Label what = new Label();
    private final Label range = new Label();

    StatusBar(MainViewModel model) {
        this.model = model;
        setId("status");
        getStyleClass().add("status-bar");
        setAlignment(Pos.CENTER_LEFT);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        what.setMinWidth(0);
        range.setMinWidth(Region.USE_PREF_SIZE);
        Label help = new Label("? keys · Ctrl+P commands");
        help.setMinWidth(Region.USE_PREF_SIZE);
        getChildren().addAll(what, gap, range, help);
        model.selection().recordingProperty().subscribe(this::describe);
        model.selection().rangeProperty().subscribe(this::describe);
        model.selection().runProperty().subscribe(this::describe);
        model.recordings().subscribe(this::describe);
        describe();
    }

    private void describe() {
        what.setText(model.current().map(r -> r.file() + " · " + r.tool() + " · " + r.size())
                .orElseGet(() -> Lacking.status(model.selection())));
        range.setText(model.current().map(r -> r.recording() instanceof Trace trace
                ? Unit.NANOSECONDS.format(trace.endNs() - trace.startNs()) + " recorded"
                        + model.selection().rangeProperty().get()
                                .map(s -> " · " + Unit.NANOSECONDS.format(s.lengthNs()) + " selected").orElse("")
                : "").orElse(""));
    }
}
