package org.moelab.gpu.bench;

import java.util.OptionalLong;

import org.moelab.gpu.cuda.Nvml;

/// Reads the energy that a device has used so far.
@FunctionalInterface
public interface EnergyMeter {
    /// Millijoules since some fixed moment; absent where nothing tells.
    OptionalLong millijoules();

    /// Where nothing tells.
    static EnergyMeter none() {
        return OptionalLong::empty;
    }

    /// A GPU's own counter.
    static EnergyMeter of(Nvml.Gpu gpu) {
        return gpu::energyMillijoules;
    }
}
