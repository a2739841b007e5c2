package org.moelab.app.cli;

import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportTable;

/// A report and the table that a recording gave for it.
record Answer(Report report, ReportTable table) {}
