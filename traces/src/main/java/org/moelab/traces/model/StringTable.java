package org.moelab.traces.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Distinct strings, kept as UTF-8 in one pool and decoded when first asked for.
/// Index 0 is always the empty string.
public final class StringTable {
    private final byte[] pool;
    private final int[] offsets;
    private final AtomicReferenceArray<String> decoded;

    private StringTable(byte[] pool, int[] offsets) {
        this.pool = pool;
        this.offsets = offsets;
        this.decoded = new AtomicReferenceArray<>(offsets.length - 1);
    }

    /// Number of strings.
    public int size() {
        return offsets.length - 1;
    }

    /// The string at an index.
    public String get(int id) {
        String s = decoded.get(id);
        if (s == null) {
            s = new String(pool, offsets[id], offsets[id + 1] - offsets[id], StandardCharsets.UTF_8);
            decoded.set(id, s);
        }
        return s;
    }

    /// The index of a string, or -1 where the table lacks it. A linear search: for look-ups by a person, not by loops.
    public int find(String s) {
        byte[] wanted = s.getBytes(StandardCharsets.UTF_8);
        for (int id = 0; id < size(); id++) {
            if (Arrays.equals(pool, offsets[id], offsets[id + 1], wanted, 0, wanted.length)) {
                return id;
            }
        }
        return -1;
    }

    /// Heap bytes of the pool and its index, without decoded copies.
    public long bytes() {
        return pool.length + 4L * offsets.length;
    }

    /// Collects distinct strings. Not for several threads: each has its own and they are merged.
    public static final class Builder {
        private byte[] pool = new byte[1 << 12];
        private int[] offsets = new int[64];
        private int[] hashes = new int[64];
        private int[] slots = new int[256];
        private int size;

        /// A builder that holds only the empty string, at index 0.
        public Builder() {
            intern(new byte[0], 0, 0);
        }

        /// Number of strings so far.
        public int size() {
            return size;
        }

        /// Bytes of all strings so far, as UTF-8.
        public int bytes() {
            return offsets[size];
        }

        /// The index of a string, added if new.
        public int intern(String s) {
            byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
            return intern(utf8, 0, utf8.length);
        }

        /// The index of a string given as UTF-8, added if new.
        public int intern(byte[] utf8, int from, int length) {
            int hash = hash(utf8, from, length);
            int mask = slots.length - 1;
            int slot = hash & mask;
            while (slots[slot] != 0) {
                int id = slots[slot] - 1;
                if (hashes[id] == hash && equal(id, utf8, from, length)) {
                    return id;
                }
                slot = slot + 1 & mask;
            }
            return append(utf8, from, length, hash, slot);
        }

        private int append(byte[] utf8, int from, int length, int hash, int slot) {
            int end = Math.addExact(offsets[size], length);
            if (end > pool.length) {
                pool = Arrays.copyOf(pool, (int) Math.min(Integer.MAX_VALUE - 16L, Math.max(end, pool.length * 2L)));
            }
            if (size + 2 > offsets.length) {
                offsets = Arrays.copyOf(offsets, offsets.length * 2);
                hashes = Arrays.copyOf(hashes, hashes.length * 2);
            }
            System.arraycopy(utf8, from, pool, offsets[size], length);
            hashes[size] = hash;
            slots[slot] = size + 1;
            size++;
            offsets[size] = end;
            if (size * 2 > slots.length) {
                rehash();
            }
            return size - 1;
        }

        private void rehash() {
            slots = new int[slots.length * 2];
            int mask = slots.length - 1;
            for (int id = 0; id < size; id++) {
                int slot = hashes[id] & mask;
                while (slots[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                slots[slot] = id + 1;
            }
        }

        private boolean equal(int id, byte[] utf8, int from, int length) {
            return Arrays.equals(pool, offsets[id], offsets[id + 1], utf8, from, from + length);
        }

        /// The string at an index, decoded afresh.
        public String get(int id) {
            return new String(pool, offsets[id], offsets[id + 1] - offsets[id], StandardCharsets.UTF_8);
        }

        /// Adds all strings of another builder; the result maps its indices to this one's.
        public int[] merge(Builder other) {
            int[] map = new int[other.size];
            for (int id = 0; id < other.size; id++) {
                map[id] = intern(other.pool, other.offsets[id], other.offsets[id + 1] - other.offsets[id]);
            }
            return map;
        }

        /// Adds all strings of a finished table; the result maps its indices to this one's.
        public int[] merge(StringTable other) {
            int[] map = new int[other.size()];
            for (int id = 0; id < map.length; id++) {
                map[id] = intern(other.pool, other.offsets[id], other.offsets[id + 1] - other.offsets[id]);
            }
            return map;
        }

        /// The frozen table.
        public StringTable build() {
            return new StringTable(Arrays.copyOf(pool, offsets[size]), Arrays.copyOf(offsets, size + 1));
        }

        private static int hash(byte[] bytes, int from, int length) {
            int h = length * 0x9E3779B9;
            for (int i = from, end = from + length; i < end; i++) {
                h = h * 31 + bytes[i];
            }
            h ^= h >>> 15;
            h *= 0x85EBCA6B;
            return h ^ h >>> 13;
        }
    }
}
