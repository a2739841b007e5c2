package org.moelab.traces.nsys;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.TraceBuilder;

/// Takes in what the readers find: events by place, and counts of what was odd.
final class Collector {
    private static final int ROWS_BETWEEN_CHECKS = 4096;
    /// Times beyond this many ns before or after the beginning, 146 years, are taken for damage.
    private static final long LATEST_NS = Long.MAX_VALUE / 2;

    private final NsysDatabase database;
    private final TraceBuilder builder;
    private final ImportMonitor monitor;
    private final NsysStrings strings;
    private final Map<Place, Integer> numbers = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<EventChunk> chunks = new ArrayList<>();
    private final Map<Oddity, Long> oddities = new EnumMap<>(Oddity.class);
    private final Map<String, Integer> tableNumbers = new HashMap<>();
    private long rowsExpected = 1;
    private long rowsRead;

    Collector(NsysDatabase database, TraceBuilder builder, ImportMonitor monitor) throws SQLException {
        this.database = database;
        this.builder = builder;
        this.monitor = monitor;
        this.strings = NsysStrings.read(database, builder.chunk().strings());
        for (String table : database.tables()) {
            tableNumbers.put(table, tableNumbers.size());
        }
    }

    NsysDatabase database() {
        return database;
    }

    NsysStrings strings() {
        return strings;
    }

    TraceBuilder builder() {
        return builder;
    }

    /// Tells how many rows will come, so that progress can be told.
    void expect(Iterable<String> tables) throws SQLException {
        for (String table : tables) {
            rowsExpected += database.rows(table);
        }
    }

    /// A chunk for one reader. Its tracks are the numbers of places.
    EventChunk chunk() {
        EventChunk chunk = builder.chunk();
        chunks.add(chunk);
        return chunk;
    }

    /// The number of a place.
    int number(Place place) {
        return numbers.computeIfAbsent(place, p -> {
            places.add(p);
            return places.size() - 1;
        });
    }

    /// All places by their number.
    List<Place> places() {
        return places;
    }

    /// Reads the rows of a table of timed events, with `start`, `end` and further columns; [#next] leaves out those
    /// without a start. A table that lacks the column is left out as a whole, with a warning.
    Rows events(String table, String... columns) throws SQLException {
        if (!database.has(table)) {
            return Rows.none();
        }
        if (!database.has(table, "start")) {
            builder.warn("missing-column", 1, "table " + table + " has no column start and was left out");
            return Rows.none();
        }
        List<String> all = new ArrayList<>(List.of("start", "end"));
        all.addAll(List.of(columns));
        return database.scan(table, all.toArray(String[]::new));
    }

    /// Adds the event of a row and gives its row in the chunk. An end before the start, or none, is taken for the start.
    int add(EventChunk chunk, Rows row, Place place, EventKind kind, int name, long correlation) throws SQLException {
        long startNs = row.number("start");
        long durationNs = row.number("end", startNs) - startNs;
        if (durationNs < 0) {
            note(Oddity.NEGATIVE_DURATION);
            durationNs = 0;
        }
        return chunk.add(number(place), kind, startNs, durationNs, name, correlation > 0 ? correlation : -1,
                source(row));
    }

    /// Where an event's details can be read again.
    long source(Rows row) throws SQLException {
        return new SourceRow(tableNumbers.getOrDefault(row.table(), 0), row.rowid()).packed();
    }

    /// Goes to the next row that has a time, tells progress, and stops where the user wants it.
    ///
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    boolean next(Rows rows, String time) throws SQLException {
        while (rows.next()) {
            if (++rowsRead % ROWS_BETWEEN_CHECKS == 0) {
                monitor.checkCancelled();
                monitor.update(Math.min(1, (double) rowsRead / rowsExpected), "reading");
            }
            long timeNs = rows.number(time, Long.MIN_VALUE);
            if (Math.abs(timeNs + 1) <= LATEST_NS) {
                return true;
            }
            note(Oddity.NO_START);
        }
        return false;
    }

    /// Goes to the next event's row.
    boolean next(Rows rows) throws SQLException {
        return next(rows, "start");
    }

    /// How many events were found so far.
    long size() {
        return chunks.stream().mapToLong(EventChunk::size).sum();
    }

    /// Counts something odd.
    void note(Oddity oddity) {
        oddities.merge(oddity, 1L, Long::sum);
    }

    /// Hands all events over to the builder, their places replaced by tracks, and warns of what was odd.
    ///
    /// @param trackOfPlace the track id of each place
    void finish(int[] trackOfPlace) {
        for (EventChunk chunk : chunks) {
            chunk.mapTracks(trackOfPlace);
            builder.add(chunk);
        }
        oddities.forEach((oddity, count) -> builder.warn(oddity.code(), count, oddity.message(count)));
        long unnamed = strings.missing();
        builder.warn(Oddity.UNKNOWN_NAME.code(), unnamed, Oddity.UNKNOWN_NAME.message(unnamed));
    }
}
