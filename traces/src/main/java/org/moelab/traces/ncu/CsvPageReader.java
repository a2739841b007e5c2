package org.moelab.traces.ncu;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.moelab.traces.FileProbe;
import org.moelab.traces.FileProbe.Compression;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;

/// Reads a CSV page of Nsight Compute: `--csv --page raw`, a row a kernel with the units in a row of their own, or
/// `--csv --page details`, a row a metric or rule. The file is read twice: first to learn how it writes numbers.
final class CsvPageReader {
    private static final Pattern PROFILER_OUTPUT = Pattern
            .compile("(?m)^(==PROF==|==ERROR==|==WARNING==|\\s+Section: )");

    private final FileProbe probe;
    private final ImportOptions options;
    private final ImportMonitor monitor;
    private final Findings findings = new Findings();

    CsvPageReader(FileProbe probe, ImportOptions options, ImportMonitor monitor) {
        this.probe = probe;
        this.options = options;
        this.monitor = monitor;
    }

    /// Whether a file that begins so may be a page, or other printed output of the tool.
    static boolean recognises(byte[] head) {
        String decoded = new String(head, PageRows.charset(head));
        String text = decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        return text.lines().anyMatch(PageRows::isHeader) || PROFILER_OUTPUT.matcher(text).find();
    }

    KernelReport read() throws TraceReadException {
        NumberStyle.Evidence evidence = new NumberStyle.Evidence();
        PageColumns columns = observe(evidence);
        if (evidence.isMixed()) {
            findings.once("mixed-decimal-marks",
                    "both points and commas occur as decimal marks; numbers may be misread");
        }
        PageBuilder page = new PageBuilder(columns, evidence.style(), findings);
        addRows(page, columns);
        return page.build(probe.file());
    }

    private PageColumns observe(NumberStyle.Evidence evidence) throws TraceReadException {
        PageColumns columns = new PageColumns(List.of());
        try (PageRows rows = open()) {
            columns = PageColumns.of(rows.next().orElseThrow(this::notAPage));
            PageColumns found = columns;
            forEachWholeRow(rows, columns, row -> observe(evidence, found, row));
        } catch (IOException e) {
            // packed data that breaks off shows again when rows are kept
            if (probe.compression() == Compression.NONE || columns.names().isEmpty()) {
                throw unreadable(e);
            }
        }
        return columns;
    }

    private static void observe(NumberStyle.Evidence evidence, PageColumns columns, String[] row) {
        for (int i = 0; i < Math.min(columns.names().size(), row.length); i++) {
            if (columns.holdsValues(i)) {
                evidence.observe(row[i]);
            }
        }
    }

    private void addRows(PageBuilder page, PageColumns columns) throws TraceReadException {
        try (PageRows rows = open()) {
            rows.next();
            boolean cutOff = forEachWholeRow(rows, columns, row -> {
                if (row.length >= columns.minimum()) {
                    page.add(row);
                } else {
                    findings.add("short-row",
                            "%d {row has too few cells and is|rows have too few cells and are} left out");
                }
            });
            if (cutOff) {
                findings.once("truncated", "the file ends within the row of line " + rows.rowLine()
                        + ", which is left out; what came after it is missing");
            }
            if (rows.strayLines() > 0) {
                findings.once("stray-lines", rows.strayLines()
                        + (rows.strayLines() == 1 ? " line among the rows is" : " lines among the rows are")
                        + " not the page's");
            }
        } catch (IOException e) {
            if (probe.compression() == Compression.NONE) {
                throw unreadable(e);
            }
            findings.once(e instanceof EOFException ? "truncated" : "damaged",
                    "the packed data ends or breaks off: " + e.getMessage() + "; the rows before were read");
        }
    }

    /// Hands on the rows after the header, but for a last one that the file's end cuts off: true where there is one.
    private boolean forEachWholeRow(PageRows rows, PageColumns columns, Consumer<String[]> consumer)
            throws IOException {
        Optional<String[]> next = rows.next();
        while (next.isPresent()) {
            monitor.checkCancelled();
            String[] row = next.get();
            boolean whole = !rows.endsInQuotes();
            next = rows.next();
            if (next.isEmpty() && (!whole || row.length < columns.minimum())) {
                return true;
            }
            consumer.accept(row);
        }
        return false;
    }

    private PageRows open() throws IOException {
        InputStream raw = Files.newInputStream(probe.file());
        try {
            return new PageRows(
                    new LimitedStream(Recordings.unpack(raw, probe.compression()),
                            options.maxUnpackedBytes(probe.size())));
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private TraceReadException notAPage() {
        return new TraceReadException(probe.file(),
                "is printed output of Nsight Compute, but holds no CSV page: profile with `ncu -o FILE.ncu-rep …` or "
                        + "print with `ncu --csv --page raw …`");
    }

    private TraceReadException unreadable(IOException e) {
        return new TraceReadException(probe.file(), "cannot be read: " + e.getMessage(), e);
    }
}
