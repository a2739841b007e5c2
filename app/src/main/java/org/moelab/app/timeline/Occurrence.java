package org.moelab.app.timeline;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// Which of the events of its name an event is, on all tracks of its kind, by start. Found by a walk over the columns of
/// those tracks: off the JavaFX thread.
///
/// @param kind the kind of its track
/// @param name the events' name
/// @param number from 0
/// @param count how many there are
public record Occurrence(TrackKind kind, String name, int number, int count) {
    /// Which one an event is.
    static Occurrence of(Trace trace, int event) {
        TrackKind kind = trace.track(event).kind();
        int name = trace.nameId(event);
        int before = 0;
        int count = 0;
        for (Track track : ofKind(trace, kind)) {
            for (int e = trace.trackBegin(track.id()); e < trace.trackEnd(track.id()); e++) {
                if (trace.nameId(e) == name) {
                    count++;
                    before += EventSearch.before(trace, e, event) ? 1 : 0;
                }
            }
        }
        return new Occurrence(kind, trace.name(event), before, count);
    }

    /// The event of a trace that is this occurrence; empty where it has fewer of the name.
    OptionalInt in(Trace trace) {
        int id = trace.strings().find(name);
        if (id < 0) {
            return OptionalInt.empty();
        }
        PriorityQueue<Cursor> next = new PriorityQueue<>(Comparator.<Cursor>comparingLong(c -> trace.start(c.event))
                .thenComparingInt(c -> c.event));
        for (Track track : ofKind(trace, kind)) {
            Cursor cursor = new Cursor(trace, id, trace.trackBegin(track.id()), trace.trackEnd(track.id()));
            if (cursor.find()) {
                next.add(cursor);
            }
        }
        for (int passed = 0; !next.isEmpty(); passed++) {
            Cursor first = next.remove();
            if (passed == number) {
                return OptionalInt.of(first.event);
            }
            first.event++;
            if (first.find()) {
                next.add(first);
            }
        }
        return OptionalInt.empty();
    }

    /// What people call it: `3 of 120`.
    public String place() {
        return "%,d of %,d".formatted(number + 1, count);
    }

    private static List<Track> ofKind(Trace trace, TrackKind kind) {
        return trace.tracks().stream().filter(t -> t.kind() == kind).toList();
    }

    /// Goes through the events of a name on a track.
    private static final class Cursor {
        private final Trace trace;
        private final int name;
        private final int end;
        private int event;

        Cursor(Trace trace, int name, int begin, int end) {
            this.trace = trace;
            this.name = name;
            this.event = begin;
            this.end = end;
        }

        boolean find() {
            while (event < end && trace.nameId(event) != name) {
                event++;
            }
            return event < end;
        }
    }
}
