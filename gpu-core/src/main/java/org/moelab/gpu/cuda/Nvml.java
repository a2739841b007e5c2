package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.LONG;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// NVIDIA's management library: what the driver tells of its GPUs without a CUDA context. What a GPU does not report is
/// absent, never zero.
///
/// Source of the functions, structures and numbers: nvml.h.
public final class Nvml implements AutoCloseable {
    private static final int TEXT_BYTES = 128;
    private static final int CLOCK_SM = 1;
    private static final int CLOCK_MEMORY = 2;

    private final ForeignLibrary library;
    private final Arena arena = Arena.ofShared();

    private Nvml(ForeignLibrary library) {
        this.library = library;
    }

    /// Starts the library.
    ///
    /// @throws CudaUnavailableException where it is not installed or does not load
    /// @throws CudaException where it finds no driver
    public static Nvml open(LibraryFinder finder) throws CudaUnavailableException {
        return open(finder.find(CudaLibrary.NVML)
                .orElseThrow(() -> new CudaUnavailableException("libnvidia-ml.so.1 was not found: no NVIDIA driver")));
    }

    static Nvml open(Path file) throws CudaUnavailableException {
        Nvml nvml = new Nvml(ForeignLibrary.open(file));
        nvml.check("nvmlInit_v2", nvml.library.bind(Signatures.None.class, "nvmlInit_v2").call());
        return nvml;
    }

    /// The version of the management library.
    public String version() throws CudaUnavailableException {
        return systemText("nvmlSystemGetNVMLVersion");
    }

    /// The version of the driver, such as `580.159.04`.
    public String driverVersion() throws CudaUnavailableException {
        return systemText("nvmlSystemGetDriverVersion");
    }

    /// The GPUs that the driver knows, in its order, which is that of the PCI bus.
    public List<Gpu> gpus() throws CudaUnavailableException {
        MemorySegment count = arena.allocate(INT);
        check("nvmlDeviceGetCount_v2",
                library.bind(Signatures.P.class, "nvmlDeviceGetCount_v2", POINTER).call(count));
        Signatures.IP byIndex = library.bind(Signatures.IP.class, "nvmlDeviceGetHandleByIndex_v2", INT, POINTER);
        List<Gpu> gpus = new ArrayList<>();
        for (int i = 0; i < count.get(INT, 0); i++) {
            MemorySegment handle = arena.allocate(POINTER);
            check("nvmlDeviceGetHandleByIndex_v2", byIndex.call(i, handle));
            gpus.add(new Gpu(handle.get(POINTER, 0)));
        }
        return gpus;
    }

    /// The GPU at a PCI address such as `0000:1B:00.0`, as CUDA names it: the two libraries number GPUs differently.
    public Gpu gpu(String pciBusId) throws CudaUnavailableException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment handle = call.allocate(POINTER);
            check("nvmlDeviceGetHandleByPciBusId_v2",
                    library.bind(Signatures.PP.class, "nvmlDeviceGetHandleByPciBusId_v2", POINTER, POINTER)
                            .call(call.allocateFrom(pciBusId), handle));
            return new Gpu(handle.get(POINTER, 0));
        }
    }

    @Override
    public void close() {
        library.find(Signatures.None.class, "nvmlShutdown", FunctionDescriptor.of(INT))
                .ifPresent(Signatures.None::call);
        arena.close();
    }

    private String systemText(String function) throws CudaUnavailableException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment text = call.allocate(TEXT_BYTES);
            check(function, library.bind(Signatures.PI.class, function, POINTER, INT).call(text, TEXT_BYTES));
            return text.getString(0);
        }
    }

    private void check(String call, int status) {
        if (status != 0) {
            String meaning = library
                    .find(Signatures.Description.class, "nvmlErrorString", FunctionDescriptor.of(POINTER, INT))
                    .map(text -> ForeignLibrary.string(text.of(status))).orElse("");
            throw new CudaException(call, status, "NVML error", meaning);
        }
    }

    /// One GPU, as the management library sees it.
    public final class Gpu {
        private final MemorySegment handle;

        private Gpu(MemorySegment handle) {
            this.handle = handle;
        }

        /// The product's name, such as `NVIDIA H200`.
        public String name() throws CudaUnavailableException {
            try (Arena call = Arena.ofConfined()) {
                MemorySegment text = call.allocate(TEXT_BYTES);
                check("nvmlDeviceGetName", library
                        .bind(Signatures.PPI.class, "nvmlDeviceGetName", POINTER, POINTER, INT)
                        .call(handle, text, TEXT_BYTES));
                return text.getString(0);
            }
        }

        /// Device memory in all, in bytes.
        public OptionalLong totalMemoryBytes() {
            return memory(0);
        }

        /// Device memory that nobody holds now, in bytes.
        public OptionalLong freeMemoryBytes() {
            return memory(1);
        }

        /// The clock of the multiprocessors now, in MHz.
        public OptionalLong smClockMhz() {
            return intOf("nvmlDeviceGetClockInfo", CLOCK_SM);
        }

        /// The highest clock of the multiprocessors, in MHz.
        public OptionalLong maxSmClockMhz() {
            return intOf("nvmlDeviceGetMaxClockInfo", CLOCK_SM);
        }

        /// The clock of the memory now, in MHz.
        public OptionalLong memoryClockMhz() {
            return intOf("nvmlDeviceGetClockInfo", CLOCK_MEMORY);
        }

        /// The power drawn now, in milliwatts.
        public OptionalLong powerMilliwatts() {
            return out("nvmlDeviceGetPowerUsage").map(value -> OptionalLong.of(value.get(INT, 0)))
                    .orElse(OptionalLong.empty());
        }

        /// The limit on the power drawn, in milliwatts.
        public OptionalLong powerLimitMilliwatts() {
            return out("nvmlDeviceGetEnforcedPowerLimit").map(value -> OptionalLong.of(value.get(INT, 0)))
                    .orElse(OptionalLong.empty());
        }

        /// The energy used since the driver was loaded, in millijoules.
        public OptionalLong energyMillijoules() {
            return out("nvmlDeviceGetTotalEnergyConsumption").map(value -> OptionalLong.of(value.get(LONG, 0)))
                    .orElse(OptionalLong.empty());
        }

        private OptionalLong memory(int field) {
            return out("nvmlDeviceGetMemoryInfo").map(info -> OptionalLong.of(info.getAtIndex(LONG, field)))
                    .orElse(OptionalLong.empty());
        }

        private OptionalLong intOf(String function, int what) {
            try (Arena call = Arena.ofConfined()) {
                MemorySegment value = call.allocate(INT);
                boolean answered = library
                        .find(Signatures.PIP.class, function, FunctionDescriptor.of(INT, POINTER, INT, POINTER))
                        .map(f -> f.call(handle, what, value) == 0).orElse(false);
                return answered ? OptionalLong.of(value.get(INT, 0)) : OptionalLong.empty();
            }
        }

        /// What a function writes for this GPU: up to three 64-bit words.
        private Optional<MemorySegment> out(String function) {
            MemorySegment value = Arena.ofAuto().allocate(LONG, 3);
            return library.find(Signatures.PP.class, function, FunctionDescriptor.of(INT, POINTER, POINTER))
                    .filter(f -> f.call(handle, value) == 0).map(_ -> value);
        }
    }
}
