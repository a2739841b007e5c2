package org.moelab.app.timeline;

import java.util.OptionalInt;

import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// Finds the neighbours of an event that have its name, on all tracks of the same kind, by start.
final class EventSearch {
    private EventSearch() {
    }

    /// The next event of the same name.
    static OptionalInt next(Trace trace, int event) {
        int best = -1;
        for (Track track : trace.tracks()) {
            if (track.kind() == kindOf(trace, event)) {
                for (int e = firstAfter(trace, track.id(), event); e < trace.trackEnd(track.id()); e++) {
                    if (best >= 0 && !before(trace, e, best)) {
                        break;
                    }
                    if (trace.nameId(e) == trace.nameId(event)) {
                        best = e;
                        break;
                    }
                }
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /// The previous event of the same name.
    static OptionalInt previous(Trace trace, int event) {
        int best = -1;
        for (Track track : trace.tracks()) {
            if (track.kind() == kindOf(trace, event)) {
                int last = firstAfter(trace, track.id(), event) - 1;
                for (int e = last == event ? last - 1 : last; e >= trace.trackBegin(track.id()); e--) {
                    if (best >= 0 && !before(trace, best, e)) {
                        break;
                    }
                    if (trace.nameId(e) == trace.nameId(event)) {
                        best = e;
                        break;
                    }
                }
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    private static TrackKind kindOf(Trace trace, int event) {
        return trace.track(event).kind();
    }

    /// By start, then by index.
    static boolean before(Trace trace, int a, int b) {
        return trace.start(a) != trace.start(b) ? trace.start(a) < trace.start(b) : a < b;
    }

    /// The first event of a track that comes after an event.
    private static int firstAfter(Trace trace, int track, int event) {
        int low = trace.trackBegin(track);
        int high = trace.trackEnd(track);
        while (low < high) {
            int middle = low + high >>> 1;
            if (before(trace, event, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
