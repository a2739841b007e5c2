package org.moelab.traces.kineto;

import java.util.Optional;
import java.util.concurrent.FutureTask;

/// A stretch of the array of events, on its way from the unpacking thread to a parsing one and back.
final class TextBlock {
    private final byte[] bytes;
    private final int from;
    private final int limit;
    private final long offset;
    private final FutureTask<Parsed> parsing;

    /// What became of a block.
    ///
    /// @param events what was parsed
    /// @param boundary index behind the last complete event and its comma, or behind the end of the array
    /// @param closed whether the array ended
    /// @param fault what stopped the parsing before the end of the block
    record Parsed(EventBlock events, int boundary, boolean closed, Optional<JsonFault> fault) {}

    /// @param bytes holds the block, with padding behind it
    /// @param from first byte of the block
    /// @param limit one past its last byte
    /// @param offset place of `bytes[0]` in the unpacked text
    TextBlock(byte[] bytes, int from, int limit, long offset) {
        this.bytes = bytes;
        this.from = from;
        this.limit = limit;
        this.offset = offset;
        this.parsing = new FutureTask<>(this::parse);
    }

    private Parsed parse() {
        EventParser parser = new EventParser(new JsonCursor(bytes, from, limit), offset);
        Optional<JsonFault> fault = Optional.empty();
        try {
            parser.parse();
        } catch (JsonFault e) {
            fault = Optional.of(e);
        }
        return new Parsed(parser.block(), parser.boundary(), parser.isClosed(), fault);
    }

    /// Runs the parsing where no thread has begun it yet; for a pool, and for whoever would wait for it.
    FutureTask<Parsed> parsing() {
        return parsing;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int limit() {
        return limit;
    }

    /// Place of an index of the block's bytes in the unpacked text.
    long placeOf(int index) {
        return offset + index;
    }
}
