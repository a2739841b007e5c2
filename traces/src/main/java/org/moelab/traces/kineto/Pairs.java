package org.moelab.traces.kineto;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.EventChunk;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Locus;

/// Joins events that the file gives in two halves: `B` and `E` by thread, the innermost open one first; `b` and `e` by
/// process, category and id. Halves are taken by rising time, equal times in file order.
final class Pairs {
    private final List<Half> halves = new ArrayList<>();
    private final EventChunk events = new EventChunk();
    private final Map<RowKey, Integer> rows = new LinkedHashMap<>();
    private long openEnded;
    private long unmatchedEnds;
    private long lastTime = Long.MIN_VALUE;

    private record Half(char phase, ThreadKey thread, long time, String name, String domain, Category category,
            String cat,
            long value, long source) {}

    /// What two halves must share to belong together.
    private sealed interface Key {
        record OnThread(ThreadKey thread) implements Key {}

        record Async(RowKey.Id pid, String cat, long id) implements Key {}
    }

    /// Takes over the halves of a block.
    void read(EventBlock block) {
        Points points = block.points();
        List<ThreadKey> threads = block.places().threads();
        for (int i = 0; i < points.size(); i++) {
            switch (points.phase(i)) {
                case 'B', 'E', 'b', 'e', 'n', 'S', 'F' -> halves.add(new Half(points.phase(i),
                        threads.get(points.thread(i)), points.time(i), block.events().strings().get(points.name(i)),
                        block.events().strings().get(points.detail(i)),
                        block.known(points.category(i)), block.categoryText(points.category(i)), points.value(i),
                        points.source(i)));
                default -> {
                    // no half
                }
            }
        }
    }

    /// The events made of the halves.
    Placed join() {
        halves.sort(Comparator.comparingLong(Half::time));
        Map<Key, Deque<Half>> open = new HashMap<>();
        for (Half half : halves) {
            lastTime = Math.max(lastTime, half.time);
            switch (half.phase) {
                case 'B' -> begin(open, new Key.OnThread(half.thread), half);
                case 'E' -> end(open, new Key.OnThread(half.thread), half);
                case 'b', 'S' -> begin(open, new Key.Async(half.thread.pid(), half.cat, half.value), half);
                case 'e', 'F' -> end(open, new Key.Async(half.thread.pid(), half.cat, half.value), half);
                default -> add(half, EventKind.MARK, half.time);
            }
        }
        for (Deque<Half> left : open.values()) {
            for (Half half : left) {
                openEnded++;
                add(half, kindOf(half), lastTime);
            }
        }
        return new Placed(events, List.copyOf(rows.keySet()));
    }

    /// How many beginnings had no end and were taken to last to the end of the recording.
    long openEnded() {
        return openEnded;
    }

    /// How many ends had no beginning and were left out.
    long unmatchedEnds() {
        return unmatchedEnds;
    }

    private static void begin(Map<Key, Deque<Half>> open, Key key, Half half) {
        open.computeIfAbsent(key, _ -> new ArrayDeque<>()).push(half);
    }

    private void end(Map<Key, Deque<Half>> open, Key key, Half half) {
        Deque<Half> stack = open.get(key);
        if (stack == null || stack.isEmpty()) {
            unmatchedEnds++;
        } else {
            Half begin = stack.pop();
            int event = add(begin, kindOf(begin), half.time);
            if (!half.thread.equals(begin.thread) && half.thread.tid() instanceof RowKey.Id.Numeric(long tid)) {
                events.attribute(event, AttributeKey.END_THREAD, tid);
            }
        }
    }

    private static EventKind kindOf(Half begin) {
        return begin.phase == 'B' ? begin.category.kind() : EventKind.START_END_RANGE;
    }

    private int add(Half half, EventKind kind, long endNs) {
        Row row = half.phase == 'B' ? half.category.row() : Row.ASYNC;
        RowKey key = new RowKey(half.thread, row, Locus.NONE, Locus.NONE, Locus.NONE);
        int place = rows.computeIfAbsent(key, _ -> rows.size());
        long correlation = half.phase == 'B' && half.value != EventFields.ABSENT ? half.value : -1;
        int event = events.add(place, kind, half.time, endNs - half.time, events.strings().intern(half.name),
                correlation, half.source);
        if (!half.domain.isEmpty()) {
            events.attribute(event, AttributeKey.DOMAIN, events.strings().intern(half.domain));
        }
        return event;
    }
}
