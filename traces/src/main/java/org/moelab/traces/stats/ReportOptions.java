package org.moelab.traces.stats;

/// Variants of a definition that a user can choose.
///
/// @param htaRounding round times inwards to whole microseconds as HolisticTraceAnalysis does by default
/// @param keepLastStep count the last profiler step, which HolisticTraceAnalysis drops by default
public record ReportOptions(boolean htaRounding, boolean keepLastStep) {
    /// Exact times; the last step dropped as HolisticTraceAnalysis does.
    public static final ReportOptions DEFAULT = new ReportOptions(false, false);
}
