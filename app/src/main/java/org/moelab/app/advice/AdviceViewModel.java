package org.moelab.app.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.moelab.app.run.RunAdvice;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.app.task.LatestTask;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.advice.Advice;
import org.moelab.traces.advice.Finding;
import org.moelab.traces.advice.FindingTable;
import org.moelab.traces.advice.FindingTable.Sourced;
import org.moelab.traces.advice.Place;
import org.moelab.traces.advice.Severity;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;

/// What rules find in the selected layer of the run and in the selected recording, and which finding is looked at. Recordings
/// are judged in the background. For the JavaFX thread; usable without a toolkit.
public final class AdviceViewModel {
    private final Selection selection;
    private final Catalogue catalogue;
    private final Judge judge;
    private List<Entry> ofRun = List.of();
    private List<Entry> ofRecording = List.of();
    private boolean judging;
    private final ReadOnlyObjectWrapper<Optional<AdviceFigure>> figure = new ReadOnlyObjectWrapper<>(this, "figure",
            Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Entry>> selected = new ReadOnlyObjectWrapper<>(this, "selected",
            Optional.empty());

    /// Judges a recording and hands over what it found, now or later.
    @FunctionalInterface
    private interface Judge {
        void judge(Recording recording, Consumer<List<Finding>> done);
    }

    /// @param selection what is looked at
    /// @param catalogue what is told of techniques
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of work that failed
    public AdviceViewModel(Selection selection, Catalogue catalogue, Executor fxThread,
            Consumer<? super Throwable> failed) {
        this(selection, catalogue, inBackground(fxThread, failed));
    }

    private AdviceViewModel(Selection selection, Catalogue catalogue, Judge judge) {
        this.selection = selection;
        this.catalogue = catalogue;
        this.judge = judge;
        selection.runProperty().subscribe(this::judgeRun);
        selection.layerProperty().subscribe(this::judgeRun);
        selection.phaseProperty().subscribe(this::judgeRun);
        selection.recordingProperty().subscribe(this::judgeRecording);
    }

    /// One that judges recordings at once, for pictures without a window.
    public static AdviceViewModel atOnce(Selection selection, Catalogue catalogue) {
        return new AdviceViewModel(selection, catalogue, (recording, done) -> done.accept(Advice.of(recording)));
    }

    private static Judge inBackground(Executor fxThread, Consumer<? super Throwable> failed) {
        LatestTask<List<Finding>> task = new LatestTask<>(fxThread, failed);
        return (recording, done) -> task.start("Looking for advice", _ -> Advice.of(recording), done);
    }

    private void judgeRun() {
        RunPhase phase = selection.phaseProperty().get();
        ofRun = selection.runProperty().get().flatMap(run -> selection.layerProperty().get().flatMap(run::layer)
                .map(layer -> entries(
                        run.name() + ", " + StoredRun.layerName(layer.layer()) + " in " + phase.label()
                                + " · run report, shares of a captured step",
                        RunAdvice.of(run, layer, phase))))
                .orElse(List.of());
        show();
    }

    private void judgeRecording() {
        Optional<Recording> recording = selection.recordingProperty().get();
        ofRecording = List.of();
        judging = recording.isPresent();
        show();
        recording.ifPresent(r -> judge.judge(r, findings -> {
            if (selection.recordingProperty().get().equals(Optional.of(r))) {
                judging = false;
                ofRecording = entries(title(r), findings);
                show();
            }
        }));
    }

    private static String title(Recording recording) {
        String file = recording.info().files().isEmpty()
                ? ""
                : String.valueOf(recording.info().files().getFirst().getFileName());
        return file + " · " + switch (recording) {
            case Trace _ -> "timeline, shares of the devices' time from first to last work";
            case KernelReport _ -> "profiled kernels, shares of their time";
        };
    }

    private static List<Entry> entries(String source, List<Finding> findings) {
        return findings.stream().map(f -> new Entry(source, f)).toList();
    }

    private List<Entry> entries() {
        List<Entry> all = new ArrayList<>(ofRun);
        all.addAll(ofRecording);
        return all;
    }

    private void show() {
        List<Entry> all = entries();
        if (selected.get().filter(all::contains).isEmpty()) {
            selected.set(all.stream().findFirst());
        }
        draw();
    }

    private void draw() {
        List<Entry> all = entries();
        boolean open = selection.runProperty().get().isPresent() || selection.recordingProperty().get().isPresent();
        int index = selected.get().map(all::indexOf).orElse(-1);
        figure.set(open
                ? Optional.of(new AdviceFigure("Advice on " + subject(), all,
                        index < 0 ? OptionalInt.empty() : OptionalInt.of(index)))
                : Optional.empty());
    }

    private String subject() {
        return selection.runProperty().get().map(StoredRun::name)
                .or(() -> selection.recordingProperty().get().flatMap(r -> r.info().files().stream().findFirst())
                        .map(f -> String.valueOf(f.getFileName())))
                .orElse("");
    }

    /// The findings; empty where nothing is open.
    public ReadOnlyObjectProperty<Optional<AdviceFigure>> figureProperty() {
        return figure.getReadOnlyProperty();
    }

    /// The finding that is looked at.
    ReadOnlyObjectProperty<Optional<Entry>> selectedProperty() {
        return selected.getReadOnlyProperty();
    }

    /// How many findings there are, and how to read them.
    public ObservableValue<String> captionProperty() {
        return figure.map(f -> f.map(this::caption).orElse(""));
    }

    private String caption(AdviceFigure shown) {
        long notes = shown.entries().stream().filter(e -> e.finding().severity() == Severity.NOTE).count();
        long findings = shown.entries().size() - notes;
        return (judging ? "looking … " : "") + Unit.counted(findings, "finding")
                + (notes > 0 ? ", " + Unit.counted(notes, "note") + " on the recording" : "")
                + " · at most: a bound by the measured times, no estimate; bounds may count the same time";
    }

    /// Looks at the finding of a row.
    void select(int row) {
        List<Entry> all = entries();
        if (row >= 0 && row < all.size()) {
            selected.set(Optional.of(all.get(row)));
            draw();
        }
    }

    /// Looks at the finding above or below.
    ///
    /// @param step -1 or 1
    void selectNeighbour(int step) {
        int now = selected.get().map(entries()::indexOf).orElse(-1);
        select(Math.clamp((long) now + step, 0, Math.max(0, entries().size() - 1)));
    }

    /// Selects the first finding of the next source, or of the one before.
    ///
    /// @param step 1 or -1
    void selectSource(int step) {
        List<String> sources = entries().stream().map(Entry::source).distinct().toList();
        int now = selected.get().map(Entry::source).map(sources::indexOf).orElse(0);
        if (!sources.isEmpty()) {
            String wanted = sources.get(Math.clamp((long) now + step, 0, sources.size() - 1));
            select(entries().stream().map(Entry::source).toList().indexOf(wanted));
        }
    }

    /// Selects what a finding speaks of, for every view.
    void jump(Place place) {
        switch (place) {
            case Place.Span(int event, long from, long to) ->
                selectSpan(event, new TimeRange(from, Math.max(to, from + 1)));
            case Place.Event(int event) -> selectEvent(event);
            case Place.Operation(String layer, String phase, String operation) -> {
                selection.layerProperty().set(Optional.of(layer));
                RunPhase.ofLabel(phase).ifPresent(selection.phaseProperty()::set);
                selection.operationProperty()
                        .set(operation.isEmpty() ? Optional.empty() : Optional.of(operation));
            }
            case Place.Nowhere _ -> {
            }
        }
    }

    private void selectSpan(int event, TimeRange range) {
        selectEvent(event);
        selection.rangeProperty().set(Optional.of(range));
    }

    private void selectEvent(int event) {
        selection.rangeProperty().set(Optional.empty());
        selection.eventProperty().set(OptionalInt.of(event));
        if (selection.recordingProperty().get().orElse(null) instanceof KernelReport report) {
            selection.kernelProperty().set(Optional.of(report.kernels().get(event).name().display()));
        }
    }

    /// The words for a technique: its name, layer and whether it is done.
    String technique(String id) {
        return catalogue.find(id).map(t -> t.name() + " (layer " + t.layer() + ", " + t.status().label() + ")")
                .orElse(id);
    }

    /// What the catalogue says of a finding's techniques.
    List<Technique> techniques(Finding finding) {
        return finding.techniques().stream().flatMap(id -> catalogue.find(id).stream()).toList();
    }

    /// Whether a technique is on in the layer that is looked at; empty where no run is open.
    Optional<Boolean> isOn(Technique technique) {
        return selection.runProperty().get().flatMap(run -> selection.layerProperty().get().flatMap(run::layer))
                .map(layer -> layer.techniques().contains(technique.id()));
    }

    /// What a screen reader says of the finding that is looked at.
    String spoken() {
        return selected.get().map(Entry::finding)
                .map(f -> f.severity().label() + ": " + f.title() + ". " + f.evidence().stream()
                        .map(e -> e.label() + " " + e.text()).collect(Collectors.joining(", ")))
                .orElse("no findings");
    }

    /// The findings as a table.
    public Optional<ReportTable> table() {
        return entries().isEmpty()
                ? Optional.empty()
                : Optional.of(FindingTable.of(
                        entries().stream().map(e -> new Sourced(e.source(), e.finding())).toList(), this::technique));
    }
}
