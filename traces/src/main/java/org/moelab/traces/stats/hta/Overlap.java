package org.moelab.traces.stats.hta;

import java.util.List;
import java.util.Optional;

import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.KernelType;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Column;

/// How much of the communication hides behind computation.
final class Overlap extends HtaReport {
    Overlap() {
        super("comm_comp_overlap", "Share of communication during which computation runs, by rank");
    }

    /// The share of nothing is a blank cell, so that no recording lacks anything for it.
    @Override
    Optional<String> lacks(Trace trace) {
        return Optional.empty();
    }

    @Override
    ReportTable table(List<RankRows> ranks) {
        ReportTable.Builder table = ReportTable.builder(rankColumn(),
                Column.real("comp_comm_overlap_pctg", Unit.PERCENT,
                        "time in which both communication and computation run, of the time in which communication runs",
                        2));
        for (RankRows rows : ranks) {
            Spans communication = rows.spans(KernelType.COMMUNICATION);
            table.row(rows.rank(), percentage(communication.overlap(rows.spans(KernelType.COMPUTATION)),
                    communication.length(), 2));
        }
        return table.build();
    }
}
