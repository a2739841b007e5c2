package org.moelab.traces.roofline;

import java.util.Locale;

import org.moelab.traces.model.Unit;
import org.moelab.traces.roofline.Roofline.Point;
import org.moelab.traces.stats.ReportTable;
import org.moelab.traces.stats.ReportTable.Cell;
import org.moelab.traces.stats.ReportTable.Column;

/// Points as a table, one a row. What each column means is in its formula.
public final class RooflineTable {
    private RooflineTable() {
    }

    /// The points of a roofline, the kernels that took longest first.
    public static ReportTable of(Roofline roofline) {
        ReportTable.Builder table = ReportTable.builder(
                Column.whole("Launches", Unit.COUNT, "launches that the figures sum over"),
                Column.real("Time (ns)", Unit.NANOSECONDS, "their time", 0),
                Column.real("Time (%)", Unit.PERCENT, "of the time of all kernels shown", 1),
                Column.text("Level", "whose traffic counts: hbm is the device's memory, whatever it is made of"),
                Column.real("Bytes", Unit.BYTES, "moved at the level", 0),
                Column.real("FLOP", Unit.FLOP, "operations executed; a multiply-add is two", 0),
                Column.real("Intensity (FLOP/B)", Unit.FLOP_PER_BYTE, "FLOP / Bytes", 4),
                Column.real("GB/s", Unit.BYTES_PER_SECOND, "Bytes / Time", 1),
                Column.real("GFLOP/s", Unit.FLOP_PER_SECOND, "FLOP / Time", 1),
                Column.real("Of Roof (%)", Unit.PERCENT,
                        "GFLOP/s over the lower of Intensity × bandwidth and the precision's rate; GB/s over bandwidth"
                                + " where there are no operations",
                        1),
                Column.text("Bound", "the roof that leaves the kernel the longest time: hbm, l2 or compute"),
                Column.text("Precision", "the one whose arithmetic takes longest"),
                Column.text("Basis", "measured by counters, or analytic from shapes"),
                Column.text("Suspect", "yes for a point above its roof"),
                Column.text("Kernel", "its name"));
        for (Point p : roofline.points()) {
            table.row(p.kernel().launches(), p.kernel().timeNs(), p.share() * 100, p.level().id(), p.bytes(),
                    p.kernel().totalFlop(), p.intensity(), p.bytesPerSecond() / 1e9, p.flopPerSecond() / 1e9,
                    Cell.of(p.ofRoof() * 100), lower(p.bound()),
                    roofline.mainPrecision(p.kernel()).map(Precision::id).orElse(""), lower(p.kernel().basis()),
                    p.suspect() ? "yes" : "no", p.kernel().name());
        }
        return table.build();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
