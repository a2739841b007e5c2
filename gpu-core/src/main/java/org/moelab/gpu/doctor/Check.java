package org.moelab.gpu.doctor;

import java.util.List;

import org.moelab.traces.model.Unit;

/// One thing that was looked for.
///
/// @param id a name for scripts, such as `cublaslt`
/// @param title a name for people
/// @param status how it came out
/// @param detail what was found and where, or where it was looked for, in one line
/// @param cost what cannot be done as it is, empty where nothing is lost
/// @param remedy how to get it, a command where there is one, empty where nothing is needed
/// @param figures what was read or measured, in numbers
public record Check(String id, String title, CheckStatus status, String detail, String cost, String remedy,
        List<Figure> figures) {
    /// A number with its unit.
    ///
    /// @param name a name for scripts, in camel case
    public record Figure(String name, double value, Unit unit) {}

    public Check {
        figures = List.copyOf(figures);
        if (status != CheckStatus.FOUND && cost.isEmpty()) {
            throw new IllegalArgumentException("the check " + id + " does not say what it costs");
        }
    }

    static Check found(String id, String title, String detail, Figure... figures) {
        return new Check(id, title, CheckStatus.FOUND, detail, "", "", List.of(figures));
    }

    static Check degraded(String id, String title, String detail, String cost, String remedy, Figure... figures) {
        return new Check(id, title, CheckStatus.DEGRADED, detail, cost, remedy, List.of(figures));
    }

    static Check absent(String id, String title, String detail, String cost, String remedy) {
        return new Check(id, title, CheckStatus.ABSENT, detail, cost, remedy, List.of());
    }
}
