package org.moelab.app.shell;

import org.moelab.app.run.HowTo;
import org.moelab.app.selection.Selection;
import org.moelab.traces.model.KernelReport;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;

/// What is said where something that is looked at lacks what a part of the window shows.
final class Lacking {
    private Lacking() {
    }

    /// Why there is no timeline.
    static ObservableValue<String> timeline(Selection selection) {
        return Bindings.createStringBinding(() -> {
            if (selection.recordingProperty().get().orElse(null) instanceof KernelReport) {
                return "A report of Nsight Compute holds no timeline: its kernels are on the page Kernel.";
            }
            return selection.runProperty().get()
                    .flatMap(run -> selection.layerProperty().get().flatMap(run::layer)
                            .filter(layer -> run.timeline(layer).isEmpty()).map(HowTo::timeline))
                    .orElse("Open a recording of Nsight Systems or the PyTorch profiler to see it here.");
        }, selection.recordingProperty(), selection.runProperty(), selection.layerProperty());
    }

    /// Why no recording is listed.
    static ObservableValue<String> recordings(Selection selection) {
        return selection.runProperty().map(run -> run.map(r -> "no timeline of " + r.name() + " is open")
                .orElse("no recording is open"));
    }

    /// What is open where no recording is.
    static String status(Selection selection) {
        return selection.runProperty().get().map(run -> run.folder() + " · " + run.about())
                .orElse("nothing open");
    }
}
