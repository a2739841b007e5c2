package org.moelab.traces.advice;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Findings as rows.
public final class FindingTable {
    private FindingTable() {
    }

    /// A finding and what it was found in.
    ///
    /// @param source a file or a run directory
    public record Sourced(String source, Finding finding) {}

    /// A row a finding, in the order given.
    ///
    /// @param technique the words for a technique's id
    public static ReportTable of(List<Sourced> findings, Function<String, String> technique) {
        ReportTable.Builder table = ReportTable.builder(
                Column.text("Severity",
                        "high from 10 % of the time on, medium from 3 %, else low; note: of the recording"),
                Column.text("Finding", "what it is"),
                Column.real("Time (ns)", Unit.NANOSECONDS, "the time that it is about", 0),
                Column.real("Share (%)", Unit.PERCENT,
                        "of the devices' time from first to last work, or of all kernels", 2),
                Column.real("At Most (ns)", Unit.NANOSECONDS,
                        "a bound on what could be gained, by the measured times; bounds may count the same time", 0),
                Column.text("Evidence", "the figures that it follows from"),
                Column.text("Techniques", "of the catalogue, that address it"),
                Column.text("Longest", "the longest of the events that it comes from"),
                Column.text("Rule", "the rule's name"), Column.text("Source", "what it was found in"));
        for (Sourced sourced : findings) {
            Finding f = sourced.finding;
            table.row(f.severity().label(), f.title(), Cell.of(f.timeNs()), Cell.of(f.share() * 100),
                    Cell.of(f.boundNs().orElse(Double.NaN)),
                    f.evidence().stream().map(e -> e.label() + " " + e.text()).collect(Collectors.joining("; ")),
                    f.techniques().stream().map(technique).collect(Collectors.joining("; ")),
                    f.occurrences().isEmpty() ? "" : f.occurrences().getFirst().label(), f.rule(), sourced.source);
        }
        return table.build();
    }
}
