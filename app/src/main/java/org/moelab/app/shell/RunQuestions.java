package org.moelab.app.shell;

import org.moelab.app.launch.LaunchViewModel;

import javafx.application.Platform;

/// Asks before a run that goes on is ended.
///
/// @param launch the run
/// @param overlay where questions show
record RunQuestions(LaunchViewModel launch, Overlay overlay) {
    /// Asks whether to end the run.
    void cancel() {
        ask("Cancel the run?", "What it has measured so far stays in its folder, marked as not complete.",
                "Cancel the run", launch::cancel);
    }

    /// Whether the window can close at once; asks where a run goes on, and closes it where the person agrees.
    boolean mayClose() {
        if (!launch.runningProperty().get()) {
            return true;
        }
        ask("A run is going on", "Closing the window ends it. What it has measured so far stays in its folder.",
                "End it and close", () -> {
                    launch.cancel();
                    Platform.exit();
                });
        return false;
    }

    private void ask(String title, String text, String yes, Runnable agreed) {
        QuestionPane question = new QuestionPane(title, text, "Keep running", yes, agreed, overlay::hide);
        overlay.show(question, question.refusal());
    }
}
