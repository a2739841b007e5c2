package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Writes a small file as the PyTorch profiler does: three kernels again and again, their calls, ranges around them.
final class ChromeTraceFile {
    private static final String[] KERNELS = { "moe_gate_up_swiglu", "flash_attention_decode", "rms_norm" };

    private ChromeTraceFile() {
    }

    /// @param rounds how often the three kernels run; round `i` adds three calls and three kernels
    static Path write(Path file, int rounds) throws IOException {
        StringBuilder json = new StringBuilder("""
                {"schemaVersion": 1, "deviceProperties": [{"id": 0, "name": "NVIDIA H200"}],
                "traceEvents": [
                {"ph": "M", "name": "process_name", "pid": 100, "tid": 0, "args": {"name": "decode"}}""");
        int correlation = 1;
        for (int round = 0; round < rounds; round++) {
            double start = 1000 + 200.0 * round;
            event(json, "user_annotation", "step " + round, 100, 100, start, 150, "");
            for (int k = 0; k < KERNELS.length; k++) {
                event(json, "cuda_runtime", "cudaLaunchKernel", 100, 100, start + 10 * k, 5,
                        "\"correlation\": " + correlation);
                event(json, "kernel", KERNELS[k], 0, 7, start + 30 + 40 * k, 30 - 10 * k,
                        "\"correlation\": " + correlation
                                + ", \"device\": 0, \"stream\": 7, \"grid\": [132, 1, 1], \"block\": [256, 1, 1]");
                correlation++;
            }
        }
        return Files.writeString(file, json.append("\n]}\n"));
    }

    private static void event(StringBuilder json, String category, String name, int pid, int tid, double start,
            double duration, String arguments) {
        json.append(String.format(Locale.ROOT,
                ",%n{\"ph\": \"X\", \"cat\": \"%s\", \"name\": \"%s\", \"pid\": %d, \"tid\": %d, \"ts\": %.3f, \"dur\": %.3f, \"args\": {%s}}",
                category, name, pid, tid, start, duration, arguments));
    }
}
