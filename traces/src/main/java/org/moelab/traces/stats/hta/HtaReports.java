package org.moelab.traces.stats.hta;

import java.util.List;

import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportProvider;

/// The reports of HolisticTraceAnalysis.
public final class HtaReports implements ReportProvider {
    @Override
    public List<Report> reports() {
        return List.of(new TemporalBreakdown(), new KernelTypeBreakdown(), new KernelBreakdown(), new Overlap(),
                new IdleTime(), new LaunchStatistics(), new QueueLength(), new MemoryBandwidth());
    }
}
