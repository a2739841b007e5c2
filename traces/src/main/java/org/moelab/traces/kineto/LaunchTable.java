package org.moelab.traces.kineto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.moelab.traces.model.LaunchConfig;

/// Numbers the distinct launch configurations of a block without making an object an event.
final class LaunchTable {
    private static final int WIDTH = 8;

    private long[] fields = new long[16 * WIDTH];
    private int[] slots = new int[64];
    private int size;

    /// The number of a configuration, added if new.
    ///
    /// @param launch grid, block, registers and shared memory as in [EventFields#launch]
    int indexOf(long[] launch) {
        int mask = slots.length - 1;
        int slot = Arrays.hashCode(launch) * 0x9E3779B9 >>> 8 & mask;
        while (slots[slot] != 0) {
            int index = slots[slot] - 1;
            if (Arrays.equals(fields, index * WIDTH, index * WIDTH + WIDTH, launch, 0, WIDTH)) {
                return index;
            }
            slot = slot + 1 & mask;
        }
        if ((size + 1) * WIDTH > fields.length) {
            fields = Arrays.copyOf(fields, fields.length * 2);
        }
        System.arraycopy(launch, 0, fields, size * WIDTH, WIDTH);
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int index = 0; index < size; index++) {
            long[] launch = Arrays.copyOfRange(fields, index * WIDTH, index * WIDTH + WIDTH);
            int slot = Arrays.hashCode(launch) * 0x9E3779B9 >>> 8 & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = index + 1;
        }
    }

    /// The configurations by number. The profiler gives the sum of static and dynamic shared memory only: it stands as
    /// dynamic.
    List<LaunchConfig> configs() {
        List<LaunchConfig> configs = new ArrayList<>(size);
        for (int i = 0; i < size * WIDTH; i += WIDTH) {
            configs.add(new LaunchConfig((int) fields[i], (int) fields[i + 1], (int) fields[i + 2],
                    (int) fields[i + EventFields.BLOCK], (int) fields[i + EventFields.BLOCK + 1],
                    (int) fields[i + EventFields.BLOCK + 2], (int) fields[i + EventFields.REGISTERS], 0,
                    (int) fields[i + EventFields.SHARED_MEMORY]));
        }
        return configs;
    }
}
