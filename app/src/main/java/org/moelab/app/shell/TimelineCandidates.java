package org.moelab.app.shell;

import java.util.List;
import java.util.Optional;

import org.moelab.app.compare.Side;
import org.moelab.app.timeline.Candidate;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Trace;

import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;

/// What of all that can be compared has a timeline. For the JavaFX thread.
final class TimelineCandidates {
    private final ObservableList<Side> sides;
    private final ObservableList<Candidate> candidates = FXCollections.observableArrayList();

    TimelineCandidates(ObservableList<Side> sides) {
        this.sides = sides;
        sides.addListener((ListChangeListener<Side>) _ -> fill());
        fill();
    }

    ObservableList<Candidate> list() {
        return candidates;
    }

    private void fill() {
        List<Candidate> found = sides.stream()
                .filter(s -> s.recording().filter(KernelReport.class::isInstance).isEmpty())
                .map(s -> new Candidate(s.file(), s.name(),
                        s.recording().flatMap(r -> r instanceof Trace trace ? Optional.of(trace) : Optional.empty())))
                .toList();
        if (!found.equals(candidates)) {
            candidates.setAll(found);
        }
    }
}
