package org.moelab.traces.kineto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Reading in small blocks, many of them cut in the wrong place, gives what reading in one gives.
class TextBlocksTest {
    @TempDir
    Path folder = Path.of("");

    private static final int ONE_BLOCK = 1 << 24;

    static Stream<Long> seeds() {
        return Stream.iterate(1L, s -> s + 1).limit(40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void smallBlocks_ofARandomTrace_giveWhatOneBlockGives(long seed) throws Exception {
        Random random = new Random(seed);
        Path file = folder.resolve("random.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(new RandomTrace(random).json().getBytes(StandardCharsets.UTF_8));
        }
        String whole = TraceText.of(read(file, ONE_BLOCK));

        for (int blockSize : new int[] { 64, 100 + random.nextInt(200), 1000 + random.nextInt(3000) }) {
            assertThat(TraceText.of(read(file, blockSize))).as("blocks of %d bytes", blockSize).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1 << 12, 1 << 16, 1 << 20 })
    void smallBlocks_ofARecordedTrace_giveWhatOneBlockGives(int blockSize) throws Exception {
        Path file = Path.of("src/test/resources/h200/gptoss2L_pytorch.json.gz");

        assertThat(TraceText.of(read(file, blockSize))).isEqualTo(TraceText.of(read(file, ONE_BLOCK)));
    }

    private static Trace read(Path file, int blockSize) throws TraceReadException {
        return new KinetoImporter(blockSize).read(Recordings.probe(file), ImportOptions.DEFAULT, ImportMonitor.NONE);
    }

    /// Writes traces that are hard to cut: text that looks like events within strings and nested arrays, members in any
    /// order, every phase, white space of all kinds.
    private static final class RandomTrace {
        private static final List<String> CATEGORIES = List.of("cpu_op", "kernel", "cuda_runtime", "gpu_memcpy",
                "user_annotation", "python_function", "unknown", "cuda_sync", "gpu_user_annotation");
        private static final List<String> NAMES = List.of("aten::mm", "},{\\\"ph\\\":", "}, {", "Memcpy HtoD",
                "\\u00e4 name", "],\\\"x\\\":[", "k\\\\", "{\\\"name\\\"");

        private final Random random;

        RandomTrace(Random random) {
            this.random = random;
        }

        String json() {
            StringBuilder out = new StringBuilder();
            boolean array = random.nextInt(4) == 0;
            out.append(array ? "[" : "{\"schemaVersion\": 1, \"distributedInfo\": {\"rank\": 2}, \"traceEvents\": [");
            int events = random.nextInt(300);
            for (int i = 0; i < events; i++) {
                out.append(i == 0 ? "" : "," + space()).append(space()).append(event());
            }
            out.append(space()).append(']');
            return out.append(array ? "" : ", \"traceName\": \"},{\", \"list\": [{\"ph\": 1},{\"ph\": 2}]}").toString();
        }

        private String space() {
            return List.of("", "", " ", "\n  ", "\t", "\r\n").get(random.nextInt(6));
        }

        private String event() {
            String phase = String.valueOf("XXXXXXiMsftBEbenCZ".charAt(random.nextInt(18)));
            List<String> members = new ArrayList<>();
            members.add("\"ph\":" + space() + '"' + phase + '"');
            members.add("\"name\":" + space() + '"' + name(phase) + '"');
            members.add("\"ts\": " + random.nextInt(5000) + "." + random.nextInt(1000));
            members.add("\"dur\" :" + random.nextInt(40));
            members.add("\"pid\": " + (random.nextBoolean() ? "7" : "\"Host 1\""));
            members.add(
                    "\"tid\": " + (random.nextBoolean() ? random.nextInt(3) : "\"stream " + random.nextInt(3) + '"'));
            if (random.nextInt(5) > 0) {
                members.add("\"cat\": \"" + CATEGORIES.get(random.nextInt(CATEGORIES.size())) + '"');
            }
            members.add("\"id\": " + random.nextInt(6));
            members.add("\"args\": " + arguments());
            java.util.Collections.shuffle(members, random);
            return "{" + space() + String.join("," + space(), members) + space() + "}";
        }

        private String name(String phase) {
            return phase.equals("M") ? "thread_name" : NAMES.get(random.nextInt(NAMES.size()));
        }

        private String arguments() {
            return switch (random.nextInt(6)) {
                case 0 -> "{}";
                case 1 -> "{\"correlation\": " + random.nextInt(30) + ", \"stream\": 7, \"device\": 0, \"grid\": ["
                        + random.nextInt(4) + ",1,1], \"block\": [32,1,1]}";
                case 2 -> "{\"list\": [{\"ph\": \"X\", \"ts\": 1},{\"name\": \"y\"}, {\"a\": []}]}";
                case 3 -> "{\"External id\": " + random.nextInt(1000) + ", \"text\": \"}, {\\\"ph\\\": \\\"X\\\"\"}";
                case 4 -> "{\"name\": \"thread\", \"memory bandwidth (GB/s)\": 1." + random.nextInt(100) + "}";
                default -> "null";
            };
        }
    }
}
