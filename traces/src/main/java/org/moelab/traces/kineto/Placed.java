package org.moelab.traces.kineto;

import java.util.List;

import org.moelab.traces.model.EventChunk;

/// Events and the rows that their track numbers stand for.
record Placed(EventChunk events, List<RowKey> rows) {
    static Placed of(EventBlock block) {
        return new Placed(block.events(), block.places().rows());
    }
}
