package org.moelab.traces.stats;

import java.util.List;

/// A family of reports, found by `ServiceLoader`.
public interface ReportProvider {
    /// The reports in the order in which a list shows them.
    List<Report> reports();
}
