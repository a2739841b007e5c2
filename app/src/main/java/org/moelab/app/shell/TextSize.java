package org.moelab.app.shell;

import java.util.List;

import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;

/// How large text and all else in the window is, in percent of the usual. For the JavaFX thread; usable without a toolkit.
final class TextSize {
    /// The usual size.
    static final int USUAL = 100;
    private static final List<Integer> STEPS = List.of(80, 90, USUAL, 110, 125, 150, 175, 200);

    private final ReadOnlyIntegerWrapper percent;

    /// @param percent of the last window
    TextSize(int percent) {
        this.percent = new ReadOnlyIntegerWrapper(this, "percent", within(percent));
    }

    /// The nearest size that there can be.
    static int within(int percent) {
        return Math.clamp(percent, STEPS.getFirst(), STEPS.getLast());
    }

    /// The size, 80 to 200.
    ReadOnlyIntegerProperty percentProperty() {
        return percent.getReadOnlyProperty();
    }

    /// A step larger, where there is one.
    void larger() {
        STEPS.stream().filter(s -> s > percent.get()).findFirst().ifPresent(percent::set);
    }

    /// A step smaller, where there is one.
    void smaller() {
        STEPS.reversed().stream().filter(s -> s < percent.get()).findFirst().ifPresent(percent::set);
    }

    /// As usual.
    void usual() {
        percent.set(USUAL);
    }
}
