package org.moelab.app.expectation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.moelab.app.expectation.Comparison.Verdict;
import org.moelab.app.expectation.Learning.NamedRun;
import org.moelab.app.run.RunPhase;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.RunReport.OperationCost;

final class CheckTest {
    private static RunReport kept;

    @BeforeAll
    static void readKeptRun() throws IOException {
        kept = ExpectationsTest.documented().getLast().report();
    }

    private static List<NamedRun> repeats() throws IOException {
        return ExpectationsTest.documented();
    }

    private static Check check(RunReport run) {
        return Check.of(run, Expectations.bundled());
    }

    private static String longest(RunPhase phase) {
        return phase.cost(kept.layers().getLast()).orElseThrow().operations().stream()
                .max(Comparator.comparingDouble((OperationCost o) -> o.timeUs().orElse(0.0))).orElseThrow().name();
    }

    @Test
    void keptRuns_againstTheirOwnExpectations_areWithinNoise() throws IOException {
        for (NamedRun run : repeats()) {
            Check check = check(run.report());

            assertThat(check.of(Verdict.REGRESSED)).as(run.name()).isEmpty();
            assertThat(check.comparisons()).as(run.name()).hasSizeGreaterThanOrEqualTo(14);
        }
    }

    @Test
    void keptRun_againstTheOthers_isWithinNoise() throws IOException {
        for (NamedRun left : repeats()) {
            Expectations others = Expectations.from(repeats().stream().filter(r -> !r.equals(left)).toList());

            assertThat(Check.of(left.report(), others).of(Verdict.REGRESSED)).as(left.name()).isEmpty();
        }
    }

    @Test
    void keptRun_againstAnyOtherOne_isWithinNoise() throws IOException {
        for (NamedRun one : repeats()) {
            for (NamedRun other : repeats()) {
                Check check = Check.of(one.report(), Expectations.from(List.of(other)));

                assertThat(check.of(Verdict.REGRESSED)).as(one.name() + " against " + other.name()).isEmpty();
            }
        }
    }

    @Test
    void shortOperation_slowerBeyondNoise_isListedAndFailsNothing() {
        String operation = "attention/rope of k";

        Check check = check(Plant.operation(kept, "baseline", RunPhase.DECODE, operation, 1.6));

        assertThat(check.of(Verdict.TOO_SMALL)).singleElement().satisfies(c -> {
            assertThat(c.operation()).isEqualTo(operation);
            assertThat(c.widths()).isGreaterThan(4);
            assertThat(c.ofWhole()).isBetween(0.0, Check.LEAST_SHARE);
        });
        assertThat(check.regressed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(RunPhase.class)
    void oneOperation_slowerBeyondNoise_isTheOneThatIsNamed(RunPhase phase) {
        String operation = longest(phase);

        Check check = check(Plant.operation(kept, "6", phase, operation, 1.3));

        assertThat(check.regressed()).isTrue();
        assertThat(check.of(Verdict.REGRESSED)).filteredOn(c -> !c.isWhole()).singleElement().satisfies(c -> {
            assertThat(c.layer()).isEqualTo("6");
            assertThat(c.phase()).isEqualTo(phase);
            assertThat(c.operation()).isEqualTo(operation);
            assertThat(c.relative()).isBetween(0.2, 0.4);
        });
        assertThat(check.of(Verdict.IMPROVED)).isEmpty();
    }

    @Test
    void slowerOperation_ofASlowerWhole_explainsIt() {
        Check check = check(Plant.operation(kept, "6", RunPhase.DECODE, longest(RunPhase.DECODE), 1.5));

        List<Comparison> slower = check.of(Verdict.REGRESSED);
        assertThat(slower).extracting(Comparison::subject).containsExactlyInAnyOrder("TPOT", longest(RunPhase.DECODE));
        assertThat(slower.stream().filter(c -> !c.isWhole()).findFirst().orElseThrow().explains().orElseThrow())
                .isBetween(0.9, 1.1);
    }

    @Test
    void operation_slowerWithinNoise_passes() {
        assertThat(check(Plant.operation(kept, "6", RunPhase.DECODE, longest(RunPhase.DECODE), 1.02)).regressed())
                .isFalse();
    }

    @Test
    void operation_faster_isAnImprovementAndPasses() {
        Check check = check(Plant.operation(kept, "6", RunPhase.DECODE, longest(RunPhase.DECODE), 0.7));

        assertThat(check.regressed()).isFalse();
        assertThat(check.of(Verdict.IMPROVED)).extracting(Comparison::operation).contains(longest(RunPhase.DECODE));
    }

    @Test
    void unchangedRuns_withNoiseAsSupposed_failRarely() {
        Random random = new Random(7);
        Expectations expectations = Expectations.from(List.of(new NamedRun("kept", kept)));
        LeastNoise least = expectations.leastNoise();
        int alarms = 0;
        for (int run = 0; run < 200; run++) {
            RunReport noisy = Plant.layers(kept, l -> noisy(l, least, random));
            alarms += Check.of(noisy, expectations).regressed() ? 1 : 0;
        }

        // a chance of one per cent gives more than seven of 200 in one case of a thousand
        assertThat(alarms).isLessThanOrEqualTo(7);
    }

    /// Both the expected and the measured vary, so that their difference does by the root of two.
    private static LayerResult noisy(LayerResult layer, LeastNoise least, Random random) {
        double scale = Math.sqrt(2);
        return Plant.scaled(layer, (phase, operation) -> Learning.timeUs(layer, phase, operation)
                .map(us -> Math.exp(scale * random.nextGaussian()
                        * Math.hypot(least.operation().value(), least.operationUs().value() / us)))
                .orElse(1.0),
                phase -> phase.timeMs(layer).map(t -> t.p50() * (Math.exp(scale * random.nextGaussian()
                        * (phase == RunPhase.PREFILL ? least.ttft() : least.tpot()).value()) - 1)).orElse(0.0));
    }

    @Test
    void layer_thatFailed_isARegression() {
        Check check = check(Plant.failed(kept, "5"));

        assertThat(check.regressed()).isTrue();
        assertThat(check.failures()).singleElement().satisfies(f -> assertThat(f.layer()).isEqualTo("5"));
    }

    @Test
    void layer_thatARunBrokeOffBefore_isARegression() {
        RunReport cut = new RunReport(kept.version(), false, kept.started(), kept.finished(), kept.asked(),
                kept.machine(), kept.versions(), kept.model(), kept.loadSeconds(), kept.startToFirstTokenSeconds(),
                kept.ceilings(), kept.layers().subList(0, 6), kept.expertLoads(), kept.tuning(), List.of(),
                kept.notes());
        Check check = Check.of(cut, Expectations.bundled());
        assertThat(check.regressed()).isTrue();
        assertThat(check.failures()).singleElement().satisfies(f -> {
            assertThat(f.layer()).isEqualTo("6");
            assertThat(f.reason()).contains("did not come to its end");
        });
        assertThat(check.notes()).noneMatch(note -> note.contains("expected, and not in the run"));
        assertThat(Check.of(cut.as(true, "2026-01-31T12:00:00Z"), Expectations.bundled()).regressed()).isFalse();
    }

    @Test
    void layers_notInTheRun_areNoted() {
        Check check = check(Plant.with(kept, List.of(kept.layers().getLast()), List.of()));

        assertThat(check.regressed()).isFalse();
        assertThat(check.notes()).singleElement().asString().contains("the baseline, layer 1")
                .contains("not in the run");
    }

    @Test
    void operations_notCaptured_areNotedAndTheWholeIsCompared() {
        RunReport without = Plant.layers(kept, l -> new LayerResult(l.layer(), l.techniques(), l.promptStep(),
                l.ttftMs(), l.tpotMs(), l.interTokenMs(), l.prefillTokensPerSecond(), l.decodeTokensPerSecond(),
                l.energyJoules(), l.check(), Optional.empty(), Optional.empty(), l.memory(),
                l.timeline()));

        Check check = check(without);

        assertThat(check.comparisons()).hasSize(14).allMatch(Comparison::isWhole);
        assertThat(check.notes()).hasSize(14).allMatch(n -> n.contains("not captured"));
    }

    @Test
    void anotherWorkload_cannotBeCompared() {
        RunReport.Asked a = kept.asked();
        RunReport other = new RunReport(kept.version(), true, kept.started(), kept.finished(),
                new RunReport.Asked(a.model(), a.layers(), 8, a.prompt(), a.generate(), a.repeats(), a.device(),
                        a.profile()),
                kept.machine(), kept.versions(), kept.model(), 1, kept.startToFirstTokenSeconds(), kept.ceilings(),
                kept.layers(), kept.expertLoads(), kept.tuning(), kept.failures(), kept.notes());

        assertThat(Check.obstacle(other, Expectations.bundled()).orElseThrow()).contains("batch 8").contains("batch 1");
        assertThat(Check.obstacle(kept, Expectations.bundled())).isEmpty();
    }

    @Test
    void json_isAsTheSchemaSays() throws IOException {
        Check check = check(Plant.failed(Plant.operation(kept, "6", RunPhase.DECODE, longest(RunPhase.DECODE), 1.5),
                "5"));

        assertThat(Documented.faults(CheckJson.of(check, "run", "bundled", TargetStanding.of(kept)).toString(),
                "check.schema.json")).isEmpty();
    }
}
