package org.moelab.traces.roofline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A level of the memory hierarchy whose traffic is counted.
public enum MemoryLevel {
    /// The device's own memory, whatever it is made of.
    HBM("HBM"),
    /// The cache that all multiprocessors share.
    L2("L2");

    private final String title;

    MemoryLevel(String title) {
        this.title = title;
    }

    /// What people call it.
    public String title() {
        return title;
    }

    /// The name in files: `hbm`.
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The level of this name in files.
    public static Optional<MemoryLevel> ofId(String id) {
        return Arrays.stream(values()).filter(l -> l.id().equals(id)).findFirst();
    }
}
