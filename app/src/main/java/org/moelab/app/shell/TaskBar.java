package org.moelab.app.shell;

import java.util.Optional;

import org.moelab.app.task.BackgroundTask;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.util.Subscription;

/// A line across the window while something long goes on: what, how far, and a way to stop.
final class TaskBar extends HBox {
    private final ReadOnlyObjectProperty<Optional<BackgroundTask<?>>> task;
    private final ObservableValue<String> more;
    private final Label title = new Label();
    private final ProgressBar progress = new ProgressBar();
    private final Label phase = new Label();
    private Subscription following = Subscription.EMPTY;

    /// @param id of the bar; its button's ends in `-cancel`
    /// @param task what goes on
    /// @param more what comes after it, set behind its title; empty for nothing
    /// @param stop ends it
    TaskBar(String id, ReadOnlyObjectProperty<Optional<BackgroundTask<?>>> task, ObservableValue<String> more,
            Runnable stop) {
        this.task = task;
        this.more = more;
        setId(id);
        getStyleClass().add("import-bar");
        setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(progress, Priority.ALWAYS);
        progress.setMaxWidth(Double.MAX_VALUE);
        phase.getStyleClass().add("fact-label");
        phase.setMinWidth(150);
        Button cancel = new Button("Cancel");
        cancel.setId(id + "-cancel");
        cancel.setOnAction(_ -> stop.run());
        getChildren().addAll(title, progress, phase, cancel);
        managedProperty().bind(visibleProperty());
        task.subscribe(this::follow);
        more.subscribe(this::follow);
        follow();
    }

    private void follow() {
        following.unsubscribe();
        setVisible(task.get().isPresent());
        task.get().ifPresent(running -> {
            title.setText(running.title() + more.getValue());
            following = running.progressProperty().subscribe(() -> show(running))
                    .and(running.phaseProperty().subscribe(() -> show(running)));
            show(running);
        });
    }

    private void show(BackgroundTask<?> running) {
        double fraction = running.progressProperty().get();
        progress.setProgress(Double.isNaN(fraction) ? ProgressBar.INDETERMINATE_PROGRESS : fraction);
        phase.setText(running.phaseProperty().get()
                + (Double.isNaN(fraction) ? "" : " " + Math.round(fraction * 100) + " %"));
    }
}
