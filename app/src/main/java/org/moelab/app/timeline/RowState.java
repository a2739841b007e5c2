package org.moelab.app.timeline;

/// How much of a row is shown.
public enum RowState {
    /// A thin strip: of a group all its work in one, of a row its outermost level.
    FOLDED,
    /// Its outermost levels: of ranges, so that the work under them is in sight.
    SHORT,
    /// Its rows, or its first levels.
    OPEN,
    /// Every level, however many.
    FULL
}
