package org.moelab.gpu.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.moelab.gpu.bench.CeilingProbe;
import org.moelab.gpu.bench.DeviceCeilings;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaDevice;
import org.moelab.gpu.cuda.CudaDriver;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.CudaLibrary;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.InstalledLibrary;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.LibraryVersions;
import org.moelab.gpu.doctor.Check.Figure;
import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;
import org.moelab.traces.model.Unit;

/// The lab's own kernels, and what the GPU reaches with those that measure its ceilings.
final class KernelChecks {
    private static final String TITLE = "Kernels";
    private static final String COST = "models run on the processor only, with the reference engine";
    private static final String BUILD = "build with CUDA 13 and CMake installed: ./mvnw package";
    private static final String OR_COMPILER = ", or install NVRTC, which compiles them at first use";
    private static final String FIRST_USE = "the first run on a device waits until NVRTC has compiled them";

    private KernelChecks() {
    }

    static Check kernels(List<CudaDevice> devices, LibraryFinder finder) {
        try {
            return check(KernelManifest.load(), devices,
                    LibraryVersions.look(CudaLibrary.RTC, finder).filter(InstalledLibrary::usable).isPresent());
        } catch (IOException e) {
            return Check.degraded("kernels", TITLE, String.valueOf(e.getMessage()), COST, BUILD);
        }
    }

    /// @param compiler whether what is missing can be compiled at first use
    static Check check(KernelManifest manifest, List<CudaDevice> devices, boolean compiler) {
        String cost = compiler ? FIRST_USE : COST;
        if (manifest.binaries().isEmpty()) {
            String detail = "none in this build: " + manifest.absent();
            return compiler && !manifest.sources().isEmpty()
                    ? Check.degraded("kernels", TITLE, detail, cost, BUILD)
                    : Check.absent("kernels", TITLE, detail, COST, BUILD + OR_COMPILER);
        }
        String architectures = String.join(" and ", manifest.binaries().stream().map(Binary::architecture).toList());
        String detail = manifest.kernels().size() + " for " + architectures + ", compiled by " + manifest.compiler();
        Figure count = new Figure("kernels", manifest.kernels().size(), Unit.COUNT);
        List<String> unserved = devices.stream()
                .filter(device -> manifest.binaryFor(device.capability().architecture()).isEmpty())
                .map(device -> device.name() + " (" + device.capability().architecture() + ")").toList();
        return unserved.isEmpty()
                ? Check.found("kernels", TITLE, detail, count)
                : Check.degraded("kernels", TITLE, detail + "; none for " + String.join(" and ", unserved), cost,
                        "add the architecture to the build" + (compiler ? "" : OR_COMPILER), count);
    }

    /// Measures every GPU.
    static List<Check> ceilings(GpuChecks gpus) {
        List<Check> checks = new ArrayList<>();
        gpus.driver().ifPresent(
                driver -> gpus.devices().forEach(device -> checks.add(ceilings(driver, device))));
        return checks.isEmpty()
                ? List.of(unmeasured("ceilings", "Measured ceilings", "there is no GPU to measure"))
                : checks;
    }

    private static Check ceilings(CudaDriver driver, CudaDevice device) {
        String id = "ceilings" + (device.ordinal() == 0 ? "" : device.ordinal());
        String title = "Measured ceilings of GPU " + device.ordinal();
        try (CudaContext context = driver.context(device)) {
            DeviceCeilings reached = CeilingProbe.measure(context);
            return Check.found(id, title,
                    String.format(Locale.ROOT, "copy %.2f TB/s, read %.2f TB/s, fp32 %.1f TFLOP/s (medians, %.1f GiB)",
                            reached.copyBytesPerSecond() / 1e12, reached.readBytesPerSecond() / 1e12,
                            reached.fp32FlopPerSecond() / 1e12, reached.bufferBytes() / (double) (1L << 30)),
                    new Figure("copyBytesPerSecond", reached.copyBytesPerSecond(), Unit.BYTES_PER_SECOND),
                    new Figure("readBytesPerSecond", reached.readBytesPerSecond(), Unit.BYTES_PER_SECOND),
                    new Figure("fp32FlopPerSecond", reached.fp32FlopPerSecond(), Unit.FLOP_PER_SECOND));
        } catch (CudaUnavailableException | CudaException e) {
            return unmeasured(id, title, String.valueOf(e.getMessage()));
        }
    }

    private static Check unmeasured(String id, String title, String reason) {
        return Check.absent(id, title, reason, "rooflines have no measured roofs for this machine", "");
    }
}
