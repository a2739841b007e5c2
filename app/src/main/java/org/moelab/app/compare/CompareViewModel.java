package org.moelab.app.compare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.moelab.app.run.HowTo;
import org.moelab.app.selection.Selection;
import org.moelab.app.task.LatestTask;
import org.moelab.traces.compare.Comparison;
import org.moelab.traces.compare.ComparisonTables;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.compare.Row;
import org.moelab.traces.model.Recording;
import org.moelab.traces.stats.ReportTable;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

/// Two recordings one against the other: the reference layer and the selected one of a run, or what a person chose. Nothing is
/// read or compared before the page shows. For the JavaFX thread; usable without a toolkit.
public final class CompareViewModel {
    private final Selection selection;
    private final ObservableList<Side> sides;
    private final Consumer<Side> load;
    private final LatestTask<Comparison> comparing;
    private final Set<Path> asked = new HashSet<>();
    private Optional<Path> chosenA = Optional.empty();
    private Optional<Path> chosenB = Optional.empty();
    private Optional<Pair> compared = Optional.empty();
    private final ReadOnlyObjectWrapper<Optional<Side>> a = new ReadOnlyObjectWrapper<>(this, "a", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Side>> b = new ReadOnlyObjectWrapper<>(this, "b", Optional.empty());
    private final BooleanProperty active = new SimpleBooleanProperty(this, "active", false);
    private final ObjectProperty<Grouping> grouping = new SimpleObjectProperty<>(this, "grouping", Grouping.KERNEL);
    private final StringProperty filter = new SimpleStringProperty(this, "filter", "");
    private final ReadOnlyStringWrapper caption = new ReadOnlyStringWrapper(this, "caption", "");
    private final ReadOnlyObjectWrapper<Optional<Comparison>> comparison = new ReadOnlyObjectWrapper<>(this,
            "comparison", Optional.empty());
    private final ObservableList<Row> all = FXCollections.observableArrayList();
    private final FilteredList<Row> shown = new FilteredList<>(all);
    private final ObjectBinding<Optional<CompareFigure>> figure;

    private record Pair(Recording a, Recording b, Grouping by) {}

    /// @param selection what is looked at
    /// @param sides what can be compared; read only here
    /// @param load has a side that is not open read; it then stands in the list with its recording
    /// @param fxThread runs what it is given on the JavaFX thread, later and in order
    /// @param failed hears of work that failed
    public CompareViewModel(Selection selection, ObservableList<Side> sides, Consumer<Side> load, Executor fxThread,
            Consumer<? super Throwable> failed) {
        this.selection = selection;
        this.sides = sides;
        this.load = load;
        this.comparing = new LatestTask<>(fxThread, failed);
        figure = Bindings.createObjectBinding(
                () -> comparison.get().flatMap(c -> a.get().flatMap(x -> b.get().map(y -> new CompareFigure(x.name(),
                        y.name(), c, selection.kernelProperty().get())))),
                comparison, selection.kernelProperty());
        selection.runProperty().subscribe(_ -> forget(true, true));
        selection.referenceProperty().subscribe(_ -> forget(true, false));
        selection.layerProperty().subscribe(_ -> forget(false, true));
        selection.recordingProperty().subscribe(this::settle);
        sides.addListener((ListChangeListener<Side>) _ -> settle());
        active.subscribe(_ -> {
            asked.clear();
            settle();
        });
        grouping.subscribe(this::compare);
        filter.subscribe(text -> shown.setPredicate(matching(text)));
    }

    /// Words must all occur in the names, ranges or what became of the row, in any case.
    private static Predicate<Row> matching(String typed) {
        List<String> words = Arrays.stream(typed.strip().toLowerCase(Locale.ROOT).split("\\s+", -1)).toList();
        return row -> {
            String subject = (row.name() + " " + String.join(" ", row.paths()) + " " + CompareFigure.change(row))
                    .toLowerCase(Locale.ROOT);
            return words.stream().allMatch(subject::contains);
        };
    }

    private void forget(boolean ofA, boolean ofB) {
        chosenA = ofA ? Optional.empty() : chosenA;
        chosenB = ofB ? Optional.empty() : chosenB;
        settle();
    }

    /// Finds the two sides, has read what is not open, and compares.
    private void settle() {
        if (!active.get()) {
            return;
        }
        Optional<Side> right = chosenB.flatMap(this::side).or(this::usualB);
        Optional<Side> left = chosenA.flatMap(this::side).or(() -> usualA(right));
        a.set(left);
        b.set(right);
        Stream.of(left, right).flatMap(Optional::stream)
                .filter(s -> s.recording().isEmpty() && asked.add(s.file())).forEach(load);
        compare();
    }

    private Optional<Side> side(Path file) {
        return sides.stream().filter(s -> s.isOf(file)).findFirst();
    }

    private Optional<Side> layer(Optional<String> layer) {
        return selection.runProperty().get().flatMap(run -> layer.flatMap(run::layer).flatMap(run::timeline))
                .flatMap(this::side);
    }

    private Optional<Side> usualB() {
        return layer(selection.layerProperty().get())
                .or(() -> sides.stream().filter(s -> s.recording().equals(selection.recordingProperty().get()))
                        .findFirst())
                .or(() -> sides.isEmpty() ? Optional.empty() : Optional.of(sides.getLast()));
    }

    private Optional<Side> usualA(Optional<Side> other) {
        return layer(selection.referenceProperty().get()).filter(s -> !Optional.of(s).equals(other))
                .or(() -> sides.stream().filter(s -> !Optional.of(s).equals(other)).findFirst());
    }

    private void compare() {
        Optional<Recording> left = a.get().flatMap(Side::recording);
        Optional<Recording> right = b.get().flatMap(Side::recording);
        if (left.isEmpty() || right.isEmpty()) {
            drop(a.get().isEmpty() || b.get().isEmpty()
                    ? "two timelines are needed, and there " + (sides.size() == 1 ? "is one" : "are none")
                            + ": open another file, or a run with more; for a layer, " + HowTo.CAPTURE
                    : "waiting for " + (left.isEmpty() ? a.get().get().name() : b.get().get().name())
                            + " to be open");
            return;
        }
        Optional<String> obstacle = Comparison.obstacle(left.get(), right.get());
        if (obstacle.isPresent()) {
            drop(obstacle.get());
            return;
        }
        Pair pair = new Pair(left.get(), right.get(), grouping.get());
        if (compared.filter(pair::equals).isEmpty()) {
            drop("comparing …");
            compared = Optional.of(pair);
            comparing.start("Comparing", _ -> Comparison.of(pair.a, pair.b, pair.by), this::show);
        }
    }

    private void drop(String why) {
        comparing.cancel();
        compared = Optional.empty();
        all.clear();
        comparison.set(Optional.empty());
        caption.set(why);
    }

    private void show(Comparison now) {
        all.setAll(now.rows());
        comparison.set(Optional.of(now));
        caption.set(a.get().map(Side::name).orElse("") + " against " + b.get().map(Side::name).orElse("")
                + " · device time of all that was recorded");
    }

    /// Whether the page shows.
    public BooleanProperty activeProperty() {
        return active;
    }

    /// What can be compared.
    ObservableList<Side> sides() {
        return sides;
    }

    /// The recording that the other is compared with.
    ObservableValue<Optional<Side>> aProperty() {
        return a.getReadOnlyProperty();
    }

    /// The other.
    ObservableValue<Optional<Side>> bProperty() {
        return b.getReadOnlyProperty();
    }

    /// Compares with this one, until another layer is the reference.
    void chooseA(Side side) {
        chosenA = Optional.of(side.file());
        settle();
    }

    /// Compares this one, until another layer is selected.
    void chooseB(Side side) {
        chosenB = Optional.of(side.file());
        settle();
    }

    /// Exchanges the two.
    void swap() {
        Optional<Path> left = a.get().map(Side::file);
        chosenA = b.get().map(Side::file);
        chosenB = left;
        settle();
    }

    /// What a row stands for.
    ObjectProperty<Grouping> groupingProperty() {
        return grouping;
    }

    /// What is typed to see fewer rows.
    StringProperty filterProperty() {
        return filter;
    }

    /// The rows that pass the filter, the largest difference first.
    ObservableList<Row> rows() {
        return shown;
    }

    /// The comparison; empty as long as there is none.
    ObservableValue<Optional<Comparison>> comparisonProperty() {
        return comparison.getReadOnlyProperty();
    }

    /// The waterfall; empty as long as there is no comparison.
    public ObservableValue<Optional<CompareFigure>> figureProperty() {
        return figure;
    }

    /// What is compared, or why nothing is.
    public ObservableValue<String> captionProperty() {
        return caption.getReadOnlyProperty();
    }

    /// The comparison as `moelab compare` gives it.
    public Optional<ReportTable> table() {
        return comparison.get().map(ComparisonTables::rows);
    }

    /// A row's part of the whole difference, in percent; NaN where there is none.
    double share(Row row) {
        long whole = comparison.get().map(Comparison::deltaNs).orElse(0L);
        return whole == 0 ? Double.NaN : 100.0 * row.deltaNs() / whole;
    }

    /// Selects a row's kernel, by the name that it has in the recording that is looked at.
    void select(Row row) {
        if (grouping.get() == Grouping.KERNEL) {
            Optional<Recording> looked = selection.recordingProperty().get();
            List<String> names = looked.equals(a.get().flatMap(Side::recording)) ? row.namesA() : row.namesB();
            Optional<String> name = names.stream().findFirst();
            if (name.isEmpty() || selection.kernelProperty().get().filter(names::contains).isEmpty()) {
                selection.eventProperty().set(OptionalInt.empty());
                selection.kernelProperty().set(name);
            }
        }
    }

    /// The row of the selected kernel.
    Optional<Row> selected() {
        return selection.kernelProperty().get().flatMap(name -> shown.stream()
                .filter(r -> r.namesA().contains(name) || r.namesB().contains(name)).findFirst());
    }

    /// The kernel that is looked at.
    ObservableValue<Optional<String>> kernelProperty() {
        return selection.kernelProperty();
    }
}
