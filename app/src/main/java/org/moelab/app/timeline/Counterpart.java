package org.moelab.app.timeline;

import java.util.List;
import java.util.OptionalInt;

import org.moelab.traces.model.Lane;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// Finds what matches an event in another trace. Off the JavaFX thread.
final class Counterpart {
    private Counterpart() {
    }

    /// The event that matches: of work on a device that within the same range, by the range's name and occurrence, because
    /// kernels of one operation have other names in another layer; of anything else, and where there are no ranges, the same
    /// occurrence of the same name.
    static OptionalInt of(Trace trace, int event, Trace other) {
        if (trace.kind(event).isDeviceWork()) {
            OptionalInt range = rangeAround(trace, event);
            OptionalInt same = range.isPresent()
                    ? Occurrence.of(trace, range.getAsInt()).in(other)
                    : OptionalInt.empty();
            if (same.isPresent()) {
                OptionalInt work = workWithin(other, same.getAsInt(), trace.name(event));
                return work.isPresent() ? work : same;
            }
        }
        return Occurrence.of(trace, event).in(other);
    }

    private static List<Track> tracks(Trace trace, TrackKind kind, int like) {
        int device = trace.track(like).locus().device();
        return trace.tracks().stream().filter(t -> t.kind() == kind && t.locus().device() == device).toList();
    }

    /// The shortest range of the device around an event.
    private static OptionalInt rangeAround(Trace trace, int event) {
        int best = -1;
        for (Track track : tracks(trace, TrackKind.DEVICE_RANGES, event)) {
            for (Lane lane : trace.lanes(track.id())) {
                int at = lane.lastStartingAtOrBefore(trace.start(event));
                int range = at < 0 ? -1 : lane.event(at);
                if (range >= 0 && trace.end(range) >= trace.end(event)
                        && (best < 0 || trace.duration(range) < trace.duration(best))) {
                    best = range;
                }
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /// The first work within a range that has a name; where none has it the first of all.
    private static OptionalInt workWithin(Trace trace, int range, String name) {
        int id = trace.strings().find(name);
        int first = -1;
        int named = -1;
        for (Track track : tracks(trace, TrackKind.STREAM, range)) {
            for (Lane lane : trace.lanes(track.id())) {
                for (int i = lane.lastStartingAtOrBefore(trace.start(range) - 1) + 1; i < lane.size()
                        && trace.start(lane.event(i)) < trace.end(range); i++) {
                    int work = lane.event(i);
                    first = earlier(trace, first, work);
                    named = trace.nameId(work) == id ? earlier(trace, named, work) : named;
                    if (named >= 0) {
                        break;
                    }
                }
            }
        }
        int found = named >= 0 ? named : first;
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
    }

    private static int earlier(Trace trace, int known, int found) {
        return known < 0 || EventSearch.before(trace, found, known) ? found : known;
    }
}
