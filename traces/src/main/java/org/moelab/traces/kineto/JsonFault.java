package org.moelab.traces.kineto;

/// The bytes are not JSON at some place, or they end before a value does.
final class JsonFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final boolean atEnd;

    /// @param position index of the offending byte
    /// @param expected what should stand there
    /// @param atEnd whether the bytes ran out, so that more of them could mend it
    JsonFault(int position, String expected, boolean atEnd) {
        super(expected, null, false, false);
        this.position = position;
        this.atEnd = atEnd;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return atEnd;
    }
}
