/// The reports of HolisticTraceAnalysis 0.6.1, by its names, columns and definitions (`hta/analyzers`), for any timeline
/// that has device work on streams. Where that tool is arbitrary or wrong, `docs/fidelity.md` says so, and
/// [org.moelab.traces.stats.ReportOptions.HtaVariant#EXACT] gives the right figure.
@NullMarked
package org.moelab.traces.stats.hta;

import org.jspecify.annotations.NullMarked;
