package org.moelab.app.kernels;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.app.task.BackgroundTask;
import org.moelab.app.task.LatestTask;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelTimes;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

/// The kernels of the selected trace, time range or kernel report, summed in the background.
/// For the JavaFX thread; usable without a toolkit.
public final class KernelTableViewModel {
    private final Selection selection;
    private final LatestTask<List<KernelRow>> summing;
    private final ObservableList<KernelRow> all = FXCollections.observableArrayList();
    private final FilteredList<KernelRow> shown = new FilteredList<>(all);
    // kept, because a read-only view hears of changes only as long as it is reachable
    private final ObservableList<KernelRow> allView = FXCollections.unmodifiableObservableList(all);
    private final ObservableList<KernelRow> shownView = FXCollections.unmodifiableObservableList(shown);
    private final StringProperty filter = new SimpleStringProperty(this, "filter", "");
    private final ReadOnlyStringWrapper filterProblem = new ReadOnlyStringWrapper(this, "filterProblem", "");
    private final ReadOnlyStringWrapper caption = new ReadOnlyStringWrapper(this, "caption", "");

    /// @param selection what is looked at
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of work that failed
    public KernelTableViewModel(Selection selection, Executor fxThread, Consumer<? super Throwable> failed) {
        this.selection = selection;
        this.summing = new LatestTask<>(fxThread, failed);
        selection.recordingProperty().subscribe(_ -> {
            all.clear();
            sum();
        });
        selection.rangeProperty().subscribe(this::sum);
        filter.subscribe(typed -> {
            KernelFilter parsed = KernelFilter.parse(typed);
            filterProblem.set(parsed.problem().orElse(""));
            shown.setPredicate(parsed.matches());
            describe();
        });
        summing.runningProperty().subscribe(this::describe);
    }

    private void sum() {
        switch (selection.recordingProperty().get().orElse(null)) {
            case Trace trace -> {
                TimeRange range = selection.rangeProperty().get()
                        .orElse(new TimeRange(trace.startNs(), Math.max(trace.endNs(), trace.startNs() + 1)));
                run(monitor -> KernelRow.of(trace,
                        KernelTimes.of(trace, range.fromNs(), range.toNs(), monitor::isCancelled)));
            }
            case KernelReport report -> run(_ -> KernelRow.of(report));
            case null -> {
                summing.cancel();
                all.clear();
                describe();
            }
        }
    }

    private void run(BackgroundTask.Work<List<KernelRow>> work) {
        summing.start("Summing kernels", work, rows -> {
            all.setAll(rows);
            describe();
        });
    }

    private void describe() {
        caption.set(selection.recordingProperty().get().map(this::caption).orElse(""));
    }

    private String caption(Recording recording) {
        if (summing.runningProperty().get() && all.isEmpty()) {
            return "summing …";
        }
        String count = (shown.size() == all.size() ? "" : Unit.COUNT.format(shown.size()) + " of ")
                + Unit.counted(all.size(), "operation");
        long calls = shown.stream().mapToLong(r -> r.times().calls()).sum();
        long total = shown.stream().mapToLong(r -> r.times().totalNs()).sum();
        String tool = (recording.info().format().title() + " " + recording.info().version()).strip();
        return count + " · " + Unit.counted(calls, "call") + " · " + Unit.NANOSECONDS.format(total)
                + " · " + tool + " · " + where(recording);
    }

    private String where(Recording recording) {
        return switch (recording) {
            case Trace trace -> selection.rangeProperty().get()
                    .map(r -> "selection of " + Unit.NANOSECONDS.format(r.lengthNs()) + " at "
                            + Unit.NANOSECONDS.format(r.fromNs() - trace.startNs()))
                    .orElse("whole trace");
            case KernelReport _ -> "profiled kernels";
        };
    }

    /// Selects a kernel, and of its launches in the range the longest.
    public void select(KernelRow row) {
        if (!selection.kernelProperty().get().equals(Optional.of(row.name()))) {
            selection.eventProperty().set(OptionalInt.of(row.times().longest()));
            selection.kernelProperty().set(Optional.of(row.name()));
        }
    }

    /// The shown row of the selected kernel.
    public Optional<KernelRow> selected() {
        return selection.kernelProperty().get()
                .flatMap(name -> shown.stream().filter(r -> r.name().equals(name)).findFirst());
    }

    /// The rows as a table for scripts, in the order given: plain numbers, the unit in the heading.
    public static ReportTable export(List<KernelRow> rows) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Name", "the kernel's full name"),
                Column.text("Kind", "family of work, told from the name"),
                Column.whole("Calls", Unit.COUNT, "events that overlap the range"),
                Column.whole("Total (ns)", Unit.NANOSECONDS, "sum of their time within the range"),
                Column.real("Share (%)", Unit.PERCENT, "total over that of all device work in the range", 3),
                Column.whole("Min (ns)", Unit.NANOSECONDS, "shortest duration"),
                Column.real("Median (ns)", Unit.NANOSECONDS, "middle duration", 1),
                Column.real("Avg (ns)", Unit.NANOSECONDS, "mean duration", 1),
                Column.real("p99 (ns)", Unit.NANOSECONDS, "99th percentile of the durations, interpolated", 1),
                Column.whole("Max (ns)", Unit.NANOSECONDS, "longest duration"),
                Column.text("Grid x block", "most frequent launch configuration"),
                Column.text("Streams", "streams that it ran on"));
        for (KernelRow row : rows) {
            KernelTimes.Row t = row.times();
            table.row(row.name(), row.kind().label(), t.calls(), t.totalNs(), row.share() * 100, t.minNs(),
                    t.medianNs(), t.averageNs(), t.p99Ns(), t.maxNs(), row.launch(), row.streams());
        }
        return table.build();
    }

    /// The rows that pass the filter, the longest total first. Read only.
    public ObservableList<KernelRow> rows() {
        return shownView;
    }

    /// All rows. Read only.
    public ObservableList<KernelRow> allRows() {
        return allView;
    }

    /// What is typed into the filter, see [KernelFilter#parse].
    public StringProperty filterProperty() {
        return filter;
    }

    /// What is wrong with the filter, empty where nothing is.
    public ReadOnlyStringProperty filterProblemProperty() {
        return filterProblem.getReadOnlyProperty();
    }

    /// What the table shows and of which time.
    public ReadOnlyStringProperty captionProperty() {
        return caption.getReadOnlyProperty();
    }

    /// Whether sums are being made.
    public ReadOnlyBooleanProperty runningProperty() {
        return summing.runningProperty();
    }

    /// What is looked at.
    public Selection selection() {
        return selection;
    }
}
