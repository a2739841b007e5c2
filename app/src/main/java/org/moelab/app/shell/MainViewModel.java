package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import org.moelab.app.compare.Side;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;
import org.moelab.app.selection.Selection;
import org.moelab.app.task.BackgroundTask;
import org.moelab.app.task.TaskFailedException;
import org.moelab.app.theme.Palette;
import org.moelab.app.timeline.Annotations;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.binding.BooleanExpression;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// What the window holds: recordings, runs, the selection, what is being read, what the person should know, and the theme.
/// Files are read one after the other. For the JavaFX thread; usable without a toolkit.
public final class MainViewModel {
    // of this window alone: one that windows shared would keep all that ever listened to it
    private final ObservableBooleanValue always = new SimpleBooleanProperty(true);
    private final RecordingSource source;
    private final Catalogue catalogue;
    private final Executor fxThread;
    private final Selection selection = new Selection();
    private final ObservableList<OpenRecording> recordings = FXCollections.observableArrayList();
    private final ObservableList<Path> waiting = FXCollections.observableArrayList();
    // kept, because a read-only view hears of changes only as long as it is reachable
    private final ObservableList<OpenRecording> recordingsView = FXCollections.unmodifiableObservableList(recordings);
    private final ObservableList<Path> waitingView = FXCollections.unmodifiableObservableList(waiting);
    private final Deque<Path> queue = new ArrayDeque<>();
    private final OpenRuns runs;
    private final ObservableList<StoredRun> runsView;
    private final ObjectProperty<Page> page = new SimpleObjectProperty<>(this, "page", Page.TIMELINE);
    private final CompareSides sides;
    private final BooleanExpression hasRun;
    private final BooleanExpression comparable;
    private final BooleanBinding comparing;
    private final BooleanBinding roofed;
    private final BooleanBinding something;
    private final BooleanBinding profiled;
    private final BooleanBinding paged;
    private Optional<Path> reading = Optional.empty();
    private final ReadOnlyObjectWrapper<Optional<BackgroundTask<?>>> importing = new ReadOnlyObjectWrapper<>(
            this, "importing", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Notice>> notice = new ReadOnlyObjectWrapper<>(this, "notice",
            Optional.empty());
    private final ObjectProperty<Palette> palette = new SimpleObjectProperty<>(this, "palette", Palette.DARK);
    private final TextSize textSize;
    private final ReadOnlyObjectWrapper<Settings> settings;

    /// What a path turned out to be.
    private sealed interface Content {
    }

    private record RecordingContent(Recording recording) implements Content {}

    private record RunContent(StoredRun run) implements Content {}

    /// @param source where recordings come from
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param remembered what the last window left
    /// @param catalogue what is told of layers and techniques
    public MainViewModel(RecordingSource source, Executor fxThread, Settings remembered, Catalogue catalogue) {
        this(source, fxThread, remembered, catalogue, Runnable::run);
    }

    /// @param painted runs what it is given on the JavaFX thread, when what was chosen has been painted
    MainViewModel(RecordingSource source, Executor fxThread, Settings remembered, Catalogue catalogue,
            Executor painted) {
        this.source = source;
        this.catalogue = catalogue;
        this.fxThread = fxThread;
        this.settings = new ReadOnlyObjectWrapper<>(this, "settings", remembered);
        textSize = new TextSize(remembered.textPercent());
        textSize.percentProperty().subscribe(p -> settings.set(settings.get().withTextPercent(p.intValue())));
        palette.set(remembered.dark() ? Palette.DARK : Palette.LIGHT);
        palette.subscribe(p -> settings.set(settings.get().withDark(p.dark())));
        runs = new OpenRuns(selection, painted, file -> open(List.of(file)));
        runsView = FXCollections.unmodifiableObservableList(runs.list());
        selection.recordingProperty().subscribe(_ -> current().ifPresent(r -> runs.follow(r.file())));
        roofed = Bindings.createBooleanBinding(
                () -> selection.runProperty().get().isPresent()
                        || selection.recordingProperty().get().orElse(null) instanceof KernelReport,
                selection.runProperty(), selection.recordingProperty());
        sides = new CompareSides(selection, recordings);
        hasRun = BooleanExpression.booleanExpression(selection.runProperty().map(Optional::isPresent));
        comparable = Bindings.size(sides.list()).greaterThan(1);
        comparing = comparable.or(hasRun);
        something = Bindings.createBooleanBinding(
                () -> selection.runProperty().get().isPresent() || selection.recordingProperty().get().isPresent(),
                selection.runProperty(), selection.recordingProperty());
        profiled = Bindings.createBooleanBinding(
                () -> selection.recordingProperty().get().orElse(null) instanceof KernelReport,
                selection.recordingProperty());
        paged = Bindings.createBooleanBinding(() -> something.get() || page.get() == Page.RUN, something, page);
        List.of(roofed, comparing, hasRun, something, profiled).forEach(what -> what.subscribe(_ -> keepToPages()));
    }

    /// Leaves a page of which nothing is there any more.
    private void keepToPages() {
        if (!offeredProperty(page.get()).getValue()) {
            page.set(Page.TIMELINE);
        }
    }

    /// Reads files and run directories, and shows each when it is there. One that is open already is only shown.
    public void open(List<Path> files) {
        for (Path file : files) {
            Optional<OpenRecording> known = find(file);
            Optional<StoredRun> run = runs.find(file);
            if (known.isPresent()) {
                show(known.get());
            } else if (run.isPresent()) {
                runs.select(run.get());
            } else if (!queue.contains(file) && reading.filter(file::equals).isEmpty()) {
                queue.add(file);
            }
        }
        readNext();
    }

    private Optional<OpenRecording> find(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return recordings.stream().filter(r -> r.file().toAbsolutePath().normalize().equals(absolute)).findFirst();
    }

    private void readNext() {
        if (importing.get().isEmpty() && !queue.isEmpty()) {
            Path file = queue.remove();
            reading = Optional.of(file);
            importing.set(Optional.of(BackgroundTask.start("Opening " + file.getFileName(), fxThread,
                    monitor -> read(file, monitor), new BackgroundTask.Outcome<>(content -> finished(file, content),
                            failure -> failed(file, failure)))));
        }
        waiting.setAll(queue);
    }

    private Content read(Path file, ImportMonitor monitor) throws TaskFailedException {
        try {
            return StoredRun.isRun(file)
                    ? new RunContent(StoredRun.read(file))
                    : new RecordingContent(source.open(file, monitor));
        } catch (TraceReadException | IOException e) {
            throw new TaskFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private void finished(Path file, Content content) {
        ended();
        switch (content) {
            case RecordingContent(Recording recording) -> finished(file, recording);
            case RunContent(StoredRun run) -> take(run);
        }
        readNext();
    }

    /// Shows a run that was read.
    void take(StoredRun run) {
        settings.set(settings.get().opened(run.folder()));
        runs.add(run);
        if (!run.leftAside().isEmpty()) {
            tell(new Notice(Notice.Severity.WARNING, String.join("; ", run.leftAside()), ""));
        }
        page.set(Page.LAYERS);
    }

    private void ended() {
        reading = Optional.empty();
        importing.set(Optional.empty());
    }

    private void finished(Path file, Recording recording) {
        Optional<OpenRecording> timeline = runs.timeline(file, recording);
        OpenRecording opened = timeline.orElseGet(() -> new OpenRecording(file, recording));
        recordings.add(opened);
        if (timeline.isEmpty()) {
            settings.set(settings.get().opened(file));
        }
        if (runs.isAwaited(file)) {
            show(opened);
            if (recording instanceof KernelReport && page.get() == Page.TIMELINE) {
                page.set(Page.KERNEL); // such a report has no timeline
            }
        }
    }

    private void failed(Path file, Throwable failure) {
        settings.set(settings.get().forgotten(file.toAbsolutePath().normalize()));
        ended();
        tell(Notice.failure(failure));
        readNext();
    }

    /// Stops reading: the file being read and those that wait. What is open stays as it is.
    public void cancelImport() {
        queue.clear();
        importing.get().ifPresent(BackgroundTask::cancel);
        ended();
        readNext();
    }

    /// Makes an open recording the one looked at.
    public void show(OpenRecording recording) {
        selection.recordingProperty().set(Optional.of(recording.recording()));
    }

    /// Shows the next or the previous open recording.
    ///
    /// @param step 1 or -1
    public void showNeighbour(int step) {
        if (!recordings.isEmpty()) {
            int now = current().map(recordings::indexOf).orElse(0);
            show(recordings.get(Math.floorMod(now + step, recordings.size())));
        }
    }

    /// Lets go of a recording; its neighbour is shown in its place.
    public void close(OpenRecording recording) {
        int index = recordings.indexOf(recording);
        boolean shown = current().filter(recording::equals).isPresent();
        if (recordings.remove(recording) && shown) {
            List<OpenRecording> left = new ArrayList<>(recordings);
            selection.recordingProperty().set(left.isEmpty()
                    ? Optional.empty()
                    : Optional.of(left.get(Math.min(index, left.size() - 1)).recording()));
        }
    }

    /// Takes in what a run directory holds by now, without leaving the page: a run that is looked at stays so, on its layer
    /// where that was not the highest.
    void refresh(StoredRun run) {
        if (runs.find(run.folder()).isEmpty()) {
            settings.set(settings.get().opened(run.folder()));
        }
        runs.refresh(run);
    }

    /// Lets go of the run that is looked at, and of its timelines.
    public void closeRun() {
        selection.runProperty().get().ifPresent(run -> {
            List<Path> timelines = OpenRuns.timelines(run);
            queue.removeAll(timelines);
            runs.remove(run);
            recordings.stream().filter(r -> timelines.contains(r.file())).toList().forEach(this::close);
        });
    }

    /// The open recording that is looked at.
    public Optional<OpenRecording> current() {
        return selection.recordingProperty().get()
                .flatMap(shown -> recordings.stream().filter(r -> r.recording().equals(shown)).findFirst());
    }

    /// Holds the layer that is looked at against the one below it in the run.
    void againstBelow() {
        selection.runProperty().get().ifPresent(run -> {
            List<String> ids = run.layers().stream().map(LayerResult::layer).toList();
            int at = selection.layerProperty().get().map(ids::indexOf).orElse(-1);
            if (at > 0) {
                selection.referenceProperty().set(Optional.of(ids.get(at - 1)));
            }
        });
    }

    /// Turns from decode to prefill and back.
    void otherPhase() {
        selection.phaseProperty().set(selection.phaseProperty().get() == RunPhase.DECODE
                ? RunPhase.PREFILL
                : RunPhase.DECODE);
    }

    /// Says something, in place of what was said before.
    public void tell(Notice message) {
        notice.set(Optional.of(message));
    }

    /// Takes the notice away.
    public void dismissNotice() {
        notice.set(Optional.empty());
    }

    /// Changes between dark and light.
    public void toggleTheme() {
        palette.set(palette.get().dark() ? Palette.LIGHT : Palette.DARK);
    }

    /// Notes where the window is when it closes.
    public void remember(Settings.WindowBounds bounds, java.util.Map<String, List<Double>> dividers) {
        settings.set(settings.get().withLayout(bounds, dividers));
    }

    /// Where marks and pinned rows are kept: in the settings.
    Annotations.Store annotations() {
        return new Annotations.Store() {
            @Override
            public Annotations of(String recording) {
                return settings.get().annotations().getOrDefault(recording, Annotations.NONE);
            }

            @Override
            public void keep(String recording, Annotations now) {
                settings.set(settings.get().annotated(recording, now));
            }
        };
    }

    /// What is told of layers and techniques.
    Catalogue catalogue() {
        return catalogue;
    }

    /// The one selection.
    public Selection selection() {
        return selection;
    }

    /// The open recordings in the order of opening. Read only.
    public ObservableList<OpenRecording> recordings() {
        return recordingsView;
    }

    /// The open run directories in the order of opening. Read only.
    public ObservableList<StoredRun> runs() {
        return runsView;
    }

    /// Whether there is something to see on a page: of a run, of a run or profiled kernels, of two recordings; on that of the
    /// timeline beside others. Of a run all its pages are there, and say what it lacks.
    ObservableBooleanValue offeredProperty(Page of) {
        return switch (of) {
            case TIMELINE, ADVICE -> something;
            case LAYERS, SPEEDUP, INFERENCE -> hasRun;
            case ROOFLINE -> roofed;
            case COMPARE -> comparing;
            case KERNEL -> profiled;
            case RUN -> always;
        };
    }

    /// What holds at any time.
    ObservableBooleanValue alwaysProperty() {
        return always;
    }

    /// Whether pages show: something is open, or a run is about to be.
    ObservableBooleanValue pagedProperty() {
        return paged;
    }

    /// Whether there are two things to compare.
    ObservableBooleanValue comparableProperty() {
        return comparable;
    }

    /// What can be compared. Read only.
    ObservableList<Side> sides() {
        return sides.list();
    }

    /// What the middle of the window shows; the timeline where no run is open.
    public ObjectProperty<Page> pageProperty() {
        return page;
    }

    /// The files that wait to be read. Read only.
    public ObservableList<Path> waiting() {
        return waitingView;
    }

    /// The file being read.
    public ReadOnlyObjectProperty<Optional<BackgroundTask<?>>> importingProperty() {
        return importing.getReadOnlyProperty();
    }

    /// What the person should know.
    public ReadOnlyObjectProperty<Optional<Notice>> noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /// The colours of the window.
    public ObjectProperty<Palette> paletteProperty() {
        return palette;
    }

    /// How large text and all else is.
    TextSize textSize() {
        return textSize;
    }

    /// What is remembered for the next start.
    public ReadOnlyObjectProperty<Settings> settingsProperty() {
        return settings.getReadOnlyProperty();
    }

    /// Runs what it is given on the JavaFX thread, later and in order.
    public Executor fxThread() {
        return fxThread;
    }
}
