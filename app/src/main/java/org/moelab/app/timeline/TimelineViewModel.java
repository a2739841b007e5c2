package org.moelab.app.timeline;

import java.util.List;
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
    /// A trace with a greater part of device work is shown whole at first.
    private static final double MOSTLY_WORK = 0.8;
    /// What a view that was moved to an event leaves free above and below its row.
    private static final double REVEAL_ROOM = 8;

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
    private OptionalInt highlight = OptionalInt.empty();
    private final Notebook notebook;
    private final SelectedOccurrence occurrence;
    /// What can be looked at beyond the trace; empty where that is all.
    private Optional<Viewport> bounds = Optional.empty();
    private OptionalLong anchor = OptionalLong.empty();
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
        this.occurrence = new SelectedOccurrence(selection, background, ui);
        selection.recordingProperty().subscribe(this::show);
        selection.eventProperty().subscribe(event -> {
            event.ifPresent(this::reveal);
            changed();
        });
        selection.kernelProperty().subscribe(this::highlight);
        area.areaProperty().subscribe(this::changed);
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

    /// What a person added to the trace.
    public ReadOnlyObjectProperty<Annotations> annotationsProperty() {
        return notebook.property();
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
                selection.eventProperty().get(), highlight, area.areaProperty().get(), marks(), anchor)));
    }

    /// How much of the rows' height is scrolled away at the top.
    public double scrollY() {
        return scrollY;
    }

    /// The greatest value that [#scrollY()] can have.
    public double maxScrollY() {
        return rows.map(r -> Math.max(0, r.layout().totalHeight() - size.rowsHeight())).orElse(0.0);
    }

    /// The marked moments, by time.
    public List<Mark> marks() {
        return notebook.property().get().marks();
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
        if (!led) {
            move(all ? everything() : new Viewport(view.fromNs(), view.fromNs() + span));
        }
        scrollTo(scrollY);
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

    /// Moves the times in view so that a place on the strip that shows the whole trace lies in their middle.
    public void centreOverview(double x) {
        double fraction = Math.clamp((x - size.gutter()) / size.plotWidth(), 0, 1);
        source.get().ifPresent(s -> move(viewport.get().centredAt(fraction * s.lengthNs())));
    }

    /// Moves the times in view by a way on the strip that shows the whole trace.
    public void panOverview(double pixels) {
        source.get().ifPresent(s -> move(viewport.get().panned(pixels / size.plotWidth() * s.lengthNs())));
    }

    /// Whether a point lies on the strip that shows the whole trace, within the window that stands for the times in view.
    boolean inOverviewWindow(double x, double y) {
        return y < FrameRequest.OVERVIEW_HEIGHT && request().map(Look::overviewWindow)
                .filter(w -> x >= w.from() && x <= w.to()).isPresent();
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

    /// What lies at a point of the picture.
    public Optional<Hit> hit(double x, double y) {
        return request().flatMap(r -> HitTest.at(r, x, y));
    }

    /// Selects the event at a point. Where none lies there, the selection of event and kernel ends. In the captions it opens or closes the row.
    public void click(double x, double y) {
        Optional<FrameRequest> request = request();
        if (request.isEmpty()) {
            return;
        }
        if (x < size.gutter()) {
            HitTest.place(request.get(), y).ifPresent(place -> toggle(request.get().layout().row(place)));
            return;
        }
        Optional<Hit> hit = hit(x, y);
        selection.kernelProperty().set(Optional.empty());
        selection.eventProperty().set(hit.map(h -> OptionalInt.of(h.event())).orElse(OptionalInt.empty()));
    }

    /// Selects the part between two points.
    public void drag(double fromX, double fromY, double toX, double toY) {
        request().ifPresent(request -> {
            RowLayout rows = request.layout();
            int first = placeNear(request, Math.min(fromY, toY));
            int last = placeNear(request, Math.max(fromY, toY));
            Row highest = rows.row(first);
            Row lowest = rows.row(last);
            boolean whole = lowest.isGroup() && (first == last || rows.state(last) == RowState.FOLDED);
            long from = timeNear(request, Math.min(fromX, toX));
            long to = timeNear(request, Math.max(fromX, toX));
            // rows above all others may lie behind the others in the tree
            select(new Area(new TimeRange(from, Math.max(from, to)), Math.min(highest.id(), lowest.id()),
                    Math.max(highest.id() + 1, whole ? lowest.end() : lowest.id() + 1)));
        });
    }

    /// Selects the times between two horizontal places, over all rows.
    public void dragTimes(double fromX, double toX) {
        request().ifPresent(request -> {
            long from = timeNear(request, Math.min(fromX, toX));
            long to = timeNear(request, Math.max(fromX, toX));
            select(Area.ofAllRows(new TimeRange(from, Math.max(from, to)), request.source().tree()));
        });
    }

    private int placeNear(FrameRequest request, double y) {
        double row = request.rowsY(Math.max(FrameRequest.HEADER_HEIGHT, y));
        return Math.clamp(request.layout().placeAt(row), 0, request.layout().size() - 1);
    }

    private long timeNear(FrameRequest request, double x) {
        double fraction = Math.clamp((x - size.gutter()) / size.plotWidth(), 0, 1);
        double time = Math.clamp(viewport.get().timeAt(fraction), 0, request.source().lengthNs());
        return request.source().trace().startNs() + Math.round(time);
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

    /// Marks the moment at a horizontal place, or removes the mark that is there.
    ///
    /// @return the new mark, where one was set
    public Optional<Mark> mark(double x) {
        Optional<FrameRequest> request = request();
        if (request.isEmpty()) {
            return Optional.empty();
        }
        Optional<Mark> there = marks().stream().filter(m -> Math.abs(request.get().x(m.timeNs()) - x) <= HitTest.REACH)
                .findFirst();
        if (there.isPresent()) {
            remove(there.get());
            return Optional.empty();
        }
        long time = timeNear(request.get(), x);
        TimeScale scale = TimeScale.of(viewport.get(), size.plotWidth(), 1);
        Mark mark = new Mark(time, scale.label((double) (time - request.get().source().trace().startNs())), "");
        notebook.set(notebook.property().get().with(mark));
        changed();
        return Optional.of(mark);
    }

    /// Writes a note beside a mark.
    public void note(Mark mark, String text) {
        notebook.note(mark, text);
        changed();
    }

    /// Takes a mark away.
    public void remove(Mark mark) {
        notebook.set(notebook.property().get().without(mark));
        changed();
    }

    /// Shows the next mark, or the previous one.
    ///
    /// @param step 1 or -1
    public void showNeighbourMark(int step) {
        source.get().ifPresent(s -> {
            double origin = (double) s.trace().startNs();
            notebook.neighbour(step, origin + viewport.get().fromNs(), origin + viewport.get().toNs())
                    .ifPresent(this::show);
        });
    }

    /// Brings a mark into the middle of the view.
    public void show(Mark mark) {
        source.get().ifPresent(s -> move(viewport.get().centredAt((double) (mark.timeNs() - s.trace().startNs()))));
    }

    /// Puts the row at a height above all others, or back into its group.
    public void togglePin(double y) {
        request().flatMap(r -> HitTest.place(r, y).map(r.layout()::row)).ifPresent(this::togglePin);
    }

    /// Puts the row of the selected event above all others, or back into its group.
    public void togglePinOfSelected() {
        selection.eventProperty().get().ifPresent(event -> source.get().ifPresent(s -> {
            int id = s.tree().rowOfTrack(s.trace().trackId(event));
            if (id >= 0) {
                togglePin(s.tree().rows().get(id));
            }
        }));
    }

    private void togglePin(Row row) {
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
        OptionalInt event = selection.eventProperty().get();
        if (source.get().isPresent() && event.isPresent()) {
            OptionalInt found = step.from(source.get().get().trace(), event.getAsInt());
            if (found.isPresent()) {
                selection.eventProperty().set(found);
            }
        }
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
        fitWork();
        changed();
    }

    /// Shows the work of devices, with the room beside it that the whole trace has: what was recorded before and after
    /// is often most of a trace and seldom what is looked for.
    private void fitWork() {
        source.get().ifPresent(s -> {
            TimeRange work = s.workRange();
            move(work.lengthNs() < MOSTLY_WORK * s.lengthNs()
                    ? Viewport.around(work, s.trace().startNs(), 0.02)
                    : everything());
        });
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
        int id = source.get().get().tree().rowOfTrack(trace.trackId(event));
        if (id < 0) {
            return;
        }
        rows.ifPresent(r -> {
            r.openTo(r.layout().tree().rows().get(id), trace.depth(event));
            int place = r.layout().placeOf(id);
            double top = r.layout().laneTop(place, trace.depth(event)) - REVEAL_ROOM;
            double bottom = top + RowLayout.LANE_HEIGHT + 2 * REVEAL_ROOM;
            double hidden = top - r.layout().pinnedHeight();
            if (place >= r.layout().pinnedCount()) {
                scrollTo(hidden < scrollY ? hidden : Math.max(scrollY, bottom - size.rowsHeight()));
            }
        });
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
