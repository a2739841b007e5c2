package org.moelab.kernels.build;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.moelab.kernels.KernelManifest.Usage;

/// What `ptxas -v` reports of one kernel.
///
/// @param kernel its name
/// @param usage what it needs
record PtxasReport(String kernel, Usage usage) {
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '([^']+)' for '([^']+)'");
    private static final Pattern STACK = Pattern
            .compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    /// The reports on the kernels of one source for one architecture, in the assembler's order.
    static List<PtxasReport> parse(String text) {
        List<MatchResult> entries = ENTRY.matcher(text).results().toList();
        List<PtxasReport> reports = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            MatchResult entry = entries.get(i);
            // the first figures after a kernel's line are its own; those of its device functions follow
            String section = text.substring(entry.end(),
                    i + 1 < entries.size() ? entries.get(i + 1).start() : text.length());
            int[] stack = numbers(STACK, section, 3);
            reports.add(new PtxasReport(entry.group(1), new Usage(entry.group(2), numbers(REGISTERS, section, 1)[0],
                    numbers(SHARED, section, 1)[0], stack[0], stack[1], stack[2])));
        }
        return reports;
    }

    private static int[] numbers(Pattern pattern, String text, int count) {
        int[] numbers = new int[count];
        Matcher matcher = pattern.matcher(text);
        if (matcher.find()) {
            for (int i = 0; i < count; i++) {
                numbers[i] = Integer.parseInt(matcher.group(i + 1));
            }
        }
        return numbers;
    }
}
