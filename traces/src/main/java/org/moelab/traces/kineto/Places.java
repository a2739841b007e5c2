package org.moelab.traces.kineto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.moelab.traces.model.StringTable;

/// Numbers the threads and rows that a block's events lie on. Threads and rows are told apart by integers only, so that
/// finding an event's row makes no object.
///
/// A `pid` or `tid` is a code: the number itself, or [#NAMED] plus the index of its name in the block's strings.
final class Places {
    /// Added to a string's index to make the code of a named process or thread.
    static final long NAMED = Long.MIN_VALUE;

    private final StringTable.Builder strings;
    private long[] pid = new long[16];
    private long[] tid = new long[16];
    private int threads;
    private int[] threadSlots = new int[64];
    private int lastThread = -1;

    private int[] rowThread = new int[16];
    private byte[] row = new byte[16];
    private int[] device = new int[16];
    private long[] context = new long[16];
    private long[] stream = new long[16];
    private int rows;
    private int[] rowSlots = new int[64];
    private int lastRow = -1;

    Places(StringTable.Builder strings) {
        this.strings = strings;
    }

    /// The number of a thread, added if new.
    int thread(long pidCode, long tidCode) {
        if (lastThread >= 0 && pid[lastThread] == pidCode && tid[lastThread] == tidCode) {
            return lastThread;
        }
        int mask = threadSlots.length - 1;
        int slot = hash(pidCode * 31 + tidCode) & mask;
        while (threadSlots[slot] != 0) {
            int t = threadSlots[slot] - 1;
            if (pid[t] == pidCode && tid[t] == tidCode) {
                lastThread = t;
                return t;
            }
            slot = slot + 1 & mask;
        }
        return addThread(pidCode, tidCode);
    }

    private int addThread(long pidCode, long tidCode) {
        if (threads == pid.length) {
            pid = Arrays.copyOf(pid, threads * 2);
            tid = Arrays.copyOf(tid, threads * 2);
        }
        pid[threads] = pidCode;
        tid[threads] = tidCode;
        lastThread = threads++;
        if (threads * 2 > threadSlots.length) {
            threadSlots = new int[threadSlots.length * 2];
            for (int t = 0; t < threads; t++) {
                occupy(threadSlots, hash(pid[t] * 31 + tid[t]), t);
            }
        } else {
            occupy(threadSlots, hash(pidCode * 31 + tidCode), lastThread);
        }
        return lastThread;
    }

    /// The number of a row, added if new.
    int row(int thread, Row kind, int deviceId, long contextId, long streamId) {
        byte code = (byte) kind.ordinal();
        if (lastRow >= 0 && isRow(lastRow, thread, code, deviceId, contextId, streamId)) {
            return lastRow;
        }
        int mask = rowSlots.length - 1;
        int slot = rowHash(thread, code, deviceId, contextId, streamId) & mask;
        while (rowSlots[slot] != 0) {
            int r = rowSlots[slot] - 1;
            if (isRow(r, thread, code, deviceId, contextId, streamId)) {
                lastRow = r;
                return r;
            }
            slot = slot + 1 & mask;
        }
        return addRow(thread, code, deviceId, contextId, streamId);
    }

    private boolean isRow(int r, int thread, byte code, int deviceId, long contextId, long streamId) {
        return rowThread[r] == thread && row[r] == code && device[r] == deviceId && context[r] == contextId
                && stream[r] == streamId;
    }

    private int addRow(int thread, byte code, int deviceId, long contextId, long streamId) {
        if (rows == row.length) {
            rowThread = Arrays.copyOf(rowThread, rows * 2);
            row = Arrays.copyOf(row, rows * 2);
            device = Arrays.copyOf(device, rows * 2);
            context = Arrays.copyOf(context, rows * 2);
            stream = Arrays.copyOf(stream, rows * 2);
        }
        rowThread[rows] = thread;
        row[rows] = code;
        device[rows] = deviceId;
        context[rows] = contextId;
        stream[rows] = streamId;
        lastRow = rows++;
        if (rows * 2 > rowSlots.length) {
            rowSlots = new int[rowSlots.length * 2];
            for (int r = 0; r < rows; r++) {
                occupy(rowSlots, rowHash(rowThread[r], row[r], device[r], context[r], stream[r]), r);
            }
        } else {
            occupy(rowSlots, rowHash(thread, code, deviceId, contextId, streamId), lastRow);
        }
        return lastRow;
    }

    private static void occupy(int[] slots, int hash, int value) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[slot] = value + 1;
    }

    private static int rowHash(int thread, byte code, int deviceId, long contextId, long streamId) {
        return hash(((thread * 31L + code) * 31 + deviceId) * 31 + contextId * 0x1F123BB5L + streamId);
    }

    private static int hash(long value) {
        long h = value * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32);
    }

    /// How many threads and rows there are.
    int size() {
        return threads + rows;
    }

    /// The threads by number: process and thread.
    List<ThreadKey> threads() {
        List<ThreadKey> keys = new ArrayList<>(threads);
        for (int t = 0; t < threads; t++) {
            keys.add(new ThreadKey(id(pid[t]), id(tid[t])));
        }
        return keys;
    }

    /// The rows by number.
    List<RowKey> rows() {
        List<ThreadKey> keys = threads();
        List<RowKey> result = new ArrayList<>(rows);
        for (int r = 0; r < rows; r++) {
            result.add(new RowKey(keys.get(rowThread[r]), Row.of(row[r]), device[r], context[r], stream[r]));
        }
        return result;
    }

    private RowKey.Id id(long code) {
        return code < NAMED + Integer.MAX_VALUE
                ? new RowKey.Id.Named(strings.get((int) (code - NAMED)))
                : new RowKey.Id.Numeric(code);
    }
}
