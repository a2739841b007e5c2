package org.moelab.app.profile;

import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

import org.moelab.traces.model.LineTable.Line;
import org.moelab.traces.ncu.KernelCode.Instruction;
import org.moelab.traces.ncu.SourceHeat.Heat;

/// A row of a listing: an instruction or a source line.
///
/// @param place offset of the instruction in hexadecimal, or the line's number
/// @param text the instruction, its bits where nothing could read it, or the line
/// @param share of the kernel's samples, 0 to 1; NaN where it was not sampled
/// @param samples of the program counter
/// @param executed times that warps issued it
/// @param threads times that threads ran it
/// @param instructions how many instructions it stands for
/// @param stalls its samples by what the warp waited for, most first
/// @param line the source line
/// @param note what a rule of Nsight Compute says of it, else empty
record CodeRow(String place, String text, double share, long samples, long executed, long threads, int instructions,
        SequencedMap<String, Long> stalls, Optional<Line> line, String note) {
    static CodeRow of(Instruction i, double share) {
        return new CodeRow(
                i.offset() < 0 ? Long.toHexString(i.address()) : String.format(Locale.ROOT, "%04x", i.offset()),
                i.text().isEmpty() ? i.encoding() : i.text(), share, i.samples(), i.executed(), i.threads(), 1,
                i.stalls(), i.line(), i.note());
    }

    static CodeRow of(Line line, String text, Heat heat, double share) {
        return new CodeRow(Integer.toString(line.line()), text, share, heat.samples(), heat.executed(), heat.threads(),
                heat.instructions(), heat.stalls(), Optional.of(line), "");
    }

    /// What its warps waited for most, issuing included; empty without samples.
    String mostly() {
        return stalls.isEmpty() ? "" : stalls.firstEntry().getKey().replace('_', ' ');
    }

    /// The source line as `file.cu:12`; empty where it is not known.
    String lineLabel() {
        return line.map(l -> l.path().substring(l.path().lastIndexOf('/') + 1) + ":" + l.line()).orElse("");
    }

    /// All of it in words, for a tooltip.
    String spoken() {
        String waits = stalls.entrySet().stream().map(e -> e.getKey().replace('_', ' ') + " " + e.getValue())
                .collect(Collectors.joining(", "));
        return text.strip() + line.map(l -> "\n" + l.path() + ":" + l.line()).orElse("")
                + (waits.isEmpty() ? "" : "\nsamples by what the warp waited for: " + waits)
                + (note.isEmpty() ? "" : "\nNsight Compute: " + note);
    }
}
