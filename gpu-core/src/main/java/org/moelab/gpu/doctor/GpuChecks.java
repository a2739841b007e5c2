package org.moelab.gpu.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.gpu.cuda.ComputeCapability;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.Nvml;
import org.moelab.gpu.cuda.ThreadAffinity;
import org.moelab.gpu.doctor.Check.Figure;
import org.moelab.gpu.host.GpuPlace;
import org.moelab.gpu.host.Host;
import org.moelab.traces.model.Unit;

/// The NVIDIA driver and its GPUs.
///
/// @param checks the results
/// @param driver the driver, where it runs
/// @param devices the GPUs that it shows
record GpuChecks(List<Check> checks, Optional<CudaDriver> driver, List<CudaDevice> devices) {
    private static final ComputeCapability HOPPER = new ComputeCapability(9, 0);
    private static final String NO_GPU_COST = "models run on the processor only, with the reference engine; "
            + "recordings open and compare as ever";

    static GpuChecks look(Host host, LibraryFinder finder) {
        List<Check> checks = new ArrayList<>();
        try {
            CudaDriver driver = CudaDriver.open(finder);
            checks.add(Check.found("driver", "CUDA driver",
                    "supports CUDA " + driver.version() + driverPackage(finder).map(v -> ", driver " + v).orElse("")));
            List<CudaDevice> devices = driver.devices();
            devices.forEach(device -> checks.add(gpu(device, host, finder)));
            if (devices.isEmpty()) {
                checks.add(Check.absent("gpu", "GPU", "the driver runs but shows no GPU to this process", NO_GPU_COST,
                        "check CUDA_VISIBLE_DEVICES and the container's device options"));
            }
            return new GpuChecks(List.copyOf(checks), Optional.of(driver), devices);
        } catch (CudaUnavailableException | CudaException e) {
            CheckStatus status = finder.find(CudaLibrary.DRIVER).isPresent()
                    ? CheckStatus.DEGRADED
                    : CheckStatus.ABSENT;
            Check driver = new Check("driver", "CUDA driver", status, String.valueOf(e.getMessage()), NO_GPU_COST,
                    "on a machine with an NVIDIA GPU install NVIDIA's driver, 580 or newer", List.of());
            Check gpu = Check.absent("gpu", "GPU", "none can be reached without a driver", NO_GPU_COST,
                    "use a machine with an NVIDIA GPU of compute capability 9.0 or newer");
            return new GpuChecks(List.of(driver, gpu), Optional.empty(), List.of());
        }
    }

    private static Check gpu(CudaDevice device, Host host, LibraryFinder finder) {
        String id = "gpu" + (device.ordinal() == 0 ? "" : device.ordinal());
        String title = "GPU " + device.ordinal();
        String detail = String.format(Locale.ROOT,
                "%s, compute capability %s, %d multiprocessors, %.1f GiB, L2 %.0f MiB, at %s, %s%s", device.name(),
                device.capability(), device.multiprocessors(), gib(device.memoryBytes()),
                device.l2Bytes() / (double) (1 << 20), device.pciBusId(), place(device, host),
                now(device, finder));
        Figure[] figures = figures(device, finder);
        return device.capability().compareTo(HOPPER) >= 0
                ? Check.found(id, title, detail, figures)
                : Check.degraded(id, title, detail,
                        "the kernels that need Hopper or Blackwell do not run, so the upper layers are not available",
                        "use a GPU of compute capability 9.0 or newer", figures);
    }

    private static Figure[] figures(CudaDevice device, LibraryFinder finder) {
        List<Figure> figures = new ArrayList<>(List.of(
                new Figure("memoryBytes", (double) device.memoryBytes(), Unit.BYTES),
                new Figure("multiprocessors", device.multiprocessors(), Unit.COUNT),
                new Figure("l2Bytes", device.l2Bytes(), Unit.BYTES),
                new Figure("maxClockHz", device.clockKhz() * 1e3, Unit.HERTZ)));
        try (Nvml nvml = Nvml.open(finder)) {
            nvml.gpu(device.pciBusId()).freeMemoryBytes()
                    .ifPresent(bytes -> figures.add(new Figure("freeMemoryBytes", (double) bytes, Unit.BYTES)));
        } catch (CudaUnavailableException | CudaException _) {
            // its absence is a check of its own
        }
        return figures.toArray(Figure[]::new);
    }

    /// Where threads that work with it run best, or why that makes no difference.
    private static String place(CudaDevice device, Host host) {
        try {
            return switch (GpuPlace.of(host, device.numaNode(), device.pciBusId(), ThreadAffinity.current())) {
                case GpuPlace.Near(int node, _) -> "near NUMA node " + node;
                case GpuPlace.Anywhere(String why) -> "no NUMA node: " + why;
            };
        } catch (CudaUnavailableException e) {
            return "no NUMA node: " + e.getMessage();
        }
    }

    /// What NVML says of the GPU's present state; nothing where it does not answer.
    private static String now(CudaDevice device, LibraryFinder finder) {
        try (Nvml nvml = Nvml.open(finder)) {
            Nvml.Gpu gpu = nvml.gpu(device.pciBusId());
            StringBuilder text = new StringBuilder();
            gpu.freeMemoryBytes()
                    .ifPresent(bytes -> text.append(String.format(Locale.ROOT, ", %.1f GiB free", gib(bytes))));
            gpu.smClockMhz().ifPresent(mhz -> text.append(", now at ").append(mhz).append(" MHz"));
            gpu.powerMilliwatts().ifPresent(mw -> text.append(", ").append(Math.round(mw / 1e3)).append(" W"));
            return text.toString();
        } catch (CudaUnavailableException | CudaException _) {
            return ""; // its absence is a check of its own
        }
    }

    private static Optional<String> driverPackage(LibraryFinder finder) {
        try (Nvml nvml = Nvml.open(finder)) {
            return Optional.of(nvml.driverVersion());
        } catch (CudaUnavailableException | CudaException _) {
            return Optional.empty(); // its absence is a check of its own
        }
    }

    private static double gib(long bytes) {
        return bytes / (double) (1L << 30);
    }
}
