package org.moelab.app.profile;

import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

import org.moelab.app.profile.KernelProfile.Rule;
import org.moelab.app.selection.Selection;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.ProfiledKernel;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.ObjectBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/// The profiled kernel that is selected, the longest of its report where none is, and the one pinned as its baseline, which stays
/// when another report is looked at. For the JavaFX thread; usable without a toolkit.
public final class ProfileViewModel {
    private final Selection selection;
    private final ObjectBinding<Optional<Profiled>> profiled;
    private final ObjectBinding<Optional<KernelProfile>> profile;
    private final ObjectProperty<Optional<KernelProfile>> baseline = new SimpleObjectProperty<>(this, "baseline",
            Optional.empty());
    private final ObjectBinding<Optional<ProfileFigure>> figure;

    /// A kernel with its report.
    record Profiled(KernelReport report, ProfiledKernel kernel) {}

    /// Follows the selection.
    public ProfileViewModel(Selection selection) {
        this.selection = selection;
        profiled = Bindings.createObjectBinding(() -> report().flatMap(r -> kernel(r).map(k -> new Profiled(r, k))),
                selection.recordingProperty(), selection.eventProperty());
        profile = Bindings.createObjectBinding(() -> profiled.get().map(p -> KernelProfile.of(p.report, p.kernel)),
                profiled);
        figure = Bindings.createObjectBinding(
                () -> profile.get().map(p -> new ProfileFigure(p, baseline.get().filter(b -> !b.equals(p)))), profile,
                baseline);
    }

    private Optional<KernelReport> report() {
        return selection.recordingProperty().get().filter(KernelReport.class::isInstance).map(KernelReport.class::cast);
    }

    private Optional<ProfiledKernel> kernel(KernelReport report) {
        OptionalInt chosen = selection.eventProperty().get();
        return chosen.isPresent() && chosen.getAsInt() < report.kernels().size()
                ? Optional.of(report.kernels().get(chosen.getAsInt()))
                : report.kernels().stream().max(Comparator.comparingDouble(
                        k -> Double.isNaN(report.durationNs(k)) ? -1 : report.durationNs(k)));
    }

    /// The picture; empty where no kernel report is open.
    public ObservableValue<Optional<ProfileFigure>> figureProperty() {
        return figure;
    }

    /// The kernel that is looked at, as it was recorded.
    ObservableValue<Optional<Profiled>> profiledProperty() {
        return profiled;
    }

    /// The kernel that is looked at.
    ObservableValue<Optional<KernelProfile>> profileProperty() {
        return profile;
    }

    /// The kernel that it is held against.
    ObservableValue<Optional<KernelProfile>> baselineProperty() {
        return baseline;
    }

    /// Which kernel it is, and against what.
    public ObservableValue<String> captionProperty() {
        return figure.map(f -> f.map(this::caption).orElse(""));
    }

    private String caption(ProfileFigure shown) {
        int count = report().map(r -> r.kernels().size()).orElse(0);
        return "kernel " + (shown.profile().index() + 1) + " of " + count + " · " + shown.profile().label()
                + shown.baseline().map(b -> " · grey: baseline, " + b.label()).orElse("");
    }

    /// Holds kernels against the one that is looked at; ends that where it is the baseline already.
    public void pin() {
        baseline.set(baseline.get().equals(profile.get()) ? Optional.empty() : profile.get());
    }

    /// Selects the kernel before or behind.
    ///
    /// @param step -1 or 1
    void selectNeighbour(int step) {
        report().ifPresent(r -> profile.get().ifPresent(p -> {
            int index = Math.clamp((long) p.index() + step, 0, r.kernels().size() - 1);
            selection.eventProperty().set(OptionalInt.of(index));
            selection.kernelProperty().set(Optional.of(r.kernels().get(index).name().display()));
        }));
    }

    /// The figures as a table, in base units, with the baseline's and the rules.
    public Optional<ReportTable> table() {
        return figure.get().map(ProfileViewModel::table);
    }

    private static ReportTable table(ProfileFigure shown) {
        ReportTable.Builder table = ReportTable.builder(Column.text("Section", "what the figure belongs to"),
                Column.text("Name", "what it is"), Column.real("Value", Unit.NONE, "in the base unit", -1),
                Column.text("Unit", "of the value"), Column.text("Text", "for people, or what a rule says"),
                Column.real("Baseline", Unit.NONE, "the same of the pinned kernel", -1),
                Column.real("Change (%)", Unit.PERCENT, "value ÷ baseline − 1", 2),
                Column.text("Metric", "its name in Nsight Compute, or how it follows from metrics"));
        for (Measure m : shown.profile().measures()) {
            double before = shown.baseline().flatMap(b -> b.find(m.section(), m.label())).map(Measure::value)
                    .orElse(Double.NaN);
            table.row(m.section().title(), m.label(), Cell.of(m.value()), m.unit().symbol(), m.text(), Cell.of(before),
                    Cell.of(before == 0 ? Double.NaN : (m.value() / before - 1) * 100), m.metric());
        }
        for (Rule rule : shown.profile().rules()) {
            table.row("rule, " + rule.type(), rule.title(), Cell.of(rule.percent().orElse(Double.NaN)),
                    rule.percent().isPresent() ? "%" : "", rule.text(), Cell.Missing.MISSING, Cell.Missing.MISSING,
                    rule.identifier());
        }
        return table.build();
    }
}
