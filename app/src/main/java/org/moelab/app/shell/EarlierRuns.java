package org.moelab.app.shell;

import org.moelab.app.run.ExpectedSpeedup;

/// What the window and its pictures know of earlier runs: the one place where expectations come in.
final class EarlierRuns {
    /// Where speedups are expected.
    static final ExpectedSpeedup.Source EXPECTED = ExpectedSpeedup.Source.NONE;

    private EarlierRuns() {
    }
}
