package org.moelab.app.report.document;

/// What stands at a place in a table: words, a figure, or why there is none.
public sealed interface Cell {
    /// Words.
    record Text(String value) implements Cell {}

    /// A figure in the unit of its column, unrounded.
    record Value(double number) implements Cell {}

    /// No figure.
    ///
    /// @param why what is said in its place
    record Absent(String why) implements Cell {}

    /// What was not measured.
    Absent NOT_MEASURED = new Absent("not measured");
    /// What has no meaning at this place.
    Absent NONE = new Absent("–");
}
