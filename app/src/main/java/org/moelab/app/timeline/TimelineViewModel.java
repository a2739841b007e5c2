package org.moelab.app.timeline;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

import javafx.beans.property.ReadOnlyLongProperty;
import javafx.beans.property.ReadOnlyLongWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;

/// What the timeline shows and what can be done with it, without a node: the rows, the times in view, the selected
/// part and its sums. It reads and writes the shared [Selection]. For one thread, the JavaFX one; sums are made on the
/// executor given for them.
public final class TimelineViewModel {
    /// How much one step of the keys or of the wheel zooms.
    public static final double ZOOM_STEP = 1.25;
    /// The part of the view that one step of the keys pans.
    public static final double PAN_STEP = 0.12;
    private static final double DEFAULT_GUTTER = 220;

    private final Selection selection;
    private final SelectedArea area;
    private final ReadOnlyObjectWrapper<Optional<TimelineSource>> source = new ReadOnlyObjectWrapper<>(this, "source",
            Optional.empty());
    private final ReadOnlyObjectWrapper<Viewport> viewport = new ReadOnlyObjectWrapper<>(this, "viewport",
            new Viewport(0, 1));
    private final ReadOnlyLongWrapper revision = new ReadOnlyLongWrapper(this, "revision");
    private FrameRequest.Size size = new FrameRequest.Size(DEFAULT_GUTTER + 1000, 600, DEFAULT_GUTTER);
    private Optional<FoldedRows> rows = Optional.empty();
    private double scrollY;
    /// As far as rows were scrolled for the work of devices to be seen.
    private double fitted;
    private OptionalInt highlight = OptionalInt.empty();
    private final Notebook notebook;
    private final Marks marks;
    private final TimelinePointer pointer;
    private final SelectedOccurrence occurrence;
    /// What can be looked at beyond the trace; empty where that is all.
    private Optional<Viewport> bounds = Optional.empty();
    private OptionalLong anchor = OptionalLong.empty();
    private boolean laid;
    private boolean led;
    private boolean still;

    /// A view model on a selection.
    ///
    /// @param background makes the sums of areas
    /// @param ui runs what changes properties on the thread that owns them
    public TimelineViewModel(Selection selection, Executor background, Executor ui) {
        this(selection, Annotations.Store.FORGETFUL, background, ui);
    }

    /// A view model on a selection.
    ///
    /// @param store keeps marks and pinned rows
    /// @param background makes the sums of areas, and counts
    /// @param ui runs what changes properties on the thread that owns them
    public TimelineViewModel(Selection selection, Annotations.Store store, Executor background, Executor ui) {
        this.selection = selection;
        this.area = new SelectedArea(selection, background, ui);
        this.notebook = new Notebook(store);
        this.marks = new Marks(this, notebook);
        this.pointer = new TimelinePointer(this, selection);
        this.occurrence = new SelectedOccurrence(selection, background, ui);
        selection.recordingProperty().subscribe(this::show);
        selection.eventProperty().subscribe(event -> {
            event.ifPresent(this::reveal);
            changed();
        });
        selection.kernelProperty().subscribe(this::highlight);
        area.areaProperty().subscribe(this::changed);
        notebook.property().subscribe(this::changed);
    }

    /// The trace shown, with its rows; empty where the recording is none or no timeline.
    public ReadOnlyObjectProperty<Optional<TimelineSource>> sourceProperty() {
        return source.getReadOnlyProperty();
    }

    /// The times in view.
    public ReadOnlyObjectProperty<Viewport> viewportProperty() {
        return viewport.getReadOnlyProperty();
    }

    /// The selected part.
    public ReadOnlyObjectProperty<Optional<Area>> areaProperty() {
        return area.areaProperty();
    }

    /// The sums of the selected part; empty while they are made.
    public ReadOnlyObjectProperty<Optional<AreaStatistics>> areaStatisticsProperty() {
        return area.statisticsProperty();
    }

    /// The marked moments, and what can be done with them.
    public Marks marks() {
        return marks;
    }

    /// What the pointer does on the picture.
    TimelinePointer pointer() {
        return pointer;
    }

    /// Which of the events of its name the selected one is; empty while that is counted.
    public ReadOnlyObjectProperty<Optional<Occurrence>> occurrenceProperty() {
        return occurrence.property();
    }

    /// Grows whenever there is something else to draw.
    public ReadOnlyLongProperty revisionProperty() {
        return revision.getReadOnlyProperty();
    }

    /// All that decides what is to be drawn now; empty where there is nothing.
    public Optional<FrameRequest> request() {
        return source.get().flatMap(s -> rows.map(r -> new FrameRequest(s, r.layout(), viewport.get(), scrollY, size,
                selection.eventProperty().get(), highlight, area.areaProperty().get(), marks.list(), anchor)));
    }

    /// How much of the rows' height is scrolled away at the top.
    public double scrollY() {
        return scrollY;
    }

    /// The greatest value that [#scrollY()] can have.
    public double maxScrollY() {
        return rows.map(r -> Math.max(0, r.layout().totalHeight() - size.rowsHeight())).orElse(0.0);
    }

    /// Takes the picture's new size. The time at the left edge stays, and so does the time a pixel stands for; where
    /// all was shown, all still is.
    ///
    /// @return whether it differs from the old one
    public boolean resize(double width, double height) {
        if (width == size.width() && height == size.height()) {
            return false;
        }
        FrameRequest.Size before = size;
        size = new FrameRequest.Size(width, height, before.gutter());
        Viewport view = viewport.get();
        boolean all = source.get().isPresent() && view.equals(everything());
        double span = view.spanNs() * size.plotWidth() / before.plotWidth();
        fit();
        if (!led) {
            move(all ? everything() : new Viewport(view.fromNs(), view.fromNs() + span));
        }
        scrollTo(scrollY);
        if (!laid) {
            laid = true;
            selection.eventProperty().get().ifPresent(this::reveal); // it was chosen before there was a height
        }
        changed();
        return true;
    }

    /// Width of the captions.
    public double gutter() {
        return size.gutter();
    }

    /// Takes the captions' new width.
    public void resizeGutter(double gutter) {
        size = new FrameRequest.Size(size.width(), size.height(), Math.clamp(gutter, 80, Math.max(80,
                size.width() - 200)));
        changed();
    }

    /// Zooms so that the time under a point stays there.
    ///
    /// @param factor the span's: less than 1 zooms in
    /// @param x horizontal place in the picture
    public void zoom(double factor, double x) {
        double fraction = Math.clamp((x - size.gutter()) / size.plotWidth(), 0, 1);
        move(viewport.get().zoomed(factor, fraction));
    }

    /// Moves the times in view.
    ///
    /// @param pixels how far; positive shows what comes later
    public void pan(double pixels) {
        move(viewport.get().panned(pixels / size.plotWidth() * viewport.get().spanNs()));
    }

    /// Moves the times in view by steps of the keys.
    public void panSteps(double steps) {
        move(viewport.get().panned(steps * PAN_STEP * viewport.get().spanNs()));
    }

    /// Scrolls the rows.
    ///
    /// @param pixels how far; positive shows what lies lower
    public void scroll(double pixels) {
        scrollTo(scrollY + pixels);
    }

    /// Scrolls the rows to a height.
    public void scrollTo(double y) {
        double wanted = Math.clamp(y, 0, maxScrollY());
        if (wanted != scrollY) {
            scrollY = wanted;
            changed();
        }
    }

    /// Shows the whole trace.
    public void fitAll() {
        if (source.get().isPresent()) {
            move(everything());
        }
    }

    /// Shows the selected part, or the selected event, or where there is neither the whole trace.
    public void fitSelection() {
        Optional<Trace> trace = source.get().map(TimelineSource::trace);
        if (trace.isEmpty()) {
            return;
        }
        long origin = trace.get().startNs();
        OptionalInt event = selection.eventProperty().get();
        if (area.areaProperty().get().isPresent()) {
            move(Viewport.around(area.areaProperty().get().get().range(), origin, 0.02));
        } else if (event.isPresent()) {
            int e = event.getAsInt();
            move(Viewport.around(new TimeRange(trace.get().start(e), trace.get().end(e)), origin, 0.25));
        } else {
            fitAll();
        }
    }

    /// Shows a view of times, counted from the start of the trace.
    void show(Viewport view) {
        if (source.get().isPresent()) {
            move(view);
        }
    }

    /// Lets more than the trace be looked at, or the trace alone.
    void bound(Optional<Viewport> whole) {
        bounds = whole;
        source.get().ifPresent(_ -> move(viewport.get()));
    }

    /// Shows on what moment this timeline is aligned with another, or on none.
    void anchor(OptionalLong timeNs) {
        anchor = timeNs;
        changed();
    }

    /// Whether another decides what times are in view, so that a new size changes only what a pixel stands for.
    void lead(boolean byAnother) {
        led = byAnother;
    }

    /// Selects an event without moving the times in view.
    void selectInPlace(OptionalInt event) {
        still = true;
        try {
            selection.kernelProperty().set(Optional.empty());
            selection.eventProperty().set(event);
        } finally {
            still = false;
        }
    }

    /// Shows one range of times.
    public void show(TimeRange range) {
        source.get().ifPresent(s -> move(Viewport.around(range, s.trace().startNs(), 0)));
    }

    /// Selects a part.
    public void select(Area part) {
        area.select(part);
    }

    /// Ends the selection of part, event and kernel.
    public void clearSelection() {
        selection.rangeProperty().set(Optional.empty());
        selection.eventProperty().set(OptionalInt.empty());
        selection.kernelProperty().set(Optional.empty());
    }

    /// Puts the row of the selected event above all others, or back into its group.
    public void togglePinOfSelected() {
        selection.eventProperty().get().ifPresent(event -> source.get().flatMap(s -> s.rowOf(event))
                .ifPresent(this::togglePin));
    }

    /// Puts a row above all others, or back into its group.
    void togglePin(Row row) {
        rows.ifPresent(r -> {
            r.togglePin(row);
            notebook.set(notebook.property().get().withPins(r.pins()));
        });
        rowsChanged();
    }

    /// Selects the next event of the selected one's name.
    public void selectNext() {
        step(EventSearch::next);
    }

    /// Selects the previous event of the selected one's name.
    public void selectPrevious() {
        step(EventSearch::previous);
    }

    private interface Step {
        OptionalInt from(Trace trace, int event);
    }

    private void step(Step step) {
        selection.eventProperty().get().ifPresent(event -> source.get().map(s -> step.from(s.trace(), event))
                .filter(OptionalInt::isPresent).ifPresent(selection.eventProperty()::set));
    }

    /// Shows more of a row, or where all is shown less.
    public void toggle(Row row) {
        if (row.folds()) {
            setState(row, row.next(state(row)));
        }
    }

    /// Shows a row in a given way.
    public void setState(Row row, RowState state) {
        rows.ifPresent(r -> r.set(row, state));
        rowsChanged();
    }

    /// How a row is shown.
    public RowState state(Row row) {
        return rows.orElseThrow().state(row);
    }

    private void show(Optional<Recording> recording) {
        scrollY = 0;
        bounds = Optional.empty();
        source.set(recording.flatMap(r -> r instanceof Trace trace
                ? Optional.of(new TimelineSource(trace))
                : Optional.<TimelineSource>empty()).filter(s -> !s.tree().rows().isEmpty()));
        rows = source.get().map(s -> new FoldedRows(s.tree()));
        area.show(source.get());
        notebook.show(source.get().map(TimelineSource::trace));
        rows.ifPresent(r -> r.pin(notebook.property().get().pins()));
        fitted = 0;
        fit();
        source.get().ifPresent(s -> move(s.openingView()));
        changed();
    }

    /// Leaves the work of a device in sight until a person scrolls, opens or closes rows.
    private void fit() {
        boolean untouched = scrollY == fitted;
        fitted = rows.map(r -> r.fit(size.rowsHeight())).orElse(0.0);
        if (untouched) {
            scrollTo(fitted);
            fitted = scrollY;
        }
    }

    private void rowsChanged() {
        scrollTo(scrollY);
        changed();
    }

    private void highlight(Optional<String> kernel) {
        highlight = OptionalInt.empty();
        if (kernel.isPresent() && source.get().isPresent()) {
            int name = source.get().get().trace().strings().find(kernel.get());
            highlight = name < 0 ? OptionalInt.empty() : OptionalInt.of(name);
        }
        changed();
    }

    /// Brings an event into view: opens the groups that hide it, then scrolls and pans as little as needed.
    private void reveal(int event) {
        if (source.get().isEmpty()) {
            return;
        }
        Trace trace = source.get().get().trace();
        Optional<Row> row = source.get().get().rowOf(event);
        if (row.isEmpty()) {
            return;
        }
        rows.ifPresent(r -> scrollTo(r.reveal(row.get(), trace.depth(event), scrollY, size.rowsHeight())));
        double start = trace.start(event) - trace.startNs();
        double end = start + trace.duration(event);
        if (!still && (end < viewport.get().fromNs() || start > viewport.get().toNs())) {
            move(viewport.get().centredAt((start + end) / 2));
        }
    }

    private Viewport everything() {
        return bounds.orElseGet(() -> Viewport.all(source.get().map(TimelineSource::lengthNs).orElse(1.0)));
    }

    private void move(Viewport wanted) {
        Viewport view = bounds.map(wanted::within)
                .or(() -> source.get().map(s -> wanted.within(s.lengthNs()))).orElse(wanted);
        if (!view.equals(viewport.get())) {
            viewport.set(view);
            changed();
        }
    }

    private void changed() {
        revision.set(revision.get() + 1);
    }
}
