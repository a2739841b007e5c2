package org.moelab.traces.stats.nsight;

import java.util.stream.IntStream;

import org.moelab.traces.model.AttributeKey;
import org.moelab.traces.model.CopyKind;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.TraceFormat;

/// Copies and fills as `nsys stats` names them.
final class MemoryOperations {
    private MemoryOperations() {
    }

    static IntStream events(Trace trace) {
        return Timeline.events(trace, e -> trace.kind(e) == EventKind.MEMCPY || trace.kind(e) == EventKind.MEMSET);
    }

    /// The operation. Versions before 2023.3 abbreviate the direction: `[CUDA memcpy HtoD]`,
    /// `[CUDA Unified Memory memcpy HtoD]`; later ones spell it out: `[CUDA memcpy Host-to-Device]`,
    /// `[CUDA memcpy Unified Host-to-Device]`.
    static String label(Trace trace, int event) {
        if (trace.kind(event) == EventKind.MEMSET) {
            return "[CUDA memset]";
        }
        CopyKind kind = copyKind(trace, event);
        if (kind == CopyKind.UNKNOWN) {
            return "[CUDA memcpy]";
        }
        if (abbreviates(trace)) {
            return "[CUDA " + (kind.isUnified() ? "Unified Memory " : "") + "memcpy " + kind.direction() + "]";
        }
        return "[CUDA memcpy " + (kind.isUnified() ? "Unified " : "") + kind.words() + "]";
    }

    /// The direction of a copy: as recorded, or as its name tells (`Memcpy HtoD (Pinned -> Device)`).
    private static CopyKind copyKind(Trace trace, int event) {
        long recorded = trace.attribute(AttributeKey.COPY_KIND).map(a -> a.valueOr(event, 0)).orElse(0L);
        if (recorded != 0) {
            return CopyKind.of(recorded);
        }
        return CopyKind.ofName(trace.name(event));
    }

    private static boolean abbreviates(Trace trace) {
        if (trace.info().format() != TraceFormat.NSYS) {
            return false;
        }
        String[] parts = trace.info().version().split("\\.", -1);
        if (parts.length < 2 || !parts[0].matches("\\d{1,6}") || !parts[1].matches("\\d{1,6}")) {
            // exporters before 2022 do not tell their version
            return true;
        }
        int year = Integer.parseInt(parts[0]);
        return year < 2023 || year == 2023 && Integer.parseInt(parts[1]) < 3;
    }
}
