package org.moelab.traces.kineto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Warning;

import com.github.luben.zstd.ZstdOutputStream;

class KinetoBadInputTest {
    @TempDir
    Path folder = Path.of("");

    private static final String EVENT = "{\"ph\": \"X\", \"cat\": \"cpu_op\", \"name\": \"op\", \"pid\": 1, \"tid\": 1, \"ts\": %s, \"dur\": %s}";

    private static String trace(int events) {
        return IntStream.range(0, events).mapToObj(i -> EVENT.formatted(i * 10, 5))
                .collect(Collectors.joining(",\n", "{\"schemaVersion\": 1, \"traceEvents\": [",
                        "], \"traceName\": \"x\"}"));
    }

    private Trace read(byte[] content) throws IOException, TraceReadException {
        return read(content, 1 << 12, ImportMonitor.NONE);
    }

    private Trace read(byte[] content, int blockSize, ImportMonitor monitor) throws IOException, TraceReadException {
        Path file = folder.resolve("bad.json");
        Files.write(file, content);
        return new KinetoImporter(blockSize).read(Recordings.probe(file), ImportOptions.DEFAULT, monitor);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    private static List<String> codes(Trace trace) {
        return trace.warnings().stream().map(Warning::code).toList();
    }

    private Trace readEvents(String... events) throws Exception {
        return read(utf8("{\"traceEvents\": [" + String.join(",", events) + "]}"));
    }

    @Test
    void text_cutAtEveryByte_givesItsCompleteEventsOrALine() throws Exception {
        byte[] whole = utf8(trace(12));
        for (int length = 1; length < whole.length; length++) {
            String cut = new String(whole, 0, length, StandardCharsets.UTF_8);
            int complete = cut.split("\"dur\": 5}", -1).length - 1;
            if (complete == 0) {
                byte[] content = utf8(cut);
                assertThatExceptionOfType(TraceReadException.class).as("%d bytes", length)
                        .isThrownBy(() -> read(content)).withMessageContaining("bad.json")
                        .withMessageContaining("byte");
            } else {
                Trace trace = read(utf8(cut), 200, ImportMonitor.NONE);
                assertThat(trace.size()).as("%d bytes", length).isEqualTo(complete);
                assertThat(codes(trace)).containsExactly("truncated");
            }
        }
    }

    @Test
    void cutOffText_isWarnedOf_withItsPlace() throws Exception {
        byte[] whole = utf8(trace(30));
        Trace trace = read(Arrays.copyOf(whole, 1000));

        assertThat(trace.warnings().getFirst().message()).contains("byte 1000");
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0.3, 0.6, 0.9, 0.999 })
    void packedText_cutOff_givesWhatCouldBeUnpacked(double part) throws Exception {
        StringBuilder text = new StringBuilder(trace(3).replace("], \"traceName\": \"x\"}", ""));
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            text.append(',').append(EVENT.formatted(random.nextInt(1_000_000), random.nextInt(100)));
        }
        byte[] gzip = gzip(utf8(text.append("]}").toString()));
        Trace trace = read(Arrays.copyOf(gzip, (int) (gzip.length * part)));

        assertThat(codes(trace)).containsExactly("truncated");
        assertThat(trace.warnings().getFirst().message()).contains("packed data ends too early");
        assertThat((double) trace.size()).isBetween(part * 20_003 - 800, part * 20_003 + 800);
    }

    @Test
    void packedText_damagedInItsMiddle_givesWhatCameBefore() throws Exception {
        Random random = new Random(6);
        String events = IntStream.range(0, 20_000).mapToObj(i -> EVENT.formatted(random.nextInt(1_000_000), i))
                .collect(Collectors.joining(","));
        byte[] gzip = gzip(utf8("{\"traceEvents\": [" + events + "]}"));
        Arrays.fill(gzip, gzip.length / 2, gzip.length / 2 + 64, (byte) 0xFF);
        Trace trace = read(gzip);

        assertThat(trace.size()).isBetween(5_000, 15_000);
        assertThat(codes(trace)).containsAnyOf("truncated", "malformed");
    }

    @Test
    void zstdText_isUnpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(packed)) {
            out.write(utf8(trace(1000)));
        }

        assertThat(read(packed.toByteArray()).size()).isEqualTo(1000);
    }

    @Test
    void packedText_overTheLimit_isRefused() throws Exception {
        Path file = folder.resolve("bomb.json.gz");
        Files.write(file, gzip(utf8("{\"traceEvents\": [" + " ".repeat(3_000_000))));

        assertThatExceptionOfType(TraceReadException.class)
                .isThrownBy(() -> new KinetoImporter(1 << 16).read(Recordings.probe(file),
                        new ImportOptions(1_000_000), ImportMonitor.NONE))
                .withMessageContaining("bomb.json.gz").withMessageContaining("1000000");
    }

    @ParameterizedTest
    @ValueSource(strings = { "{}", "{\"traceEvents\": null}", "{\"traceEvents\": {}}", "{\"other\": [1, 2]}" })
    void json_withoutEvents_isRefusedInOneLine(String json) {
        assertThatExceptionOfType(TraceReadException.class).isThrownBy(() -> read(utf8(json)))
                .withMessageContaining("traceEvents").withMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = { "[1, 2, 3]", "[{\"a\": 1}]", "{\"traceEvents\": [[], null]}" })
    void json_withoutAnyEventAmongTheEntries_isRefused(String json) {
        assertThatExceptionOfType(TraceReadException.class).isThrownBy(() -> read(utf8(json)))
                .withMessageContaining("none of its");
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"traceEvents\": [%]}", "{]", "{\"a\" 1}", "{\"a\": 1 \"b\": 2}", "[}",
            "{\"traceEvents\": [",
            "{\"traceEvents", "[" })
    void garbage_isRefusedWithItsPlace(String json) {
        assertThatExceptionOfType(TraceReadException.class).isThrownBy(() -> read(utf8(json)))
                .withMessageMatching(".*bad\\.json: byte \\d+: expected .*");
    }

    @Test
    void emptyArray_isAnEmptyTrace() throws Exception {
        Trace trace = read(utf8("{\"traceEvents\": []}"));

        assertThat(trace.size()).isZero();
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void malformedEvent_endsTheReading_andWhatCameBeforeIsKept() throws Exception {
        Trace trace = readEvents(EVENT.formatted(1, 1), EVENT.formatted(2, 1), "{\"ph\" \"X\"}", EVENT.formatted(3, 1));

        assertThat(trace.size()).isEqualTo(2);
        assertThat(codes(trace)).containsExactly("malformed");
        assertThat(trace.warnings().getFirst().message()).contains("byte ").contains("':'");
    }

    @ParameterizedTest
    @CsvSource({ "NaN, 1, bad-time", "Infinity, 1, bad-time", "-Infinity, 1, bad-time", "1, NaN, bad-time",
            "1, Infinity, bad-time", "1e300, 1, bad-time", "1, 1e300, bad-time", "null, 1, bad-time",
            "99999999999999999999, 1, bad-time" })
    void eventWithoutAFiniteTime_isLeftOutAndCounted(String ts, String dur, String code) throws Exception {
        Trace trace = readEvents(EVENT.formatted(ts, dur), EVENT.formatted(5, 5));

        assertThat(trace.size()).isEqualTo(1);
        assertThat(codes(trace)).containsExactly(code);
    }

    @Test
    void times_negativeOrRunningBack_areKept_andNegativeDurationsBecomeInstants() throws Exception {
        Trace trace = readEvents(EVENT.formatted(100, 5), EVENT.formatted(-50.5, 5), EVENT.formatted(20, -7));

        assertThat(trace.size()).isEqualTo(3);
        assertThat(trace.startNs()).isEqualTo(-50_500);
        assertThat(trace.duration(1)).isZero();
        assertThat(codes(trace)).containsExactly("negative-duration");
    }

    @Test
    void events_withMissingOrRepeatedOrMisshapenMembers_areReadAsFarAsTheyMakeSense() throws Exception {
        Trace trace = readEvents("{\"ph\": \"X\", \"ts\": 1, \"dur\": 1}", "{\"ph\": \"X\", \"ts\": 1}",
                "{\"ph\": \"X\", \"dur\": 1}", "{}", "null", "{\"ph\": \"?\", \"ts\": 1}",
                "{\"ph\": \"X\", \"ts\": 1, \"ts\": 7, \"dur\": 1, \"name\": 5, \"pid\": [1], \"tid\": {}, \"args\": 3}");

        assertThat(trace.size()).isEqualTo(2);
        assertThat(trace.start(1)).isEqualTo(7000);
        assertThat(trace.warnings()).extracting(Warning::code, Warning::count).containsExactlyInAnyOrder(
                tuple("missing-time", 2L),
                tuple("not-an-event", 1L),
                tuple("unknown-phase", 1L),
                tuple("unknown-phase", 1L));
    }

    @Test
    void text_withByteOrderMarkControlCharactersAndBrokenUtf8_isRead() throws Exception {
        byte[] text = utf8("\uFEFF" + "{\"traceEvents\": [" + EVENT.formatted(1, 1).replace("op\"", "a\u0001b\nc@\"")
                + "]}");
        for (int i = 0; i < text.length; i++) {
            text[i] = text[i] == '@' ? (byte) 0xC3 : text[i];
        }
        Trace trace = read(text);

        assertThat(trace.name(0)).isEqualTo("a\u0001b\nc\uFFFD");
        assertThat(trace.source(0)).isEqualTo(new String(text, StandardCharsets.ISO_8859_1).indexOf("{\"ph\""));
    }

    @Test
    void text_behindTheTrace_isWarnedOf() throws Exception {
        Trace trace = read(utf8(trace(3) + " ]]{"));

        assertThat(trace.size()).isEqualTo(3);
        assertThat(codes(trace)).containsExactly("trailing-data");
    }

    @Test
    void arguments_nestedAMillionDeep_areSkipped() throws Exception {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        Trace trace = readEvents(EVENT.formatted(1, 1).replace("}", ", \"args\": {\"x\": " + deep + "}}"),
                EVENT.formatted(2, 1));

        assertThat(trace.size()).isEqualTo(2);
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void tensOfThousandsOfOpenEvents_areNestedInSeconds() throws Exception {
        String begins = IntStream.range(0, 60_000)
                .mapToObj(i -> "{\"ph\": \"B\", \"name\": \"n\", \"pid\": 1, \"tid\": 1, \"ts\": " + i + "}")
                .collect(Collectors.joining(","));
        Trace trace = readEvents(begins);

        assertThat(trace.size()).isEqualTo(60_000);
        assertThat(codes(trace)).containsExactly("unmatched-begin");
    }

    @Test
    void text_withBytesChangedAtRandom_givesATraceOrALine() throws Exception {
        byte[] whole = utf8(trace(60).replace("\"dur\"",
                "\"args\": {\"grid\": [1, 2, 3], \"External id\": 12, \"s\": \"\\u00e4\", \"correlation\": 3}, \"dur\""));
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            byte[] text = whole.clone();
            for (int change = 0; change <= random.nextInt(6); change++) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            Optional<Trace> trace = tryRead(text);
            refused += trace.isEmpty() ? 1 : 0;
            assertThat(trace.map(Trace::size).orElse(0)).isLessThanOrEqualTo(61);
        }
        assertThat(refused).isLessThan(500);
    }

    /// Anything but a [TraceReadException] fails the test.
    private Optional<Trace> tryRead(byte[] text) throws IOException {
        try {
            return Optional.of(read(text, 500, ImportMonitor.NONE));
        } catch (TraceReadException e) {
            assertThat(e.getMessage()).contains("bad.json").doesNotContain("\n");
            return Optional.empty();
        }
    }

    @Test
    void monitor_thatCancels_stopsTheReadingAndItsThreads() {
        AtomicInteger asked = new AtomicInteger();
        ImportMonitor impatient = new ImportMonitor() {
            @Override
            public void update(double fraction, String phase) {
                // only the question matters
            }

            @Override
            public boolean isCancelled() {
                return asked.incrementAndGet() > 5;
            }
        };

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> read(utf8(trace(20_000)), 1 << 12, impatient));
        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(n -> n.startsWith("trace-parser"));
    }

    @Test
    void progress_risesToTheWholeFile() throws Exception {
        List<Double> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        read(utf8(trace(20_000)), 1 << 14, new ImportMonitor() {
            @Override
            public void update(double fraction, String phase) {
                if (!Double.isNaN(fraction)) {
                    seen.add(fraction);
                }
            }

            @Override
            public boolean isCancelled() {
                return false;
            }
        });

        assertThat(seen).isSorted().hasSizeGreaterThan(10).allMatch(f -> f >= 0 && f <= 1).last().isEqualTo(1.0);
    }
}
