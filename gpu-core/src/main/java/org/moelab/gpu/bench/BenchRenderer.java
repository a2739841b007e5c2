package org.moelab.gpu.bench;

import java.util.List;

/// Turns measurements into text.
public sealed interface BenchRenderer permits BenchTable, BenchCsv, BenchJson {
    /// The text, ending with a line break.
    String render(List<BenchRow> rows);
}
