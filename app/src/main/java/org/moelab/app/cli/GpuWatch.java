package org.moelab.app.cli;

import java.util.Optional;
import java.util.OptionalLong;

import org.moelab.gpu.bench.EnergyMeter;
import org.moelab.gpu.bench.RunReport.GpuState;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.Nvml;

/// What NVML tells of the GPU that a model runs on, while it is open.
///
/// @param meter reads its energy
/// @param found its state when this was opened
record GpuWatch(EnergyMeter meter, Optional<GpuState> found, Optional<Nvml> library) implements AutoCloseable {
    /// Opens NVML. Where there is no GPU, or NVML is missing, nothing is told.
    static GpuWatch open(EngineChoice choice, LibraryFinder finder) {
        if (!(choice.ground() instanceof CudaContext context)) {
            return new GpuWatch(EnergyMeter.none(), Optional.empty(), Optional.empty());
        }
        try {
            Nvml nvml = Nvml.open(finder);
            Nvml.Gpu gpu = nvml.gpu(context.device().pciBusId());
            GpuState state = new GpuState(Optional.of(nvml.driverVersion()), boxed(gpu.smClockMhz()),
                    boxed(gpu.maxSmClockMhz()), boxed(gpu.memoryClockMhz()), boxed(gpu.powerMilliwatts()),
                    boxed(gpu.powerLimitMilliwatts()), boxed(gpu.freeMemoryBytes()));
            return new GpuWatch(EnergyMeter.of(gpu), Optional.of(state), Optional.of(nvml));
        } catch (CudaUnavailableException | CudaException _) {
            return new GpuWatch(EnergyMeter.none(), Optional.empty(), Optional.empty()); // then the report lacks it
        }
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    @Override
    public void close() {
        library.ifPresent(Nvml::close);
    }
}
