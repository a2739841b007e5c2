package org.moelab.gpu.host;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Some of a machine's processors, by their numbers.
public record CpuSet(Set<Integer> cpus) {
    public CpuSet {
        cpus = Set.copyOf(cpus);
    }

    /// Reads the form of the kernel's `cpulist` files: `0-3,8,10-11`; an empty text is no processor.
    ///
    /// @throws IllegalArgumentException where the text is something else
    public static CpuSet parse(String list) {
        return new CpuSet(Stream.of(list.strip().split(",", -1)).filter(range -> !range.isBlank())
                .flatMapToInt(range -> range(range.strip(), list)).boxed().collect(Collectors.toUnmodifiableSet()));
    }

    private static IntStream range(String range, String list) {
        String[] ends = range.split("-", -1);
        try {
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            if (ends.length <= 2 && first >= 0 && last >= first) {
                return IntStream.rangeClosed(first, last);
            }
        } catch (NumberFormatException _) {
            // told below, like every other text that is no range
        }
        throw new IllegalArgumentException("'" + list.strip() + "' is no list of processors: '" + range + "'");
    }

    /// Those that both hold.
    public CpuSet and(CpuSet other) {
        return new CpuSet(cpus.stream().filter(other.cpus::contains).collect(Collectors.toUnmodifiableSet()));
    }

    /// The form that [#parse] reads.
    @Override
    public String toString() {
        return ranges(new TreeSet<>(cpus));
    }

    private static String ranges(SortedSet<Integer> sorted) {
        StringBuilder text = new StringBuilder();
        int first = -1;
        int last = -2;
        for (int cpu : sorted) {
            if (cpu != last + 1) {
                close(text, first, last);
                text.append(text.isEmpty() ? "" : ",").append(cpu);
                first = cpu;
            }
            last = cpu;
        }
        close(text, first, last);
        return text.toString();
    }

    private static void close(StringBuilder text, int first, int last) {
        if (last > first) {
            text.append('-').append(last);
        }
    }
}
