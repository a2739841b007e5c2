package org.moelab.traces.stats;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// All reports known.
public final class Reports {
    private Reports() {
    }

    /// Every report, family by family.
    public static List<Report> all() {
        return ServiceLoader.load(ReportProvider.class).stream().flatMap(p -> p.get().reports().stream()).toList();
    }

    /// The report of this name.
    public static Optional<Report> find(String name) {
        return all().stream().filter(r -> r.name().equals(name)).findFirst();
    }
}
