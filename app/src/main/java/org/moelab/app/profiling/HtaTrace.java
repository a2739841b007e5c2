package org.moelab.app.profiling;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.moelab.traces.export.WholeFile;

/// A timeline of the lab as HolisticTraceAnalysis 0.6.1 understands it: the same events at the same times, but
///
/// - it says which rank it is on a line of its own, with a blank behind the colon, because that tool finds the rank by the
///   pattern `"rank":\s+(\d+)`, line by line;
/// - calls of the driver that put work in bear the names of the runtime's calls for the same, because that tool counts launches,
///   copies and fills by the runtime's names (`hta/analyzers/cuda_kernel_analysis.py`), and the lab calls the driver.
final class HtaTrace {
    private static final String RANK = "{\"distributedInfo\": {\"rank\": 0, \"world_size\": 1},\n";
    private static final Pattern DRIVER_CALL = Pattern
            .compile("\"cat\":\"cuda_driver\",\"name\":\"cu(LaunchKernelEx|LaunchKernel|GraphLaunch|Memcpy\\w*Async"
                    + "|Memset\\w*Async)\"");

    private HtaTrace() {
    }

    /// Writes a copy of a timeline.
    ///
    /// @throws IOException where one cannot be read or written, or the timeline is none of the lab
    static void write(Path timeline, Path target) throws IOException {
        WholeFile.writeBytes(target, out -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(timeline)), StandardCharsets.UTF_8));
                    Writer packed = new BufferedWriter(
                            new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8))) {
                String head = in.readLine();
                if (head == null || !head.startsWith("{")) {
                    throw new IOException(timeline.getFileName() + " is no timeline of this lab: expected an object");
                }
                packed.write(RANK);
                packed.write(renamed(head.substring(1)));
                packed.write('\n');
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    packed.write(renamed(line));
                    packed.write('\n');
                }
            }
        });
    }

    private static String renamed(String line) {
        Matcher call = DRIVER_CALL.matcher(line);
        return call.find()
                ? call.replaceAll(c -> "\"cat\":\"cuda_runtime\",\"name\":\"" + runtimeName(c.group(1)) + "\"")
                : line;
    }

    private static String runtimeName(String call) {
        return switch (call) {
            case "LaunchKernel", "GraphLaunch" -> "cuda" + call;
            case "LaunchKernelEx" -> "cudaLaunchKernelExC";
            default -> call.startsWith("Memcpy") ? "cudaMemcpyAsync" : "cudaMemsetAsync";
        };
    }
}
