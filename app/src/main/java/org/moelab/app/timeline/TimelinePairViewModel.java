package org.moelab.app.timeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;

import org.moelab.app.export.Figure;
import org.moelab.app.run.RunPhase;
import org.moelab.app.selection.Selection;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;

/// The timeline that is looked at, and below it on request another one: aligned on a moment, moved together, and with
/// what matches selected in both. Costs nothing as long as none is asked for. For the JavaFX thread; usable without a toolkit.
public final class TimelinePairViewModel {
    private final Selection selection;
    private final Selection below = new Selection();
    private final TimelineViewModel upper;
    private final TimelineViewModel lower;
    private final ObservableList<Candidate> candidates;
    private final Consumer<Candidate> load;
    private final Executor background;
    private final Executor ui;
    private final BooleanProperty comparing = new SimpleBooleanProperty(this, "comparing", false);
    private final BooleanProperty linked = new SimpleBooleanProperty(this, "linked", true);
    private final ReadOnlyObjectWrapper<Optional<Candidate>> other = new ReadOnlyObjectWrapper<>(this, "other",
            Optional.empty());
    private final ReadOnlyObjectWrapper<List<Alignment>> alignments = new ReadOnlyObjectWrapper<>(this, "alignments",
            List.of());
    private final ReadOnlyObjectWrapper<Optional<Alignment>> alignment = new ReadOnlyObjectWrapper<>(this,
            "alignment", Optional.empty());
    private final ReadOnlyStringWrapper note = new ReadOnlyStringWrapper(this, "note", "");
    private final Set<Path> asked = new HashSet<>();
    private final AtomicLong pairNumber = new AtomicLong();
    private final AtomicLong matchNumber = new AtomicLong();
    private Optional<Path> chosen = Optional.empty();
    private boolean following;
    private boolean settling;
    private Optional<Pair> paired = Optional.empty();

    private record Pair(Trace upper, Trace lower) {}

    /// @param selection what is looked at; what is below has a selection of its own
    /// @param candidates what can stand below; read only here
    /// @param load has a candidate that is not open read; it then stands in the list with its trace
    /// @param store keeps marks and pinned rows
    /// @param background counts, matches and sums
    /// @param ui runs what changes properties on the thread that owns them
    public TimelinePairViewModel(Selection selection, ObservableList<Candidate> candidates, Consumer<Candidate> load,
            Annotations.Store store, Executor background, Executor ui) {
        this.selection = selection;
        this.candidates = candidates;
        this.load = load;
        this.background = background;
        this.ui = ui;
        upper = new TimelineViewModel(selection, store, background, ui);
        lower = new TimelineViewModel(below, store, background, ui);
        comparing.subscribe(_ -> settle());
        linked.subscribe(_ -> link());
        selection.recordingProperty().subscribe(_ -> settle());
        selection.referenceProperty().subscribe(_ -> {
            chosen = Optional.empty();
            settle();
        });
        candidates.addListener((ListChangeListener<Candidate>) _ -> settle());
        upper.viewportProperty().subscribe(view -> follow(lower, () -> view.panned(shiftNs())));
        lower.viewportProperty().subscribe(view -> follow(upper, () -> view.panned(-shiftNs())));
        upper.revisionProperty().subscribe(() -> sameCaptions(upper, lower));
        lower.revisionProperty().subscribe(() -> sameCaptions(lower, upper));
        selection.eventProperty().subscribe(event -> match(selection, event, below, lower));
        below.eventProperty().subscribe(event -> match(below, event, selection, upper));
        selection.kernelProperty().subscribe(kernel -> {
            if (comparing.get() && !following && selection.eventProperty().get().isEmpty()) {
                below.kernelProperty().set(kernel);
            }
        });
    }

    /// The timeline that is looked at.
    public TimelineViewModel upper() {
        return upper;
    }

    /// The other one.
    public TimelineViewModel lower() {
        return lower;
    }

    /// What is selected in the lower timeline.
    Selection lowerSelection() {
        return below;
    }

    /// Whether another timeline is wanted below.
    public BooleanProperty comparingProperty() {
        return comparing;
    }

    /// Whether both show the same times from the moment on which they are aligned.
    public BooleanProperty linkedProperty() {
        return linked;
    }

    /// What stands below; with no trace as long as it is read.
    public ReadOnlyObjectProperty<Optional<Candidate>> otherProperty() {
        return other.getReadOnlyProperty();
    }

    /// What the two can be aligned on.
    public ReadOnlyObjectProperty<List<Alignment>> alignmentsProperty() {
        return alignments.getReadOnlyProperty();
    }

    /// What they are aligned on.
    public ReadOnlyObjectProperty<Optional<Alignment>> alignmentProperty() {
        return alignment.getReadOnlyProperty();
    }

    /// What a person should know of the other timeline: that it is read, or that nothing matches.
    public ReadOnlyStringProperty noteProperty() {
        return note.getReadOnlyProperty();
    }

    /// What can stand below, without what is looked at.
    public List<Candidate> choices() {
        Optional<Recording> looked = selection.recordingProperty().get();
        return candidates.stream().filter(c -> c.trace().isEmpty() || !looked.equals(c.trace().map(t -> t))).toList();
    }

    /// Puts this one below, until another layer is the reference.
    public void choose(Candidate candidate) {
        chosen = Optional.of(candidate.file());
        settle();
    }

    /// Aligns on a moment; both show it where they are linked.
    public void align(Alignment on) {
        alignment.set(Optional.of(on));
        link();
    }

    /// Aligns on the start of what is selected in both.
    public void alignOnSelection() {
        OptionalInt above = selection.eventProperty().get();
        OptionalInt other = below.eventProperty().get();
        if (above.isPresent() && other.isPresent() && upperTrace().isPresent() && lowerTrace().isPresent()) {
            Trace a = upperTrace().get();
            String name = upper.sourceProperty().get().map(s -> s.labels().of(a.nameId(above.getAsInt()))).orElse("");
            Alignment on = new Alignment("selected " + name, a.start(above.getAsInt()),
                    lowerTrace().get().start(other.getAsInt()));
            List<Alignment> all = new ArrayList<>(alignments.get());
            all.removeIf(known -> known.label().startsWith("selected "));
            all.add(on);
            alignments.set(List.copyOf(all));
            align(on);
        }
    }

    /// How far the lower one's times lie ahead of the upper one's at the same place, each counted from its recording's start.
    public double shiftNs() {
        return upperTrace().flatMap(a -> lowerTrace().flatMap(b -> alignment.get().map(on -> on.shiftNs(a, b))))
                .orElse(0.0);
    }

    /// The same in words; empty where nothing is aligned.
    public String offset() {
        double shift = shiftNs();
        return alignment.get().isEmpty() || !linked.get()
                ? ""
                : "below − above "
                        + (shift < 0 ? "−" : "+") + Unit.NANOSECONDS.format(Math.abs(shift));
    }

    /// What people call the timeline that is looked at; empty where it cannot be compared.
    public String upperName() {
        return candidates.stream().filter(c -> c.trace().isPresent() && c.trace().equals(upperTrace())).findFirst()
                .map(Candidate::name).orElse("");
    }

    /// What is in view, as a picture to export: both timelines where there are two; empty where nothing is shown.
    public Optional<Figure> figure() {
        Optional<TimelineFigure> above = upper.request().map(TimelineFigure::new);
        Optional<TimelineFigure> below = comparing.get() ? lower.request().map(TimelineFigure::new) : Optional.empty();
        if (above.isEmpty() || below.isEmpty()) {
            return above.map(f -> f);
        }
        String aligned = isLinked()
                ? alignment.get().map(on -> " · aligned on " + on.label()).orElse("") + " · " + offset()
                : "";
        return Optional.of(new TimelinePairFigure(new TimelinePairFigure.Part(upperName(), above.get()),
                new TimelinePairFigure.Part(other.get().map(Candidate::name).orElse("") + aligned, below.get())));
    }

    private Optional<Trace> upperTrace() {
        return upper.sourceProperty().get().map(TimelineSource::trace);
    }

    private Optional<Trace> lowerTrace() {
        return lower.sourceProperty().get().map(TimelineSource::trace);
    }

    /// Finds what is to stand below, has it read where it is not open, and shows it.
    private void settle() {
        if (settling) {
            return;
        }
        settling = true;
        try {
            Optional<Candidate> wanted = comparing.get() ? wanted() : Optional.empty();
            other.set(wanted);
            wanted.filter(c -> c.trace().isEmpty() && asked.add(c.file())).ifPresent(load);
            if (!comparing.get()) {
                asked.clear();
            }
            Optional<Recording> trace = wanted.flatMap(Candidate::trace).map(t -> t);
            note.set(!comparing.get() || trace.isPresent()
                    ? ""
                    : wanted.map(c -> "waiting for " + c.name() + " to be open").orElse("no other timeline is open"));
            below.recordingProperty().set(trace);
            pair();
        } finally {
            settling = false;
        }
    }

    private Optional<Candidate> wanted() {
        List<Candidate> choices = choices();
        Optional<Path> reference = selection.runProperty().get().flatMap(run -> selection.referenceProperty().get()
                .flatMap(run::layer).flatMap(run::timeline));
        return chosen.flatMap(file -> choices.stream().filter(c -> c.file().equals(file)).findFirst())
                .or(() -> reference.flatMap(file -> choices.stream().filter(c -> c.file().equals(file)).findFirst()))
                .or(() -> choices.stream().findFirst());
    }

    /// Looks for what the two can be aligned on, and aligns them.
    private void pair() {
        Optional<Pair> now = comparing.get()
                ? upperTrace().flatMap(a -> lowerTrace().map(b -> new Pair(a, b)))
                : Optional.empty();
        if (now.equals(paired)) {
            return;
        }
        paired = now;
        long number = pairNumber.incrementAndGet();
        alignments.set(List.of());
        alignment.set(Optional.empty());
        link();
        now.ifPresent(pair -> background.execute(() -> {
            List<Alignment> found = Alignment.of(pair.upper, pair.lower);
            ui.execute(() -> {
                if (pairNumber.get() == number) {
                    alignments.set(found);
                    align(usual(found));
                    match(selection, selection.eventProperty().get(), below, lower);
                }
            });
        }));
    }

    /// Of a run's timelines the beginning of the phase that is looked at.
    private Alignment usual(List<Alignment> found) {
        boolean prefill = selection.phaseProperty().get() == RunPhase.PREFILL;
        return found.stream().filter(a -> prefill && "prompt".equals(a.label())).findFirst()
                .orElseGet(() -> Alignment.usual(found));
    }

    /// Lets both show all times of either where they are linked, and the lower one those of the upper one.
    private void link() {
        boolean together = isLinked();
        lower.lead(together);
        upper.anchor(together ? OptionalLong.of(alignment.get().orElseThrow().upperNs()) : OptionalLong.empty());
        lower.anchor(together ? OptionalLong.of(alignment.get().orElseThrow().lowerNs()) : OptionalLong.empty());
        if (!together) {
            upper.bound(Optional.empty());
            lower.bound(Optional.empty());
            return;
        }
        double shift = shiftNs();
        Viewport all = Viewport.all(upper.sourceProperty().get().orElseThrow().lengthNs())
                .with(Viewport.all(lower.sourceProperty().get().orElseThrow().lengthNs()).panned(-shift));
        following = true;
        try {
            upper.bound(Optional.of(all));
            lower.bound(Optional.of(all.panned(shift)));
            lower.show(upper.viewportProperty().get().panned(shift));
        } finally {
            following = false;
        }
    }

    private boolean isLinked() {
        return comparing.get() && linked.get() && alignment.get().isPresent() && upperTrace().isPresent()
                && lowerTrace().isPresent();
    }

    private void follow(TimelineViewModel follower, Supplier<Viewport> view) {
        if (!following && isLinked()) {
            following = true;
            try {
                follower.show(view.get());
            } finally {
                following = false;
            }
        }
    }

    private void sameCaptions(TimelineViewModel leader, TimelineViewModel follower) {
        if (comparing.get() && leader.gutter() != follower.gutter()) {
            follower.resizeGutter(leader.gutter());
        }
    }

    /// Selects in one timeline what matches the selection in the other.
    private void match(Selection from, OptionalInt event, Selection to, TimelineViewModel follower) {
        if (following || !comparing.get() || upperTrace().isEmpty() || lowerTrace().isEmpty()
                || from.recordingProperty().get().isEmpty()) {
            return;
        }
        long number = matchNumber.incrementAndGet();
        if (event.isEmpty()) {
            matched(follower, event, "");
            return;
        }
        Trace trace = (Trace) from.recordingProperty().get().orElseThrow();
        Trace opposite = (Trace) to.recordingProperty().get().orElseThrow();
        background.execute(() -> {
            if (matchNumber.get() == number) {
                OptionalInt found = Counterpart.of(trace, event.getAsInt(), opposite);
                ui.execute(() -> {
                    if (matchNumber.get() == number) {
                        matched(follower, found, found.isPresent() ? "" : "nothing matches what is selected");
                    }
                });
            }
        });
    }

    private void matched(TimelineViewModel follower, OptionalInt event, String told) {
        following = true;
        try {
            follower.selectInPlace(event);
        } finally {
            following = false;
        }
        note.set(told.isEmpty() ? "" : (follower == lower ? "below: " : "above: ") + told);
    }
}
