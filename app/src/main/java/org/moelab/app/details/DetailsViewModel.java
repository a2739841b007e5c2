package org.moelab.app.details;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.moelab.app.kernels.KernelRow;
import org.moelab.app.kernels.KernelTableViewModel;
import org.moelab.app.selection.Selection;
import org.moelab.app.task.LatestTask;
import org.moelab.app.task.TaskFailedException;
import org.moelab.traces.Recordings;
import org.moelab.traces.TimelineImporter;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.OperatorLinks;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TrackKind;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelTimes;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The facts about the selected event, and on demand everything that the file tells of it.
/// For the JavaFX thread; usable without a toolkit.
public final class DetailsViewModel {
    private static final int LONGEST_TITLE = 110;

    private final Selection selection;
    private final KernelTableViewModel kernels;
    private final LatestTask<List<Fact>> reading;
    private final LatestTask<OperatorLinks> linking;
    private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "");
    private final ReadOnlyStringWrapper fullName = new ReadOnlyStringWrapper(this, "fullName", "");
    private final ReadOnlyBooleanWrapper canReadMore = new ReadOnlyBooleanWrapper(this, "canReadMore", false);
    private final ObservableList<Fact.Group> groups = FXCollections.observableArrayList();
    // kept, because a read-only view hears of changes only as long as it is reachable
    private final ObservableList<Fact.Group> groupsView = FXCollections.unmodifiableObservableList(groups);
    private List<Fact> producerFields = List.of();
    private Optional<OperatorLinks> operators = Optional.empty();

    /// @param selection what is looked at
    /// @param kernels the sums by kernel
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of work that failed
    public DetailsViewModel(Selection selection, KernelTableViewModel kernels, Executor fxThread,
            Consumer<? super Throwable> failed) {
        this.selection = selection;
        this.kernels = kernels;
        this.reading = new LatestTask<>(fxThread, failed);
        this.linking = new LatestTask<>(fxThread, failed);
        selection.recordingProperty().subscribe(this::link);
        selection.eventProperty().subscribe(_ -> {
            reading.cancel();
            producerFields = List.of();
            describe();
        });
        selection.kernelProperty().subscribe(this::describe);
        kernels.captionProperty().subscribe(this::describe);
    }

    private void link(Optional<Recording> recording) {
        operators = Optional.empty();
        linking.cancel();
        if (recording.orElse(null) instanceof Trace trace
                && trace.tracks().stream().anyMatch(t -> t.kind() == TrackKind.OPS)) {
            linking.start("Linking operators", _ -> new OperatorLinks(trace), links -> {
                operators = Optional.of(links);
                describe();
            });
        }
    }

    private OptionalInt operatorOf(int event) {
        int operator = operators.map(links -> links.operatorOf(event)).orElse(-1);
        return operator < 0 ? OptionalInt.empty() : OptionalInt.of(operator);
    }

    private void describe() {
        OptionalInt event = selection.eventProperty().get();
        List<Fact.Group> found = new ArrayList<>();
        Recording recording = selection.recordingProperty().get().orElse(null);
        if (event.isPresent() && recording instanceof Trace trace) {
            found.addAll(EventFacts.of(trace, event.getAsInt(), operatorOf(event.getAsInt())));
            name(trace.name(event.getAsInt()));
        } else if (event.isPresent() && recording instanceof KernelReport report) {
            ProfiledKernel kernel = report.kernels().get(event.getAsInt());
            found.addAll(ProfiledKernelFacts.of(report, kernel));
            name(kernel.name().display());
        } else {
            name(selection.kernelProperty().get().orElse(""));
        }
        kernels.selected().ifPresent(row -> found.add(Math.min(1, found.size()), sums(row)));
        if (!producerFields.isEmpty()) {
            found.add(new Fact.Group("As in the file", producerFields));
        }
        canReadMore.set(recording instanceof Trace && event.isPresent() && producerFields.isEmpty());
        groups.setAll(found);
    }

    private void name(String full) {
        fullName.set(full);
        String label = full.isEmpty() ? "" : FunctionName.parse(full).label();
        title.set(label.length() <= LONGEST_TITLE ? label : label.substring(0, LONGEST_TITLE - 1) + "…");
    }

    private Fact.Group sums(KernelRow row) {
        KernelTimes.Row t = row.times();
        String where = selection.rangeProperty().get().isPresent() ? "in the selected range" : "in the recording";
        return new Fact.Group("All launches " + where,
                List.of(Fact.of("Calls", Unit.COUNT.format(t.calls()), "events of this name " + where),
                        Fact.of("Total", Unit.NANOSECONDS.format(t.totalNs()), "sum of their time " + where),
                        Fact.of("Share", Unit.PERCENT.format(row.share() * 100),
                                "total ÷ total of all device work " + where),
                        Fact.of("Median", Unit.NANOSECONDS.format(t.medianNs()), "middle of the durations"),
                        Fact.of("p99", Unit.NANOSECONDS.format(t.p99Ns()), "99th percentile, interpolated"),
                        Fact.leading("Longest", Unit.NANOSECONDS.format(t.maxNs()), "the longest launch",
                                t.longest())));
    }

    private Optional<Trace> trace() {
        return selection.recordingProperty().get().filter(Trace.class::isInstance).map(Trace.class::cast);
    }

    /// Goes to the event that a fact speaks of.
    public void follow(Fact fact) {
        if (fact.leadsTo().isPresent()) {
            selection.eventProperty().set(fact.leadsTo());
        }
    }

    /// Reads everything that the file tells of the event, in the background.
    public void readMore() {
        Optional<Trace> trace = trace();
        OptionalInt event = selection.eventProperty().get();
        if (trace.isEmpty() || event.isEmpty()) {
            return;
        }
        Trace t = trace.get();
        int e = event.getAsInt();
        reading.start("Reading details", _ -> read(t, e), fields -> {
            producerFields = fields.isEmpty()
                    ? List.of(Fact.of("nothing", "", "the file tells no more than is shown above"))
                    : fields;
            describe();
        });
    }

    private static List<Fact> read(Trace trace, int event) throws TaskFailedException {
        if (!(Recordings.importer(trace.info().format()) instanceof TimelineImporter importer)) {
            return List.of();
        }
        try {
            return importer.details(trace, event).entrySet().stream()
                    .map(f -> Fact.of(f.getKey(), f.getValue(), "field " + f.getKey() + " in the file")).toList();
        } catch (TraceReadException e) {
            throw new TaskFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The name as short as it stays clear; empty where nothing is selected.
    public ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    /// The name as the recording has it.
    public ReadOnlyStringProperty fullNameProperty() {
        return fullName.getReadOnlyProperty();
    }

    /// The facts by group. Read only.
    public ObservableList<Fact.Group> groups() {
        return groupsView;
    }

    /// Whether the file may tell more than is shown.
    public ReadOnlyBooleanProperty canReadMoreProperty() {
        return canReadMore.getReadOnlyProperty();
    }

    /// Whether the file is being read.
    public ReadOnlyBooleanProperty readingProperty() {
        return reading.runningProperty();
    }
}
