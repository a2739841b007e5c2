package org.moelab.app.timeline;

import java.util.List;
import java.util.Optional;

import javafx.beans.property.ReadOnlyObjectProperty;

/// The marked moments of the trace that a timeline shows, and what can be done with them. Kept with the recording.
public final class Marks {
    private final TimelineViewModel timeline;
    private final Notebook notebook;

    Marks(TimelineViewModel timeline, Notebook notebook) {
        this.timeline = timeline;
        this.notebook = notebook;
    }

    /// What a person added to the trace: marks and pinned rows.
    public ReadOnlyObjectProperty<Annotations> annotationsProperty() {
        return notebook.property();
    }

    /// The marks, by time.
    public List<Mark> list() {
        return notebook.property().get().marks();
    }

    /// Marks the moment at a horizontal place of the picture, or removes the mark that is there.
    ///
    /// @return the new mark, where one was set
    public Optional<Mark> toggle(double x) {
        Optional<FrameRequest> request = timeline.request();
        if (request.isEmpty()) {
            return Optional.empty();
        }
        Optional<Mark> there = list().stream().filter(m -> Math.abs(request.get().x(m.timeNs()) - x) <= HitTest.REACH)
                .findFirst();
        if (there.isPresent()) {
            remove(there.get());
            return Optional.empty();
        }
        long time = request.get().timeNear(x);
        TimeScale scale = TimeScale.of(request.get().view(), request.get().size().plotWidth(), 1);
        Mark mark = new Mark(time, scale.label((double) (time - request.get().source().trace().startNs())), "");
        notebook.set(notebook.property().get().with(mark));
        return Optional.of(mark);
    }

    /// Writes a note beside a mark.
    public void note(Mark mark, String text) {
        notebook.note(mark, text);
    }

    /// Takes a mark away.
    public void remove(Mark mark) {
        notebook.set(notebook.property().get().without(mark));
    }

    /// Shows the next mark, or the previous one.
    ///
    /// @param step 1 or -1
    public void showNeighbour(int step) {
        timeline.request().ifPresent(request -> {
            double origin = (double) request.source().trace().startNs();
            notebook.neighbour(step, origin + request.view().fromNs(), origin + request.view().toNs())
                    .ifPresent(this::show);
        });
    }

    /// Brings a mark into the middle of the view.
    public void show(Mark mark) {
        timeline.request().ifPresent(request -> timeline.show(request.view()
                .centredAt((double) (mark.timeNs() - request.source().trace().startNs()))));
    }
}
