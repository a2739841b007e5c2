package org.moelab.traces.stats.nsight;

import java.util.List;

import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportProvider;

/// The reports of `nsys stats`.
public final class NsightReports implements ReportProvider {
    @Override
    public List<Report> reports() {
        return List.of(DurationSummary.kernels(), DurationSummary.apiCalls(), DurationSummary.memoryOperations(),
                new MemorySizeSummary(), DurationSummary.ranges(), new RangeProjectionSummary(),
                DurationSummary.osRuntime());
    }
}
