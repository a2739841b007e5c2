package org.moelab.app.expectation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.app.expectation.Expectations.LayerExpectation;
import org.moelab.app.expectation.Expectations.Marks;
import org.moelab.app.expectation.Learning.NamedRun;
import org.moelab.app.expectation.LeastNoise.Deviation;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;

final class ExpectationsTest {
    private static final Path RUNS = Path.of("../docs/runs");

    @TempDir
    Path folder;

    static List<NamedRun> documented() throws IOException {
        try (Stream<Path> repeats = Files.list(RUNS.resolve("repeats"))) {
            List<NamedRun> runs = new ArrayList<>();
            for (Path path : Stream.concat(repeats.filter(Files::isDirectory).sorted(),
                    Stream.of(RUNS.resolve("h200-gpt-oss-20b"))).toList()) {
                StoredRun run = StoredRun.read(path);
                runs.add(new NamedRun(run.name(), run.report()));
            }
            return runs;
        }
    }

    @Test
    void bundled_areThoseOfTheKeptRuns() throws IOException {
        assertThat(ExpectationFile.text(Expectations.bundled())).as("""
                renew it by: moelab expect docs/runs/repeats/* docs/runs/h200-gpt-oss-20b \
                -o app/src/main/resources/org/moelab/app/expectation/expectations.json""")
                .isEqualTo(ExpectationFile.text(Expectations.from(documented())));
    }

    @Test
    void file_isAsTheSchemaSays() throws IOException {
        assertThat(Documented.faults(ExpectationFile.text(Expectations.bundled()), "expectations.schema.json"))
                .isEmpty();
    }

    @Test
    void severalRuns_expected_isTheirMedianAndTheNoiseIsMeasured() throws IOException {
        List<NamedRun> runs = documented();
        LayerExpectation baseline = Expectations.bundled().workloads().getFirst().layers().getFirst();

        List<Double> tpot = runs.stream().map(r -> r.report().layers().getFirst().tpotMs().orElseThrow().p50()).sorted()
                .toList();
        assertThat(baseline.layer()).isEqualTo("baseline");
        assertThat(baseline.ttftMs().runs()).isEqualTo(runs.size());
        assertThat(baseline.tpotMs().orElseThrow().median()).isBetween(tpot.getFirst(), tpot.getLast())
                .isCloseTo((tpot.get((tpot.size() - 1) / 2) + tpot.get(tpot.size() / 2)) / 2, withPercentage(0.01));
        assertThat(baseline.tpotMs().orElseThrow().acrossRuns().orElseThrow()).isBetween(0.005, 0.015);
        LeastNoise least = Expectations.bundled().leastNoise();
        assertThat(least.assumed()).isFalse();
        assertThat(least.tpot().value()).isBetween(0.005, 0.02);
        assertThat(least.operation().value()).isBetween(0.004, 0.02);
        assertThat(Expectations.bundled().workloads().getFirst().layers().getLast().ttftMs().runs())
                .isEqualTo((int) runs.stream().filter(r -> r.report().layers().size() == 7).count());
    }

    @Test
    void oneRun_noiseAcrossRuns_isAnAssumptionAndMarked() {
        Expectations one = Expectations.from(List.of(new NamedRun("one", KeptRun.read().report())));

        assertThat(one.leastNoise().tpot().measured()).isFalse();
        assertThat(one.leastNoise().about()).contains("TPOT 2.0 % (assumed)");
        assertThat(one.workloads().getFirst().layers()).allMatch(l -> l.ttftMs().repeats().isPresent());
    }

    @Test
    void leastNoise_ofFiguresOneOfWhichWasDisturbed_isThatOfTheOthers() {
        List<Deviation> calm = List.of(new Deviation(0.009, 9), new Deviation(0.01, 9), new Deviation(0.011, 9));
        List<Deviation> disturbed = List.of(new Deviation(0.009, 9), new Deviation(0.01, 9), new Deviation(0.3, 9));

        LeastNoise least = LeastNoise.over(calm, disturbed, List.of(new Deviation(0.01, 1)), List.of());

        assertThat(least.ttft()).isEqualTo(least.tpot());
        assertThat(least.tpot().value()).isCloseTo(0.0104, within(1e-4)); // 0.01 over the median of such samples
        assertThat(least.operation()).as("two runs are too few").isEqualTo(new LeastNoise.Level(0.03, false, 1));
    }

    @Test
    void olderRun_ofOtherImplementations_tellsNothing() throws IOException {
        RunReport old = KeptRun.read().report();
        List<NamedRun> runs = documented();
        List<NamedRun> all = Stream.concat(Stream.of(new NamedRun("old", old)), runs.stream()).toList();

        LayerResult oldTop = old.layers().getLast();
        LayerResult top = runs.getLast().report().layers().getLast();
        LayerExpectation expected = Expectations.from(all).workloads().getFirst().layers().stream()
                .filter(l -> l.layer().equals(top.layer())).findFirst().orElseThrow();

        assertThat(oldTop.layer()).isEqualTo(top.layer());
        assertThat(oldTop.techniques()).isNotEqualTo(top.techniques());
        assertThat(expected.ttftMs().runs()).isEqualTo(Math.toIntExact(
                runs.stream().filter(r -> r.report().layers().getLast().techniques().equals(top.techniques()))
                        .count()));
    }

    @Test
    void order_ofTheDirectories_isOfNoAccount() throws IOException {
        assertThat(Expectations.from(documented().reversed())).isEqualTo(Expectations.from(documented()));
    }

    @Test
    void marks_ofALayer_holdItsMedian() {
        RunReport run = documentedRun();

        Marks marks = Expectations.bundled().of(run, "6").orElseThrow();

        Figure.Range tpot = marks.tpotMs().orElseThrow();
        assertThat(tpot.low()).isLessThan(tpot.median());
        assertThat(tpot.median()).isLessThan(tpot.high());
        assertThat(Expectations.bundled().of(run, "6 without fp8")).isEmpty();
    }

    private static RunReport documentedRun() {
        try {
            return documented().getLast().report();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void file_writtenAndRead_isTheSame() throws IOException {
        Path file = folder.resolve("expectations.json");
        Files.writeString(file, ExpectationFile.text(Expectations.bundled()));

        assertThat(ExpectationFile.read(file)).isEqualTo(Expectations.bundled());
    }

    @Test
    void file_ofANewerBuild_isRefused() throws IOException {
        Path file = folder.resolve("expectations.json");
        Files.writeString(file, ExpectationFile.text(Expectations.bundled()).replaceFirst("\"version\" : 1",
                "\"version\" : 2"));

        assertThatThrownBy(() -> ExpectationFile.read(file)).isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("a newer build wrote it");
    }

    @Test
    void file_damaged_isNamed() throws IOException {
        Path file = folder.resolve("expectations.json");
        for (String content : List.of("{", "[1]", "{\"version\": 1}", ExpectationFile.text(Expectations.bundled())
                .replaceFirst("\"median\" : [0-9.]+", "\"median\" : -1"),
                ExpectationFile.text(Expectations.bundled())
                        .replaceFirst("\"made_from\"", "\"made\""))) {
            Files.writeString(file, content);

            assertThatThrownBy(() -> ExpectationFile.read(file)).isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file.toString());
        }
    }
}
