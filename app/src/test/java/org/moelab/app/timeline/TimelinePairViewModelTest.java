package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.Golden;
import org.moelab.app.export.Caption;
import org.moelab.app.export.Figure;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.run.RunPhase;
import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Trace;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

class TimelinePairViewModelTest {
    private static final String FAST = "expert_mxfp4";
    private static final String SLOW = "expert_bf16";

    private final Trace fast = LayerTrace.of("6.json", 8, 2_000, 4_000, FAST);
    private final Trace slow = LayerTrace.of("4.json", 6, 12_000, 10_000, SLOW);
    private final Candidate a = new Candidate(Path.of("6.json"), "layer 6", Optional.of(fast));
    private final Candidate b = new Candidate(Path.of("4.json"), "layer 4", Optional.of(slow));
    private final Selection selection = new Selection();
    private final ObservableList<Candidate> candidates = FXCollections.observableArrayList(a, b);
    private final List<Candidate> loaded = new ArrayList<>();
    private final TimelinePairViewModel model = new TimelinePairViewModel(selection, candidates, loaded::add,
            Annotations.Store.FORGETFUL, Runnable::run, Runnable::run);

    TimelinePairViewModelTest() {
        model.upper().resize(1220, 400);
        model.lower().resize(1220, 400);
        selection.recordingProperty().set(Optional.of(fast));
    }

    private void compare() {
        model.comparingProperty().set(true);
    }

    private Viewport above() {
        return model.upper().viewportProperty().get();
    }

    private Viewport below() {
        return model.lower().viewportProperty().get();
    }

    private void assertBelow(double shift) {
        assertThat(below().fromNs()).isCloseTo(above().fromNs() + shift, within(1e-6));
        assertThat(below().toNs()).isCloseTo(above().toNs() + shift, within(1e-6));
    }

    @Test
    void comparing_notAskedFor_nothingStandsBelow() {
        assertThat(model.otherProperty().get()).isEmpty();
        assertThat(model.lower().sourceProperty().get()).isEmpty();
        assertThat(model.offset()).isEmpty();
    }

    @Test
    void comparing_twoOpen_theOtherIsBelowAlignedOnTheFirstToken() {
        compare();

        assertThat(model.otherProperty().get()).contains(b);
        assertThat(model.alignmentProperty().get()).map(Alignment::label).contains("token 1");
        // prompts of 12 and 2 µs end after as long on the host
        assertThat(model.shiftNs()).isEqualTo(10_000);
        assertThat(model.offset()).isEqualTo("below − above +10.00 µs");
        assertBelow(10_000);
    }

    @Test
    void comparing_whilePrefillIsLookedAt_isAlignedOnThePrompt() {
        selection.phaseProperty().set(RunPhase.PREFILL);
        compare();

        assertThat(model.alignmentProperty().get()).map(Alignment::label).contains("prompt");
        assertThat(model.shiftNs()).isZero();
    }

    @Test
    void alignments_twoLayers_areTheStepsThatBothHave() {
        compare();

        assertThat(model.alignmentsProperty().get()).extracting(Alignment::label).containsExactly("first work",
                "prompt", "token 1", "token 2", "token 3", "token 4", "token 5", "token 6");

        model.align(model.alignmentsProperty().get().getLast());

        assertThat(model.shiftNs()).isEqualTo(10_000 + 5 * (10_000 - 4_000));
        assertBelow(40_000);
    }

    @Test
    void comparing_candidateNotOpen_isReadOnceAndShownWhenItIsThere() {
        Candidate closed = new Candidate(b.file(), b.name(), Optional.empty());
        candidates.setAll(a, closed);
        compare();
        candidates.setAll(closed, a);

        assertThat(loaded).containsExactly(closed);
        assertThat(model.noteProperty().get()).isEqualTo("waiting for layer 4 to be open");

        candidates.setAll(a, b);

        assertThat(model.lower().sourceProperty().get()).map(TimelineSource::trace).contains(slow);
        assertThat(model.noteProperty().get()).isEmpty();
    }

    @Test
    void linked_zoomAndPanEither_bothShowTheSameTimes() {
        compare();

        model.upper().show(new TimeRange(fast.startNs() + 4_000, fast.startNs() + 9_000));
        assertBelow(10_000);
        assertThat(above().spanNs()).isEqualTo(5_000);

        model.lower().zoom(0.5, 720);
        assertBelow(10_000);
        assertThat(above().spanNs()).isEqualTo(2_500);

        model.lower().pan(300);
        assertBelow(10_000);
        assertThat(above().fromNs()).isGreaterThan(4_000);
    }

    @Test
    void linked_beyondTheShorterOnesEnd_staysAligned() {
        compare();

        model.lower().show(new TimeRange(slow.endNs() - 5_000, slow.endNs()));

        assertThat(below().toNs()).isCloseTo((double) (slow.endNs() - slow.startNs()), within(1.0));
        assertBelow(10_000);
        assertThat(above().fromNs()).as("the upper one's recording has ended there")
                .isGreaterThan((double) (fast.endNs() - fast.startNs()));

        model.upper().fitAll();
        assertThat(below().fromNs()).isLessThanOrEqualTo(0);
        assertThat(below().toNs()).isGreaterThanOrEqualTo((double) (slow.endNs() - slow.startNs()));
        assertBelow(10_000);
    }

    @Test
    void linked_bothResized_theTimeOfAPixelStays() {
        compare();
        model.upper().show(new TimeRange(fast.startNs() + 4_000, fast.startNs() + 9_000));

        model.upper().resize(720, 300);
        model.lower().resize(720, 300);

        assertThat(above().spanNs()).isEqualTo(2_500);
        assertBelow(10_000);
    }

    @Test
    void unlinked_zoomEither_theOtherStays() {
        compare();
        model.linkedProperty().set(false);
        Viewport before = below();

        model.upper().zoom(0.5, 700);

        assertThat(below()).isEqualTo(before);
        assertThat(model.offset()).isEmpty();

        model.linkedProperty().set(true);
        assertBelow(10_000);
    }

    @Test
    void selectWork_kernelOfAnotherName_theWorkOfTheSameOperationIsSelectedBelow() {
        compare();
        Viewport before = above();

        selection.eventProperty().set(OptionalInt.of(LayerTrace.event(fast, FAST, 3)));

        int matching = model.lowerSelection().eventProperty().get().orElseThrow();
        assertThat(matching).isEqualTo(LayerTrace.event(slow, SLOW, 3));
        assertThat(model.lowerSelection().kernelProperty().get()).contains(SLOW);
        assertThat(above()).as("what matches elsewhere moves nothing").isEqualTo(before);
        assertThat(model.noteProperty().get()).isEmpty();
    }

    @Test
    void selectBelow_range_theSameOccurrenceIsSelectedAbove() {
        compare();

        model.lowerSelection().eventProperty()
                .set(OptionalInt.of(LayerTrace.event(slow, LayerTrace.NORM, 2)));

        assertThat(selection.eventProperty().get()).hasValue(LayerTrace.event(fast, LayerTrace.NORM, 2));
    }

    @Test
    void selectWork_stepThatTheOtherLacks_nothingIsSelectedBelowAndTheNoteSaysSo() {
        compare();
        selection.eventProperty().set(OptionalInt.of(LayerTrace.event(fast, FAST, 3)));

        selection.eventProperty().set(OptionalInt.of(LayerTrace.event(fast, FAST, 8)));

        assertThat(model.lowerSelection().eventProperty().get()).isEmpty();
        assertThat(model.noteProperty().get()).isEqualTo("below: nothing matches what is selected");
    }

    @Test
    void alignOnSelection_bothSelected_alignsTheirStarts() {
        compare();
        int above = LayerTrace.event(fast, FAST, 2);
        selection.eventProperty().set(OptionalInt.of(above));

        model.alignOnSelection();

        int below = model.lowerSelection().eventProperty().get().orElseThrow();
        assertThat(model.alignmentProperty().get()).map(Alignment::label).contains("selected expert_mxfp4");
        assertThat(model.shiftNs()).isEqualTo((double) (slow.start(below) - fast.start(above)));
        assertBelow(model.shiftNs());
    }

    @Test
    void choose_third_standsBelowUntilItIsClosed() {
        Trace third = LayerTrace.of("3.json", 2, 3_000, 5_000, SLOW);
        Candidate c = new Candidate(Path.of("3.json"), "layer 3", Optional.of(third));
        candidates.add(c);
        compare();

        model.choose(c);
        assertThat(model.otherProperty().get()).contains(c);
        assertThat(model.shiftNs()).isEqualTo(1_000);

        candidates.remove(c);
        assertThat(model.otherProperty().get()).contains(b);
    }

    @Test
    void lookAtTheOther_whileComparing_exchangesThem() {
        compare();

        selection.recordingProperty().set(Optional.of(slow));

        assertThat(model.otherProperty().get()).contains(a);
        assertThat(model.shiftNs()).isEqualTo(-10_000);
        assertThat(model.offset()).isEqualTo("below − above −10.00 µs");
    }

    @Test
    void comparing_endedAgain_theUpperOneKeepsToItsRecording() {
        compare();
        model.lower().show(new TimeRange(slow.endNs() - 5_000, slow.endNs()));

        model.comparingProperty().set(false);

        assertThat(model.lower().sourceProperty().get()).isEmpty();
        assertThat(above().fromNs()).isLessThan((double) (fast.endNs() - fast.startNs()));
        selection.eventProperty().set(OptionalInt.of(LayerTrace.event(fast, FAST, 1)));
        assertThat(model.lowerSelection().eventProperty().get()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = { true, false })
    void figure_twoTimelines_looksAsKept(boolean dark) throws IOException {
        compare();
        model.upper().resize(900, 230);
        model.lower().resize(900, 230);
        model.upper().fitAll();
        model.upper().marks().note(model.upper().marks().toggle(420).orElseThrow(), "first tokens");
        model.upper().marks().toggle(640);
        selection.eventProperty().set(OptionalInt.of(LayerTrace.event(fast, FAST, 4)));
        model.upper().togglePinOfSelected();

        Figure figure = model.figure().orElseThrow();

        assertThat(figure.title())
                .isEqualTo("Timelines: layer 6, layer 4 · aligned on token 1 · below − above +10.00 µs");
        Palette palette = dark ? Palette.DARK : Palette.LIGHT;
        Golden.check(FigureWriter.preferred(figure, palette, 1).image(figure,
                new Caption("6.json", "PyTorch profiler", LocalDate.of(2026, 11, 28))),
                "timelines-figure-" + (dark ? "dark" : "light"));
    }

    @Test
    void gutter_changedInOne_isTheSameInBoth() {
        compare();

        model.lower().resizeGutter(300);

        assertThat(model.upper().gutter()).isEqualTo(300);
    }
}
