package org.moelab.traces.kineto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The names, labels and places in the order that a trace's metadata gives to processes and threads. The last one counts.
final class Labels {
    private final Map<RowKey.Id, String> processNames = new HashMap<>();
    private final Map<RowKey.Id, String> processLabels = new HashMap<>();
    private final Map<RowKey.Id, Long> processOrder = new HashMap<>();
    private final Map<ThreadKey, String> threadNames = new HashMap<>();
    private final Map<ThreadKey, Long> threadOrder = new HashMap<>();

    /// Takes over what a block's metadata events say.
    void read(EventBlock block) {
        Points points = block.points();
        List<ThreadKey> threads = block.places().threads();
        for (int i = 0; i < points.size(); i++) {
            ThreadKey thread = threads.get(points.thread(i));
            switch (points.phase(i)) {
                case Points.PROCESS_NAME -> processNames.put(thread.pid(), text(block, i));
                case Points.PROCESS_LABELS -> processLabels.put(thread.pid(), text(block, i));
                case Points.PROCESS_SORT -> processOrder.put(thread.pid(), points.value(i));
                case Points.THREAD_NAME -> threadNames.put(thread, text(block, i));
                case Points.THREAD_SORT -> threadOrder.put(thread, points.value(i));
                default -> {
                    // not metadata
                }
            }
        }
    }

    private static String text(EventBlock block, int i) {
        return block.events().strings().get(block.points().name(i)).strip();
    }

    /// A process's name, or the empty string.
    String process(RowKey.Id pid) {
        return processNames.getOrDefault(pid, "");
    }

    /// What a process is labelled as, such as `GPU 0`, or the empty string.
    String label(RowKey.Id pid) {
        return processLabels.getOrDefault(pid, "");
    }

    /// A thread's or stream's name, or the empty string.
    String thread(ThreadKey thread) {
        return threadNames.getOrDefault(thread, "");
    }

    /// A process's place in the order.
    OptionalLong order(RowKey.Id pid) {
        return optional(processOrder.get(pid));
    }

    /// A thread's place in the order.
    OptionalLong order(ThreadKey thread) {
        return optional(threadOrder.get(thread));
    }

    private static OptionalLong optional(@org.jspecify.annotations.Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
