package org.moelab.gpu.doctor;

import java.nio.file.Path;
import java.util.Optional;

import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;

/// One of NVIDIA's profilers, as the lab starts it.
///
/// @param check what was found of it; where it is not whole, what that costs and how to get it
/// @param program the executable; absent where there is none
public record Profiler(Check check, Optional<Path> program) {
    /// Looks for Nsight Systems: what `NSYS` names, then the `PATH`, then the usual folders.
    public static Profiler nsys(Host host) {
        return new Profiler(ToolChecks.nsys(host, LibraryFinder.of(host)), ToolChecks.nsysProgram(host));
    }

    /// Looks for Nsight Compute: what `NCU` names, then the `PATH`, then the usual folders.
    public static Profiler ncu(Host host) {
        return new Profiler(ToolChecks.ncu(host), ToolChecks.ncuProgram(host));
    }

    /// The version that the program tells; absent where it does not start or answer in time.
    public Optional<String> version() {
        return program.flatMap(ToolChecks::version);
    }
}
