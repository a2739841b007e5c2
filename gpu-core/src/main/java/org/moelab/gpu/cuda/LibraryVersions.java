package org.moelab.gpu.cuda;

import static org.moelab.gpu.cuda.ForeignLibrary.INT;
import static org.moelab.gpu.cuda.ForeignLibrary.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks the installed CUDA libraries for their versions, by loading them.
public final class LibraryVersions {
    private static final Pattern SONAME_VERSION = Pattern.compile("\\.so\\.(\\d[\\d.]*)$");

    private LibraryVersions() {
    }

    /// Looks for a library, loads it and asks for its version.
    public static Optional<InstalledLibrary> look(CudaLibrary library, LibraryFinder finder) {
        return finder.find(library).map(file -> {
            Path real = real(file);
            try {
                return new InstalledLibrary(library, real, ask(library, file).orElse(versionInName(real)), "");
            } catch (CudaUnavailableException | CudaException e) {
                return new InstalledLibrary(library, real, versionInName(real), String.valueOf(e.getMessage()));
            }
        });
    }

    /// A version as CUDA packs it into a number: 13020 is 13.2.
    public static String unpack(int packed) {
        return packed / 1000 + "." + packed % 1000 / 10;
    }

    static String versionInName(Path file) {
        Matcher matcher = SONAME_VERSION.matcher(file.toString());
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    /// NCCL packs its version another way: 22809 is 2.28.9, and before 2.9 2807 was 2.8.7.
    static String unpackNccl(int packed) {
        int unit = packed < 10_000 ? 1000 : 10_000;
        return packed / unit + "." + packed % unit / 100 + "." + packed % 100;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException _) {
            return file; // the link is good enough to name
        }
    }

    private static Optional<String> ask(CudaLibrary library, Path file) throws CudaUnavailableException {
        ForeignLibrary foreign = ForeignLibrary.open(file);
        try (Arena arena = Arena.ofConfined()) {
            return switch (library) {
                case DRIVER -> Optional.of(unpack(number(foreign, "cuDriverGetVersion", arena)));
                case RUNTIME -> Optional.of(unpack(number(foreign, "cudaRuntimeGetVersion", arena)));
                case NCCL -> Optional.of(unpackNccl(number(foreign, "ncclGetVersion", arena)));
                case CUPTI -> Optional.of("API " + number(foreign, "cuptiGetVersion", arena));
                case BLAS -> Optional.of(properties(foreign, "cublasGetProperty", arena));
                case BLAS_LT -> Optional.of(properties(foreign, "cublasLtGetProperty", arena));
                case RTC -> Optional.of(compilerVersion(file));
                case NVML -> Optional.of(managementVersion(file));
                case NVTX -> Optional.empty();
            };
        }
    }

    private static String managementVersion(Path file) throws CudaUnavailableException {
        try (Nvml nvml = Nvml.open(file)) {
            return nvml.version();
        }
    }

    private static int number(ForeignLibrary library, String function, Arena arena) throws CudaUnavailableException {
        MemorySegment out = arena.allocate(INT);
        check(function, library.bind(Signatures.P.class, function, POINTER).call(out));
        return out.get(INT, 0);
    }

    private static String compilerVersion(Path file) throws CudaUnavailableException {
        Nvrtc compiler = Nvrtc.open(file);
        // it tells its version without the second library that it compiles with
        compiler.compile(new Nvrtc.Program("empty.cu", "", Map.of(), "sm_90a", List.of()));
        return compiler.version();
    }

    private static String properties(ForeignLibrary library, String function, Arena arena)
            throws CudaUnavailableException {
        Signatures.IP property = library.bind(Signatures.IP.class, function, INT, POINTER);
        MemorySegment out = arena.allocate(INT);
        StringBuilder version = new StringBuilder();
        for (int part = 0; part < 3; part++) {
            check(function, property.call(part, out));
            version.append(part == 0 ? "" : ".").append(out.get(INT, 0));
        }
        return version.toString();
    }

    private static void check(String call, int status) {
        if (status != 0) {
            throw new CudaException(call, status, "status", "");
        }
    }
}
