package org.moelab.traces.kineto;

import java.util.ArrayList;
import java.util.List;

import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.StringTable;

/// What one stretch of events was parsed into: complete events in columns, everything else as points.
final class EventBlock {
    /// Things found wrong with single events.
    enum Flaw {
        MISSING_TIME("missing-time", "%d events have no start or no duration and were left out"), BAD_TIME("bad-time",
                "%d events have a start or duration that is no finite time and were left out"), NEGATIVE_DURATION(
                        "negative-duration",
                        "%d events have a negative duration and were taken as instants"), NOT_AN_EVENT(
                                "not-an-event", "%d entries among the events are no objects and were left out");

        private final String code;
        private final String message;

        Flaw(String code, String message) {
            this.code = code;
            this.message = message;
        }

        String code() {
            return code;
        }

        String message(long count) {
            return message.formatted(count);
        }
    }

    private final EventChunk events = new EventChunk();
    private final Places places = new Places(events.strings());
    private final Points points = new Points();
    private final LaunchTable launches = new LaunchTable();
    private final StringTable.Builder categories = new StringTable.Builder();
    private final List<Category> known = new ArrayList<>();
    private final long[] flaws = new long[Flaw.values().length];
    private final long[] unknownPhases = new long[128];
    private long entries;

    EventBlock() {
        known.add(Category.OTHER);
    }

    /// The complete events and instants, on rows of [#places].
    EventChunk events() {
        return events;
    }

    Places places() {
        return places;
    }

    Points points() {
        return points;
    }

    /// The launch configurations that the events refer to by number.
    LaunchTable launches() {
        return launches;
    }

    /// The index of a category, which may be empty.
    int category(byte[] utf8, int from, int length) {
        int id = categories.intern(utf8, from, length);
        if (id == known.size()) {
            known.add(Category.of(categories.get(id)).orElse(Category.OTHER));
        }
        return id;
    }

    /// What a category is by its index.
    Category known(int category) {
        return known.get(category);
    }

    /// How the file writes a category.
    String categoryText(int category) {
        return categories.get(category);
    }

    void count(Flaw flaw) {
        flaws[flaw.ordinal()]++;
    }

    long flaws(Flaw flaw) {
        return flaws[flaw.ordinal()];
    }

    void countUnknownPhase(byte phase) {
        unknownPhases[phase & 0x7F]++;
    }

    long[] unknownPhases() {
        return unknownPhases;
    }

    /// Whether any entry had a phase, known or not.
    boolean holdsEvents() {
        return entries > flaws[Flaw.NOT_AN_EVENT.ordinal()] + unknownPhases[0];
    }

    void countEntry() {
        entries++;
    }

    /// How many entries of the array of events were read.
    long entries() {
        return entries;
    }
}
