package org.moelab.traces.stats;

/// Variants of a definition that a user can choose. They concern the reports of HolisticTraceAnalysis (HTA); the others
/// are always exact.
///
/// @param hta which of that tool's figures to give
/// @param keepLastStep count the last profiler step, which that tool drops by default
/// @param classifier how to tell what a kernel is
public record ReportOptions(HtaVariant hta, boolean keepLastStep, KernelClassifier classifier) {
    /// What a report of HTA counts, and how it takes times.
    public enum HtaVariant {
        /// What HTA gives with its rounding switched off. It takes times in microseconds in double precision: good to
        /// 0.25 µs against a clock that counts from 1970, and to a nanosecond or better otherwise.
        UNROUNDED,
        /// What HTA gives by default: times rounded inwards to whole microseconds, the start up and the end down.
        ROUNDED,
        /// HTA's definitions without its artefacts: the recording's own nanoseconds, device work only, the steps of the
        /// host only. `docs/fidelity.md` tells the differences.
        EXACT
    }

    /// The figures that HTA gives with its rounding switched off; the last step dropped.
    public static final ReportOptions DEFAULT = new ReportOptions(false, false);

    /// Options with HTA's own classifier.
    ///
    /// @param htaRounding round times as HTA does by default
    public ReportOptions(boolean htaRounding, boolean keepLastStep) {
        this(htaRounding ? HtaVariant.ROUNDED : HtaVariant.UNROUNDED, keepLastStep, KernelClassifier.HTA);
    }
}
