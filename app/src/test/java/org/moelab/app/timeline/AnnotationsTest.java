package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TrackKind;

/// Marks, notes and pinned rows, and how they are kept.
class AnnotationsTest {
    private static final double WIDTH = 1220;
    private static final double ROWS_TOP = FrameRequest.HEADER_HEIGHT;

    private final Map<String, Annotations> kept = new HashMap<>();
    private final Trace trace = SyntheticTrace.decodeLoop(8);

    private final Annotations.Store store = new Annotations.Store() {
        @Override
        public Annotations of(String recording) {
            return kept.getOrDefault(recording, Annotations.NONE);
        }

        @Override
        public void keep(String recording, Annotations annotations) {
            kept.put(recording, annotations);
        }
    };

    private final Selection selection = new Selection();
    private final TimelineViewModel model = open(selection, trace);

    private TimelineViewModel open(Selection of, Trace shown) {
        TimelineViewModel opened = new TimelineViewModel(of, store, Runnable::run, Runnable::run);
        opened.resize(WIDTH, 160);
        of.recordingProperty().set(Optional.of(shown));
        return opened;
    }

    private RowLayout layout() {
        return model.request().orElseThrow().layout();
    }

    private void select(TrackKind kind) {
        selection.eventProperty().set(OptionalInt.of(trace.trackBegin(trace.tracks().stream()
                .filter(t -> t.kind() == kind).findFirst().orElseThrow().id())));
    }

    @Test
    void mark_twiceAtOnePlace_isSetAndTakenAway() {
        Mark mark = model.marks().toggle(720).orElseThrow();

        assertThat(model.marks().list()).containsExactly(mark);
        assertThat(model.marks().toggle(721)).isEmpty();
        assertThat(model.marks().list()).isEmpty();
    }

    @Test
    void note_ofAMark_standsOnTheRulerInPlaceOfTheTime() {
        Mark mark = model.marks().toggle(720).orElseThrow();
        assertThat(mark.text()).isEqualTo(mark.label()).endsWith("ms");

        model.marks().note(mark, "  copies begin ");

        assertThat(model.marks().list()).extracting(Mark::text).containsExactly("copies begin");
    }

    @Test
    void annotations_sameRecordingFromAnotherFile_areThereAgain() {
        Trace four = LayerTrace.of("a/4.json", 3, 2_000, 4_000, "gemm");
        Trace moved = LayerTrace.of("b/renamed.json", 3, 2_000, 4_000, "gemm");
        Trace another = LayerTrace.of("a/4.json", 3, 2_000, 4_000, "other");
        TimelineViewModel first = open(new Selection(), four);
        first.marks().note(first.marks().toggle(600).orElseThrow(), "here");
        first.pointer().togglePin(ROWS_TOP + 25);

        TimelineViewModel second = open(new Selection(), moved);

        assertThat(second.marks().annotationsProperty().get()).isEqualTo(first.marks().annotationsProperty().get());
        assertThat(second.marks().annotationsProperty().get().pins()).hasSize(1);
        assertThat(second.request().orElseThrow().layout().pinnedCount()).isEqualTo(1);
        assertThat(second.marks().list()).extracting(Mark::note).containsExactly("here");
        assertThat(open(new Selection(), another).marks().annotationsProperty().get()).isEqualTo(Annotations.NONE);
    }

    @Test
    void showNeighbourMark_someMarks_goesFromOneToTheNextAndStopsAtTheEnds() {
        model.fitAll();
        List.of(500.0, 700.0, 900.0).forEach(x -> model.marks().toggle(x));
        long first = model.marks().list().getFirst().timeNs();
        model.show(new TimeRange(first - 60_000, first - 40_000));

        for (int expected : List.of(0, 1, 2, 2)) {
            model.marks().showNeighbour(1);
            assertInMiddle(model.marks().list().get(expected));
        }
        model.marks().showNeighbour(-1);
        assertInMiddle(model.marks().list().get(1));
    }

    private void assertInMiddle(Mark mark) {
        double x = model.request().orElseThrow().x(mark.timeNs());
        assertThat(x).isBetween(model.gutter() + 499, model.gutter() + 501);
    }

    @Test
    void pin_row_standsFirstWithItsGroupAndDoesNotScroll() {
        double before = layout().totalHeight();
        select(TrackKind.API);
        model.togglePinOfSelected();

        assertThat(layout().pinnedCount()).isEqualTo(1);
        assertThat(layout().row(0).caption()).isEqualTo("CUDA API · main (4711)");
        assertThat(layout().placeOfTrack(layout().row(0).track().id())).isZero();
        assertThat(model.marks().annotationsProperty().get().pins())
                .containsExactly("python decode.py (4711) · main (4711) · CUDA API");

        model.scrollTo(model.maxScrollY());
        assertThat(model.scrollY()).isPositive();
        FrameRequest request = model.request().orElseThrow();
        assertThat(HitTest.place(request, ROWS_TOP + 2)).contains(0);
        TimelineFrame frame = FrameBuilder.build(request);
        assertThat(frame.rows().getFirst().top()).isEqualTo(ROWS_TOP);
        assertThat(frame.rows().getFirst().pinned()).isTrue();
        TimelineFrame.RowBand last = frame.rows().getLast();
        assertThat(last.top() + last.height()).isEqualTo(160);

        model.pointer().togglePin(ROWS_TOP + 2);
        assertThat(layout().pinnedCount()).isZero();
        assertThat(layout().totalHeight()).isEqualTo(before);
    }

    @Test
    void pin_group_staysWhereItIs() {
        assertThat(layout().row(0).isGroup()).isTrue();

        model.pointer().togglePin(ROWS_TOP + 2);

        assertThat(layout().pinnedCount()).isZero();
    }

    @Test
    void selectEvent_ofAPinnedRow_doesNotScroll() {
        model.scrollTo(40);
        select(TrackKind.API);
        model.togglePinOfSelected();
        model.scrollTo(40);
        selection.eventProperty().set(OptionalInt.empty());

        select(TrackKind.API);

        assertThat(model.scrollY()).isEqualTo(40);
    }

    @Test
    void drag_fromAPinnedRowDown_selectsTheRowsBetweenInBothPlaces() {
        model.resize(WIDTH, 600);
        select(TrackKind.API);
        model.togglePinOfSelected();
        int last = layout().size() - 1;

        model.pointer().drag(500, ROWS_TOP + 2, 700, ROWS_TOP + layout().top(last) + 2);

        Area area = model.areaProperty().get().orElseThrow();
        assertThat(area.fromRow()).isEqualTo(layout().row(0).id());
        assertThat(area.toRow()).isEqualTo(layout().row(last).end());
        List<TimelineFrame.Stretch> stretches = FrameBuilder.build(model.request().orElseThrow()).stretches(area);
        assertThat(stretches.getFirst().top()).isEqualTo(ROWS_TOP);
        assertThat(stretches.getLast().bottom())
                .isEqualTo(ROWS_TOP + layout().top(last) + layout().height(last));
    }

    @Test
    void flags_marksCloseTogether_neverCoverOneAnother() {
        model.fitAll();
        for (double x = 230; x < WIDTH; x += 37) {
            model.marks().note(model.marks().toggle(x).orElseThrow(), "a note of some length that has no room");
        }
        FrameRequest request = model.request().orElseThrow();

        List<Look.Flag> flags = Look.flags(request, text -> text.length() * 6.6);

        assertThat(flags).hasSameSizeAs(request.marks());
        double free = request.size().gutter();
        for (Look.Flag flag : flags) {
            if (flag.right() > flag.left()) {
                assertThat(flag.left()).isGreaterThanOrEqualTo(free).isLessThanOrEqualTo(flag.x());
                assertThat(flag.right()).isLessThanOrEqualTo(WIDTH);
                free = flag.right();
            }
        }
        assertThat(flags).filteredOn(f -> f.right() > f.left()).isNotEmpty();
    }

    @Test
    void panOverview_windowDragged_movesByTheSamePartOfTheRecording() {
        model.show(new TimeRange(trace.startNs() + 100_000, trace.startNs() + 300_000));
        double before = model.viewportProperty().get().fromNs();

        model.pointer().panOverview(100);

        double length = trace.endNs() - trace.startNs();
        assertThat(model.viewportProperty().get().fromNs() - before).isEqualTo(length / 10);
        assertThat(model.pointer().inOverviewWindow(model.gutter() + 1000 * (before + length / 10 + 1000) / length, 5))
                .isTrue();
        assertThat(model.pointer().inOverviewWindow(model.gutter() + 1000 * before / length - 5, 5)).isFalse();
    }

    @Test
    void occurrence_selectedEvent_isCounted() {
        select(TrackKind.API);

        assertThat(model.occurrenceProperty().get()).map(Occurrence::place).contains("1 of 672");
        model.selectNext();
        assertThat(model.occurrenceProperty().get()).map(Occurrence::number).contains(1);

        selection.eventProperty().set(OptionalInt.empty());
        assertThat(model.occurrenceProperty().get()).isEmpty();
    }
}
