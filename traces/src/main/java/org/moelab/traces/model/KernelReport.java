package org.moelab.traces.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A set of profiled kernels with their metrics, as Nsight Compute records them.
///
/// @param info what the report says of itself
/// @param warnings what was dropped, repaired or looked wrong while reading
/// @param kernels the kernels in the order in which they were profiled
/// @param metrics the metrics of all kernels
/// @param modules the modules that kernels came from
public record KernelReport(RecordingInfo info, List<Warning> warnings, List<ProfiledKernel> kernels,
        MetricTable metrics, List<KernelModule> modules) implements Recording {
    /// The metric that holds a kernel's duration in nanoseconds.
    public static final String DURATION = "gpu__time_duration.sum";
    /// What a CSV page of details, which carries labels in place of names, calls [#DURATION].
    private static final String DURATION_LABEL = "Duration";

    public KernelReport {
        warnings = List.copyOf(warnings);
        kernels = List.copyOf(kernels);
        modules = List.copyOf(modules);
        if (metrics.kernels() != kernels.size()) {
            throw new IllegalArgumentException(
                    metrics.kernels() + " ranges of metrics for " + kernels.size() + " kernels");
        }
    }

    /// The kernel's duration in ns, NaN where it was not measured.
    public double durationNs(ProfiledKernel kernel) {
        int named = metrics.find(kernel.index(), DURATION);
        int row = named >= 0 ? named : metrics.find(kernel.index(), DURATION_LABEL);
        return row < 0 ? Double.NaN : metrics.baseValue(row);
    }

    /// The module that holds the kernel's code, where the report has it.
    public Optional<KernelModule> module(ProfiledKernel kernel) {
        return kernel.module().isPresent()
                ? modules.stream().filter(m -> m.id() == kernel.module().getAsLong()).findFirst()
                : Optional.empty();
    }

    /// Where the functions of the kernel's module were loaded. A report may tell it of one module in several entries.
    public List<KernelModule.Symbol> symbols(ProfiledKernel kernel) {
        return kernel.module().isPresent()
                ? modules.stream().filter(m -> m.id() == kernel.module().getAsLong()).flatMap(m -> m.symbols().stream())
                        .toList()
                : List.of();
    }

    /// The address at which the kernel's first instruction was loaded: what the correlation of a per-instruction metric
    /// minus this gives is an offset in the kernel's code. Empty where the report does not tell.
    public OptionalLong entryAddress(ProfiledKernel kernel) {
        Optional<KernelModule.Symbol> symbol = symbols(kernel).stream()
                .filter(s -> s.name().equals(kernel.name().mangled())).findFirst();
        if (symbol.isPresent()) {
            return OptionalLong.of(symbol.get().address());
        }
        int row = metrics.find(kernel.index(), "launch__function_pcs");
        // with several functions and no symbols nothing tells which is the entry
        return row >= 0 && metrics.instanceCount(row) == 1
                ? OptionalLong.of(metrics.instanceBits(metrics.instanceBegin(row)))
                : OptionalLong.empty();
    }
}
