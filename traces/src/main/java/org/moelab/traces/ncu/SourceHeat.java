package org.moelab.traces.ncu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.moelab.traces.ncu.KernelCode.Instruction;

/// A kernel's figures by source line: the sums over the instructions that were made from the line.
///
/// @param files by samples, most first
/// @param unplaced the sums over instructions of no known line, where there are such
public record SourceHeat(List<File> files, Optional<Heat> unplaced) {
    public SourceHeat {
        files = List.copyOf(files);
    }

    /// A source file that the kernel has instructions from.
    ///
    /// @param path as the compiler knew it
    /// @param bytes its size when it was compiled; 0 where unknown
    /// @param lines by number, those with instructions only
    public record File(String path, long bytes, NavigableMap<Integer, Heat> lines) {
        /// Samples of all lines.
        public long samples() {
            return lines.values().stream().mapToLong(Heat::samples).sum();
        }
    }

    /// The figures of a line.
    ///
    /// @param instructions how many instructions were made from it
    /// @param stalls its samples by what the warp waited for, most first
    public record Heat(int instructions, long samples, long executed, long threads,
            SequencedMap<String, Long> stalls) {
        /// Of a line without instructions.
        public static final Heat NOTHING = new Heat(0, 0, 0, 0, new LinkedHashMap<>());

        /// What warps waited for most there, issuing included; empty without samples.
        public String mostly() {
            return stalls.isEmpty() ? "" : stalls.firstEntry().getKey();
        }
    }

    /// The lines of a kernel.
    public static SourceHeat of(KernelCode code) {
        Map<String, TreeMap<Integer, List<Instruction>>> byLine = new HashMap<>();
        Map<String, Long> sizes = new HashMap<>();
        List<Instruction> unplaced = new ArrayList<>();
        for (Instruction i : code.instructions()) {
            if (i.line().isEmpty()) {
                unplaced.add(i);
                continue;
            }
            String path = i.line().get().path();
            sizes.putIfAbsent(path, i.line().get().fileBytes());
            byLine.computeIfAbsent(path, _ -> new TreeMap<>())
                    .computeIfAbsent(i.line().get().line(), _ -> new ArrayList<>()).add(i);
        }
        List<File> files = new ArrayList<>();
        byLine.forEach((path, lines) -> {
            TreeMap<Integer, Heat> heat = new TreeMap<>();
            lines.forEach((line, of) -> heat.put(line, sum(of)));
            files.add(new File(path, sizes.getOrDefault(path, 0L), heat));
        });
        files.sort(Comparator.comparingLong(File::samples).reversed().thenComparing(File::path));
        return new SourceHeat(files, unplaced.isEmpty() ? Optional.empty() : Optional.of(sum(unplaced)));
    }

    private static Heat sum(List<Instruction> instructions) {
        Map<String, Long> stalls = new HashMap<>();
        instructions.forEach(i -> i.stalls().forEach((reason, n) -> stalls.merge(reason, n, Long::sum)));
        return new Heat(instructions.size(), instructions.stream().mapToLong(Instruction::samples).sum(),
                instructions.stream().mapToLong(Instruction::executed).sum(),
                instructions.stream().mapToLong(Instruction::threads).sum(), KernelCode.sorted(stalls));
    }
}
