package org.moelab.traces.ncu;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/// The rows of a CSV page from its header on, among whatever the profiler and the profiled program printed.
final class PageRows implements Closeable {
    private static final int MAX_ROW_CHARS = 1 << 24;
    private static final List<String> HEADER_STARTS = List.of("\"ID\",\"Process ID\",", "ID,Process ID,");
    private static final ObjectReader CSV = CsvMapper.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build()
            .readerFor(String[].class);

    private final Reader in;
    private long line;
    private long rowLine;
    private boolean quoted;
    private boolean headerSeen;
    private boolean endsInQuotes;
    private long strayLines;

    /// @param unpacked the file's content
    PageRows(InputStream unpacked) throws IOException {
        PushbackInputStream raw = new PushbackInputStream(unpacked, 3);
        byte[] mark = raw.readNBytes(3);
        Charset charset = charset(mark);
        int markBytes = charset.equals(StandardCharsets.UTF_8) ? mark.length == 3 && mark[0] == (byte) 0xEF ? 3 : 0 : 2;
        raw.unread(mark, markBytes, mark.length - markBytes);
        in = new BufferedReader(new InputStreamReader(raw, charset), 1 << 16);
    }

    /// By the byte order mark; a redirection in PowerShell writes UTF-16.
    static Charset charset(byte[] start) {
        if (start.length >= 2 && start[0] == (byte) 0xFF && start[1] == (byte) 0xFE) {
            return StandardCharsets.UTF_16LE;
        }
        if (start.length >= 2 && start[0] == (byte) 0xFE && start[1] == (byte) 0xFF) {
            return StandardCharsets.UTF_16BE;
        }
        return StandardCharsets.UTF_8;
    }

    /// Whether a line is a page's header.
    static boolean isHeader(String text) {
        return HEADER_STARTS.stream().anyMatch(text::startsWith);
    }

    /// The next row's cells, the header's first; empty at the end.
    Optional<String[]> next() throws IOException {
        while (true) {
            Optional<String> start = readLine();
            if (start.isEmpty()) {
                return Optional.empty();
            }
            String text = start.get();
            if (!headerSeen) {
                if (!isHeader(text)) {
                    continue;
                }
                headerSeen = true;
                quoted = text.startsWith("\"");
            } else if (text.startsWith("==") || text.isBlank() || quoted && !text.startsWith("\"")) {
                strayLines += text.startsWith("==") || text.isBlank() ? 0 : 1;
                continue;
            }
            rowLine = line;
            return Optional.of(cells(row(text)));
        }
    }

    /// A row goes on over line ends while a quote is open.
    private String row(String start) throws IOException {
        if (quotes(start) % 2 == 0) {
            return start;
        }
        StringBuilder row = new StringBuilder(start);
        long open = quotes(start);
        while (open % 2 != 0) {
            Optional<String> more = readLine();
            if (more.isEmpty()) {
                endsInQuotes = true;
                return row.append('"').toString();
            }
            open += quotes(more.get());
            row.append('\n').append(more.get());
            limit(row.length());
        }
        return row.toString();
    }

    private static long quotes(String text) {
        return text.chars().filter(c -> c == '"').count();
    }

    private String[] cells(String row) throws IOException {
        try (MappingIterator<String[]> rows = CSV.readValues(row)) {
            return rows.hasNext() ? rows.next() : new String[0];
        } catch (JacksonException e) {
            throw new IOException("line " + rowLine + " is not a row of CSV: " + e.getOriginalMessage(), e);
        }
    }

    private Optional<String> readLine() throws IOException {
        StringBuilder text = new StringBuilder(256);
        int c = in.read();
        if (c < 0) {
            return Optional.empty();
        }
        line++;
        while (c >= 0 && c != '\n') {
            text.append((char) c);
            limit(text.length());
            c = in.read();
        }
        int end = text.length();
        return Optional.of(end > 0 && text.charAt(end - 1) == '\r' ? text.substring(0, end - 1) : text.toString());
    }

    private void limit(int chars) throws IOException {
        if (chars > MAX_ROW_CHARS) {
            throw new IOException("line " + line + " has more than " + MAX_ROW_CHARS + " characters");
        }
    }

    /// Number of the line that the last row began on, from 1.
    long rowLine() {
        return rowLine;
    }

    /// Whether the file ended within a quoted cell of the last row.
    boolean endsInQuotes() {
        return endsInQuotes;
    }

    /// Lines among the rows that belong to neither page nor profiler.
    long strayLines() {
        return strayLines;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
