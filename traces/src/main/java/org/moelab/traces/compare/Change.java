package org.moelab.traces.compare;

/// What became of a row from A to B.
public enum Change {
    /// In both.
    MATCHED,
    /// In B alone.
    ADDED,
    /// In A alone.
    REMOVED,
    /// Several kernels of A against one of B under the same range.
    FUSED,
    /// One kernel of A against several of B under the same range.
    SPLIT;

    /// The same change seen from B to A.
    public Change reversed() {
        return switch (this) {
            case MATCHED -> MATCHED;
            case ADDED -> REMOVED;
            case REMOVED -> ADDED;
            case FUSED -> SPLIT;
            case SPLIT -> FUSED;
        };
    }
}
