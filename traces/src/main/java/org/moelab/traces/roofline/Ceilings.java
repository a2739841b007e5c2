package org.moelab.traces.roofline;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The roofs of a machine.
///
/// @param machine what people call it
/// @param bandwidths bytes a second of each level that is known
/// @param rates operations a second of each precision that is known
public record Ceilings(String machine, Map<MemoryLevel, Ceiling> bandwidths, Map<Precision, Ceiling> rates) {
    public Ceilings {
        bandwidths = ordered(MemoryLevel.class, bandwidths);
        rates = ordered(Precision.class, rates);
    }

    private static <K extends Enum<K>> Map<K, Ceiling> ordered(Class<K> keys, Map<K, Ceiling> known) {
        EnumMap<K, Ceiling> sorted = new EnumMap<>(keys);
        sorted.putAll(known);
        return Collections.unmodifiableMap(sorted);
    }

    /// A machine of which nothing is known.
    public static Ceilings unknown(String machine) {
        return new Ceilings(machine, Map.of(), Map.of());
    }

    /// Whether nothing is known.
    public boolean isEmpty() {
        return bandwidths.isEmpty() && rates.isEmpty();
    }

    /// The bandwidth of a level.
    public Optional<Ceiling> bandwidth(MemoryLevel level) {
        return Optional.ofNullable(bandwidths.get(level));
    }

    /// What people call a level: of the device's memory what it is made of, `DRAM` where the table of machines has no such machine.
    public String title(MemoryLevel level) {
        return level == MemoryLevel.HBM ? Machine.memoryOf(machine) : level.name();
    }

    /// The rate of a precision.
    public Optional<Ceiling> rate(Precision precision) {
        return Optional.ofNullable(rates.get(precision));
    }

    /// These ceilings, and those of others where these have none.
    public Ceilings completedBy(Ceilings others) {
        EnumMap<MemoryLevel, Ceiling> allBandwidths = new EnumMap<>(MemoryLevel.class);
        allBandwidths.putAll(others.bandwidths);
        allBandwidths.putAll(bandwidths);
        EnumMap<Precision, Ceiling> allRates = new EnumMap<>(Precision.class);
        allRates.putAll(others.rates);
        allRates.putAll(rates);
        return new Ceilings(machine, allBandwidths, allRates);
    }
}
