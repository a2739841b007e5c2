package org.moelab.kernels;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.kernels.KernelManifest.Kernel;

/// A source compiled with some of its techniques left out, by the convention that the sources keep: a switch
/// `TECHNIQUE_…` each ([SourceTree]), and kernels named by `KERNEL_NAME` of `common/kernel.cuh`.
///
/// @param off the techniques left out, by id, in order
public record Variant(List<String> off) {
    /// Every technique is on: what the build compiles.
    public static final Variant FULL = new Variant(List.of());

    public Variant {
        off = off.stream().distinct().sorted().toList();
    }

    /// The variant of a kernel for a set of techniques: what its source has a switch for and is not in the set is off.
    ///
    /// @param on the techniques that are on, by id; others than the kernel's play no part
    public static Variant of(Kernel kernel, Set<String> on) {
        return new Variant(kernel.switches().stream().filter(technique -> !on.contains(technique)).toList());
    }

    /// Whether every technique is on.
    public boolean full() {
        return off.isEmpty();
    }

    /// The name under which this variant of a kernel is loaded and seen by a profiler, such as
    /// `rms_norm__without_ilp_vectorised_loads`.
    public String nameOf(String kernel) {
        return kernel + suffix();
    }

    /// What the compiler is told, an option each; nothing where every technique is on.
    public List<String> definitions() {
        return full()
                ? List.of()
                : Stream.concat(
                        off.stream().map(technique -> "-DTECHNIQUE_" + word(technique).toUpperCase(Locale.ROOT) + "=0"),
                        Stream.of("-DMOELAB_VARIANT=" + suffix())).toList();
    }

    private String suffix() {
        return full() ? "" : off.stream().map(Variant::word).collect(Collectors.joining("_", "__without_", ""));
    }

    /// An id as part of a C identifier.
    private static String word(String technique) {
        return technique.replace('-', '_');
    }
}
