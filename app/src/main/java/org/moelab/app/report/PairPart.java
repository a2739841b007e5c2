package org.moelab.app.report;

import java.util.Optional;

import org.moelab.app.report.document.Section;

/// Writes one section of a report on two runs. A new one is a class and a line in [RunReports#PAIR_PARTS].
@FunctionalInterface
public interface PairPart {
    /// The section; empty where it has nothing to say.
    Optional<Section> of(Pair pair);
}
