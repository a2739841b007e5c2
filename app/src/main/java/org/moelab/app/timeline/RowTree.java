package org.moelab.app.timeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.moelab.traces.model.CounterSeries;
import org.moelab.traces.model.Locus;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

/// The rows of a trace in the order in which they are shown: devices with their streams first, then the threads that
/// call, then the rest. Rows without anything to show are left out, and so are groups that would hold a single group of
/// their kind: the only context of a device, or a thread whose only row can carry the thread's name.
public final class RowTree {
    private static final int MANY_PROCESSES = 4;
    private static final int MANY_THREADS = 8;
    private static final int MANY_COUNTERS = 4;

    private final List<Row> rows;
    private final int[] rowOfTrack;

    private RowTree(List<Row> rows, int tracks) {
        this.rows = List.copyOf(rows);
        rowOfTrack = new int[tracks];
        java.util.Arrays.fill(rowOfTrack, -1);
        for (Row row : rows) {
            rowOfTrack[row.track().id()] = row.id();
        }
    }

    /// The rows of a trace.
    public static RowTree of(Trace trace) {
        return new Planter(trace).plant();
    }

    /// All rows, each group before what it holds; the index is the id.
    public List<Row> rows() {
        return rows;
    }

    /// The row that shows a track, or -1 where the track is empty.
    public int rowOfTrack(int track) {
        return rowOfTrack[track];
    }

    /// The rows that a row holds directly.
    public List<Row> children(Row row) {
        return rows.subList(row.id() + 1, row.end()).stream().filter(r -> r.parent() == row.id()).toList();
    }

    /// Where a row lies: the captions of the groups that hold it and its own. The same in every reading of a recording.
    public String path(Row row) {
        String own = rows.get(row.id()).caption();
        return row.parent() < 0 ? own : path(rows.get(row.parent())) + " · " + own;
    }

    /// A row as it is shown outside of its group: at the top of the tree, with the group's name in its caption.
    Row outOfTree(Row row) {
        String caption = row.parent() < 0 ? row.caption() : row.caption() + " · " + rows.get(row.parent()).caption();
        return new Row(row.id(), row.parent(), 0, row.track(), caption, row.lanes(), row.counters(), row.end());
    }

    /// How the rows of a newly opened trace are shown, by row id: what a person looks for first is open.
    public RowState[] defaultStates() {
        RowState[] states = new RowState[rows.size()];
        int processes = 0;
        int threads = 0;
        for (Row row : rows) {
            boolean folded = switch (row.track().kind()) {
                case PROCESS -> {
                    threads = 0;
                    yield ++processes > MANY_PROCESSES;
                }
                case THREAD -> !calls(row) || ++threads > MANY_THREADS;
                case COUNTER -> counterSiblings(row) > MANY_COUNTERS;
                default -> Row.startsFolded(row.track().kind());
            };
            states[row.id()] = folded ? RowState.FOLDED : RowState.OPEN;
        }
        return states;
    }

    /// The tracks that stand for some rows where there is room for little: the device work among them, or where there is
    /// none the calls, or else whatever there is.
    ///
    /// @param from id of the first row
    /// @param to one past the id of the last
    int[] summaryTracks(int from, int to) {
        for (List<TrackKind> wanted : List.of(List.of(TrackKind.STREAM), List.of(TrackKind.API, TrackKind.OPS),
                List.of(TrackKind.RANGES, TrackKind.DEVICE_RANGES, TrackKind.THREAD_EVENTS))) {
            int[] tracks = eventTracks(from, to).stream().filter(t -> wanted.contains(t.kind())).mapToInt(Track::id)
                    .toArray();
            if (tracks.length > 0) {
                return tracks;
            }
        }
        return eventTracks(from, to).stream().mapToInt(Track::id).toArray();
    }

    /// The tracks with events among some rows.
    private List<Track> eventTracks(int from, int to) {
        return rows.subList(from, to).stream().filter(r -> r.lanes() > 0).map(Row::track).toList();
    }

    private boolean calls(Row thread) {
        return rows.subList(thread.id(), thread.end()).stream().anyMatch(r -> switch (r.track().kind()) {
            case API, RANGES, OPS -> true;
            default -> false;
        });
    }

    private long counterSiblings(Row counter) {
        return rows.stream().filter(r -> r.isCounter() && r.parent() == counter.parent()).count();
    }

    /// Builds the tree from the tracks.
    private static final class Planter {
        private final Trace trace;
        private final List<List<Track>> children = new ArrayList<>();
        private final List<List<CounterLevels>> counters = new ArrayList<>();
        private final List<Track> roots = new ArrayList<>();
        private final boolean[] filled;
        private final List<Row> rows = new ArrayList<>();

        Planter(Trace trace) {
            this.trace = trace;
            for (int t = 0; t < trace.tracks().size(); t++) {
                children.add(new ArrayList<>());
                counters.add(new ArrayList<>());
            }
            for (CounterSeries c : trace.counters()) {
                if (c.size() > 0) {
                    counters.get(c.track()).add(new CounterLevels(c));
                }
            }
            filled = new boolean[trace.tracks().size()];
            for (Track t : trace.tracks()) {
                if (trace.trackEnd(t.id()) > trace.trackBegin(t.id()) || !counters.get(t.id()).isEmpty()) {
                    markFilled(t);
                }
            }
            for (Track t : trace.tracks()) {
                if (filled[t.id()]) {
                    (t.parent() == Locus.NONE ? roots : children.get(t.parent())).add(t);
                }
            }
        }

        private void markFilled(Track track) {
            for (Track t = track; !filled[t.id()]; t = trace.tracks().get(t.parent())) {
                filled[t.id()] = true;
                if (t.parent() == Locus.NONE) {
                    return;
                }
            }
        }

        RowTree plant() {
            for (Track root : sorted(roots)) {
                add(root, -1, 0);
            }
            return new RowTree(rows, trace.tracks().size());
        }

        private void add(Track track, int parent, int level) {
            List<Track> held = shownChildren(track);
            if (track.kind() == TrackKind.THREAD && held.size() == 1 && isLeaf(held.getFirst())) {
                addLeaf(held.getFirst(), parent, level, track.name() + " · " + held.getFirst().name());
                return;
            }
            if (held.isEmpty()) {
                addLeaf(track, parent, level, track.name());
                return;
            }
            int id = rows.size();
            Row open = new Row(id, parent, level, track, track.name(), trace.lanes(track.id()).size(),
                    counters.get(track.id()), id + 1);
            rows.add(open);
            for (Track child : held) {
                add(child, id, level + 1);
            }
            rows.set(id, new Row(id, parent, level, track, track.name(), open.lanes(), open.counters(), rows.size()));
        }

        private void addLeaf(Track track, int parent, int level, String caption) {
            int id = rows.size();
            rows.add(new Row(id, parent, level, track, caption, trace.lanes(track.id()).size(),
                    counters.get(track.id()), id + 1));
        }

        private boolean isLeaf(Track track) {
            return children.get(track.id()).isEmpty();
        }

        /// The children in order; those of an only context stand in its place.
        private List<Track> shownChildren(Track track) {
            List<Track> held = children.get(track.id());
            List<Track> contexts = held.stream().filter(t -> t.kind() == TrackKind.CONTEXT).toList();
            if (contexts.size() == 1) {
                List<Track> flat = new ArrayList<>(held);
                flat.remove(contexts.getFirst());
                flat.addAll(children.get(contexts.getFirst().id()));
                held = flat;
            }
            return sorted(held);
        }

        private List<Track> sorted(List<Track> tracks) {
            return tracks.stream().sorted(Comparator.comparingInt(this::rank).thenComparingInt(Track::order)
                    .thenComparingInt(Track::id)).toList();
        }

        private int rank(Track track) {
            return switch (track.kind()) {
                case DEVICE, CONTEXT -> 0;
                case PROCESS -> 1;
                case DEVICE_RANGES, RANGES -> 2;
                case STREAM, OPS -> 3;
                case SYNCHRONIZATION, API -> 4;
                case THREAD -> callsBelow(track) ? 5 : 6;
                case THREAD_EVENTS -> 7;
                case PYTHON -> 8;
                case MEMORY -> 9;
                case OVERHEAD -> 10;
                case OS_RUNTIME -> 11;
                case COUNTER -> 12;
            };
        }

        private boolean callsBelow(Track thread) {
            return children.get(thread.id()).stream().anyMatch(t -> t.kind() == TrackKind.API
                    || t.kind() == TrackKind.RANGES || t.kind() == TrackKind.OPS);
        }
    }
}
