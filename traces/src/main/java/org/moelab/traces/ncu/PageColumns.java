package org.moelab.traces.ncu;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.moelab.traces.model.ProfiledKernel.NvtxRange;

/// Where a CSV page keeps what, by the names in its header. A column that the page lacks is -1.
///
/// @param names the header
record PageColumns(List<String> names) {
    /// How the columns begin that `--nvtx` adds; their names go on with the parts of their cells.
    private static final String THREAD_RANGES = "thread Domain:";
    private static final String PROCESS_RANGES = "Id:Domain:";
    /// Columns of a `raw` page that describe the kernel; all others are metrics.
    private static final Set<String> IDENTITY = Set.of("ID", "Process ID", "Process Name", "Host Name", "Kernel Name",
            "Kernel Time", "Context", "Stream", "Block Size", "Grid Size", "Device", "CC");

    static PageColumns of(String[] header) {
        return new PageColumns(Arrays.asList(header));
    }

    /// The column of this name, or -1.
    int indexOf(String name) {
        return names.indexOf(name);
    }

    /// Whether the page has a row a metric, and not a row a kernel.
    boolean isDetails() {
        return indexOf("Metric Name") >= 0 && indexOf("Metric Value") >= 0;
    }

    /// Whether a column of a `raw` page is a metric's.
    boolean isMetric(int column) {
        String name = names.get(column);
        return !IDENTITY.contains(name) && !name.startsWith(THREAD_RANGES) && !name.startsWith(PROCESS_RANGES);
    }

    /// Whether a column holds values of metrics.
    boolean holdsValues(int column) {
        return isDetails() ? column == indexOf("Metric Value") : isMetric(column);
    }

    /// The fewest cells that a whole row has: those of the rules are left off where there is no rule.
    int minimum() {
        return isDetails() ? indexOf("Metric Value") + 1 : names.size();
    }

    /// A row's cell of NVTX ranges: those of threads, or those of the process.
    String nvtxCell(String[] row, NvtxRange.Kind kind) {
        String start = kind == NvtxRange.Kind.PUSH_POP ? THREAD_RANGES : PROCESS_RANGES;
        return names.stream().filter(n -> n.startsWith(start)).findFirst().map(n -> cell(row, n)).orElse("");
    }

    /// A row's cell, empty where the page or the row lacks it.
    String cell(String[] row, String name) {
        int column = indexOf(name);
        return column >= 0 && column < row.length ? row[column].strip() : "";
    }
}
