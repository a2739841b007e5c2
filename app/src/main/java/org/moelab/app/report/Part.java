package org.moelab.app.report;

import java.util.Optional;

import org.moelab.app.report.document.Section;

/// Writes one section of a run's report. A new one is a class and a line in [RunReports#PARTS].
@FunctionalInterface
public interface Part {
    /// The section; empty where a run need not have what it is about. What a run lacks though it should have it is said in
    /// the section in words.
    Optional<Section> of(Subject subject);
}
