package org.moelab.kernels;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.kernels.KernelManifest.Kernel;

/// A source compiled with some of its techniques left out or added, by the convention that the sources keep: a switch
/// `TECHNIQUE_…` each ([SourceTree]), and kernels named by `KERNEL_NAME` of `common/kernel.cuh`.
///
/// @param off the techniques left out that the build has, by id, in order
/// @param added the techniques that the build leaves out, by id, in order
public record Variant(List<String> off, List<String> added) {
    /// What the build compiles.
    public static final Variant FULL = new Variant(List.of(), List.of());

    public Variant {
        off = off.stream().distinct().sorted().toList();
        added = added.stream().distinct().sorted().toList();
    }

    /// The variant of a kernel for a set of techniques: what its source has a switch for and is not in the set is off.
    ///
    /// @param on the techniques that are on, by id; others than the kernel's play no part
    public static Variant of(Kernel kernel, Set<String> on) {
        return new Variant(
                kernel.switches().stream()
                        .filter(technique -> !on.contains(technique) && !kernel.additions().contains(technique))
                        .toList(),
                kernel.additions().stream().filter(on::contains).toList());
    }

    /// The variant that leaves techniques out and adds none.
    public static Variant without(List<String> off) {
        return new Variant(off, List.of());
    }

    /// Whether it is what the build compiles.
    public boolean full() {
        return off.isEmpty() && added.isEmpty();
    }

    /// The name under which this variant of a kernel is loaded and seen by a profiler, such as
    /// `rms_norm__without_ilp_vectorised_loads` or `gemv__with_latency_hiding`.
    public String nameOf(String kernel) {
        return kernel + suffix();
    }

    /// What differs from what the build compiles, in words: `without ilp, with latency-hiding`.
    public String difference() {
        return Stream.of(phrase("without ", off), phrase("with ", added)).filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String phrase(String word, List<String> techniques) {
        return techniques.isEmpty() ? "" : word + String.join(" and ", techniques);
    }

    /// What the compiler is told, an option each; nothing for what the build compiles.
    public List<String> definitions() {
        return full()
                ? List.of()
                : Stream.of(off.stream().map(technique -> definition(technique, 0)),
                        added.stream().map(technique -> definition(technique, 1)),
                        Stream.of("-DMOELAB_VARIANT=" + suffix())).flatMap(options -> options).toList();
    }

    private static String definition(String technique, int value) {
        return "-DTECHNIQUE_" + word(technique).toUpperCase(Locale.ROOT) + "=" + value;
    }

    private String suffix() {
        return suffix("__without_", off) + suffix("__with_", added);
    }

    private static String suffix(String prefix, List<String> techniques) {
        return techniques.isEmpty()
                ? ""
                : techniques.stream().map(Variant::word).collect(Collectors.joining("_", prefix, ""));
    }

    /// An id as part of a C identifier.
    private static String word(String technique) {
        return technique.replace('-', '_');
    }
}
