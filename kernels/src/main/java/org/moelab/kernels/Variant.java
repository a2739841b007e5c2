package org.moelab.kernels;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.kernels.KernelManifest.Kernel;

/// A source compiled with some of its techniques left out or added, or for a model's very sizes, by the convention that
/// the sources keep: a switch `TECHNIQUE_…` or a constant `SIZE_…` each ([SourceTree]), and kernels named by `KERNEL_NAME`
/// of `common/kernel.cuh`.
///
/// @param off the techniques left out that the build has, by id, in order
/// @param added the techniques that the build leaves out, by id, in order
/// @param sizes the model's sizes that are constants in it, by name
public record Variant(List<String> off, List<String> added, SortedMap<String, Integer> sizes) {
    /// What the build compiles.
    public static final Variant FULL = new Variant(List.of(), List.of(), new TreeMap<>());

    public Variant {
        off = off.stream().distinct().sorted().toList();
        added = added.stream().distinct().sorted().toList();
        sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
    }

    /// The variant of a kernel for a set of techniques: what its source has a switch for and is not in the set is off.
    ///
    /// @param on the techniques that are on, by id; others than the kernel's play no part
    public static Variant of(Kernel kernel, Set<String> on) {
        return new Variant(
                kernel.switches().stream()
                        .filter(technique -> !on.contains(technique) && !kernel.additions().contains(technique))
                        .toList(),
                kernel.additions().stream().filter(on::contains).toList(), new TreeMap<>());
    }

    /// The same for a model.
    ///
    /// @param model its sizes by name; others than the kernel's play no part
    public Variant sized(Kernel kernel, Map<String, Integer> model) {
        SortedMap<String, Integer> constants = new TreeMap<>(model);
        constants.keySet().retainAll(kernel.sizes());
        return new Variant(off, added, constants);
    }

    /// The variant that leaves techniques out and adds none.
    public static Variant without(List<String> off) {
        return new Variant(off, List.of(), new TreeMap<>());
    }

    /// Whether it is what the build compiles.
    public boolean full() {
        return off.isEmpty() && added.isEmpty() && sizes.isEmpty();
    }

    /// The name under which this variant of a kernel is loaded and seen by a profiler, such as
    /// `rms_norm__without_ilp_vectorised_loads`, `gemv__with_latency_hiding` or `gemv__for_hidden_2880`.
    public String nameOf(String kernel) {
        return kernel + suffix();
    }

    /// What differs from what the build compiles, in words: `without ilp, with latency-hiding, for hidden 2880`.
    public String difference() {
        return Stream.of(phrase("without ", off), phrase("with ", added), phrase("for ", sizes(" ")))
                .filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    private List<String> sizes(String between) {
        return sizes.entrySet().stream().map(size -> size.getKey() + between + size.getValue()).toList();
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
                        sizes.entrySet().stream().map(size -> "-DSIZE_"
                                + word(size.getKey()).toUpperCase(Locale.ROOT) + "=" + size.getValue()),
                        Stream.of("-DMOELAB_VARIANT=" + suffix())).flatMap(options -> options).toList();
    }

    private static String definition(String technique, int value) {
        return "-DTECHNIQUE_" + word(technique).toUpperCase(Locale.ROOT) + "=" + value;
    }

    private String suffix() {
        return suffix("__without_", off) + suffix("__with_", added) + suffix("__for_", sizes("_"));
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
