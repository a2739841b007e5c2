package org.moelab.app.shell;

import org.moelab.app.task.BackgroundTask;

import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.util.Subscription;

/// A line across the window while files are being read: which, how far, and a way to stop.
final class ImportBar extends HBox {
    private final MainViewModel model;
    private final Label title = new Label();
    private final ProgressBar progress = new ProgressBar();
    private final Label phase = new Label();
    private Subscription following = Subscription.EMPTY;

    ImportBar(MainViewModel model) {
        this.model = model;
        setId("import");
        getStyleClass().add("import-bar");
        setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(progress, Priority.ALWAYS);
        progress.setMaxWidth(Double.MAX_VALUE);
        phase.getStyleClass().add("fact-label");
        phase.setMinWidth(150);
        Button cancel = new Button("Cancel");
        cancel.setId("import-cancel");
        cancel.setOnAction(_ -> model.cancelImport());
        getChildren().addAll(title, progress, phase, cancel);
        managedProperty().bind(visibleProperty());
        model.importingProperty().subscribe(this::follow);
        model.waiting().addListener((ListChangeListener<Object>) _ -> follow());
        follow();
    }

    private void follow() {
        following.unsubscribe();
        setVisible(model.importingProperty().get().isPresent());
        model.importingProperty().get().ifPresent(task -> {
            int more = model.waiting().size();
            title.setText(task.title() + (more > 0 ? ", then " + more + " more" : ""));
            following = task.progressProperty().subscribe(() -> show(task))
                    .and(task.phaseProperty().subscribe(() -> show(task)));
            show(task);
        });
    }

    private void show(BackgroundTask<?> task) {
        double fraction = task.progressProperty().get();
        progress.setProgress(Double.isNaN(fraction) ? ProgressBar.INDETERMINATE_PROGRESS : fraction);
        phase.setText(task.phaseProperty().get()
                + (Double.isNaN(fraction) ? "" : " " + Math.round(fraction * 100) + " %"));
    }
}
