package org.moelab.traces.ncu;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads length-prefixed parts of a file whose lengths cannot be trusted: memory is taken as bytes arrive, never as a
/// length promises.
final class PartReader implements Closeable {
    /// A part that claims to be longer is stepped over.
    static final int MAX_PART_BYTES = 256 << 20;
    /// What [#readLength] gives at the end of the file.
    static final long END = -1;

    private final InputStream in;
    private long position;

    /// @param in the unpacked content
    /// @param maxBytes more than this many bytes are refused
    PartReader(InputStream in, long maxBytes) {
        this.in = new BufferedInputStream(new LimitedStream(in, maxBytes), 1 << 16);
    }

    /// Bytes read so far.
    long position() {
        return position;
    }

    /// A part's length from four bytes, or [#END].
    ///
    /// @throws CutOffException where the file ends within the four bytes
    long readLength() throws IOException, CutOffException {
        long at = position;
        byte[] four = read(4);
        if (four.length == 0) {
            return END;
        }
        if (four.length < 4) {
            throw new CutOffException(position, "a length at byte " + at);
        }
        return four[0] & 0xFFL | (four[1] & 0xFFL) << 8 | (four[2] & 0xFFL) << 16 | (four[3] & 0xFFL) << 24;
    }

    /// The next bytes: as many as asked for, or fewer at the end of the file.
    byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        advance(bytes.length);
        return bytes;
    }

    /// Steps over bytes; false where the file ends before.
    boolean skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            long n = in.skip(left);
            if (n <= 0) {
                if (in.read() < 0) {
                    return false;
                }
                n = 1;
            }
            advance(n);
            left -= n;
        }
        return true;
    }

    private void advance(long n) {
        position += n;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// The longest beginning of a protobuf message that holds whole fields only.
    static byte[] wholeFields(byte[] message) {
        int end = 0;
        int at = 0;
        while (at < message.length) {
            int afterTag = afterVarint(message, at);
            if (afterTag < 0) {
                break;
            }
            at = switch (message[at] & 7) {
                case 0 -> afterVarint(message, afterTag);
                case 1 -> afterTag + 8;
                case 2 -> afterBytes(message, afterTag);
                case 5 -> afterTag + 4;
                default -> -1;
            };
            if (at < 0 || at > message.length) {
                break;
            }
            end = at;
        }
        return Arrays.copyOf(message, end);
    }

    private static int afterVarint(byte[] message, int at) {
        for (int i = at; i < message.length; i++) {
            if (message[i] >= 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private static int afterBytes(byte[] message, int at) {
        long length = 0;
        int i = at;
        for (int shift = 0; i < message.length && shift < 35; shift += 7) {
            byte b = message[i++];
            length |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return length <= message.length - i ? i + (int) length : -1;
            }
        }
        return -1;
    }

    /// The file ends within something.
    static final class CutOffException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String problem;

        /// @param at where the file ends
        /// @param within what it ends in
        CutOffException(long at, String within) {
            this("the file ends at byte " + at + " within " + within);
        }

        private CutOffException(String problem) {
            super(problem);
            this.problem = problem;
        }

        /// Where and within what.
        String problem() {
            return problem;
        }
    }
}
