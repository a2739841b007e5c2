package org.moelab.traces.roofline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A level of the memory hierarchy whose traffic is counted.
public enum MemoryLevel {
    /// The device's own memory, whatever it is made of.
    HBM,
    /// The cache that all multiprocessors share.
    L2;

    /// The name in files, the same for all machines: `hbm`. What people call it [Ceilings#title] knows.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The level of this name in files.
    public static Optional<MemoryLevel> ofId(String id) {
        return Arrays.stream(values()).filter(l -> l.id().equals(id)).findFirst();
    }
}
