package org.moelab.gpu.doctor;

import java.util.ArrayList;
import java.util.List;

import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;

/// Looks at the machine: what the lab can use, and what each absence costs. Whatever is missing or broken is a result,
/// never a failure.
public final class Doctor {
    private final Host host;

    /// What to do beyond looking.
    ///
    /// @param measure whether to measure the GPU's ceilings, which takes a few seconds and a few GB of its memory
    public record Options(boolean measure) {}

    /// @param host the machine to look at
    public Doctor(Host host) {
        this.host = host;
    }

    /// Examines the machine that this process runs on.
    public static List<Check> run(Options options) {
        return new Doctor(Host.current()).examine(options);
    }

    /// Examines the machine.
    ///
    /// @return the checks, in the order in which to show them
    public List<Check> examine(Options options) {
        LibraryFinder finder = LibraryFinder.of(host);
        List<Check> checks = new ArrayList<>();
        checks.addAll(HostChecks.all());
        GpuChecks gpus = GpuChecks.look(host, finder);
        checks.addAll(gpus.checks());
        checks.add(KernelChecks.kernels(gpus.devices(), finder));
        if (options.measure()) {
            checks.addAll(KernelChecks.ceilings(gpus));
        }
        checks.addAll(LibraryChecks.all(finder));
        checks.addAll(ToolChecks.all(host, finder));
        checks.addAll(DisplayChecks.all(host, finder));
        return List.copyOf(checks);
    }

    /// Examines only what a window needs: its display and system libraries. Quick: no program is started.
    public List<Check> examineDisplay() {
        return DisplayChecks.all(host, LibraryFinder.of(host));
    }
}
