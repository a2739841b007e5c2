package org.moelab.app.report.document;

import java.util.Locale;

/// A column of a table.
///
/// @param name what stands above it
/// @param unit of its figures; empty where they have none
/// @param form how its cells are set
/// @param decimals digits after the point of its figures
/// @param basis how its figures are known
/// @param source where they come from: the file and the field, or the formula
public record Column(String name, String unit, Form form, int decimals, Basis basis, String source) {
    /// How cells are set.
    public enum Form {
        /// Words.
        TEXT,
        /// Names of code, in the typeface of figures.
        CODE,
        /// Figures, aligned right.
        NUMBER
    }

    /// Words.
    public static Column text(String name, Basis basis, String source) {
        return new Column(name, "", Form.TEXT, 0, basis, source);
    }

    /// Names of code.
    public static Column code(String name, Basis basis, String source) {
        return new Column(name, "", Form.CODE, 0, basis, source);
    }

    /// Figures.
    public static Column number(String name, String unit, int decimals, Basis basis, String source) {
        return new Column(name, unit, Form.NUMBER, decimals, basis, source);
    }

    /// Whether it holds figures.
    public boolean isNumber() {
        return form == Form.NUMBER;
    }

    /// Its name with the unit: `TTFT (ms)`.
    public String heading() {
        return unit.isEmpty() ? name : name + " (" + unit + ")";
    }

    /// What is said of it below the table.
    public String origin() {
        return basis.label() + "; " + source;
    }

    /// A cell's words: figures rounded to the column's decimals.
    public String text(Cell cell) {
        return switch (cell) {
            case Cell.Text(String value) -> value;
            case Cell.Value(double value) -> rounded(value);
            case Cell.Absent(String why) -> why;
        };
    }

    private String rounded(double value) {
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        // what rounds to nothing has no sign
        return text.startsWith("-") && text.chars().noneMatch(c -> c >= '1' && c <= '9') ? text.substring(1) : text;
    }
}
