package org.moelab.app.expectation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.moelab.app.expectation.Expectations.Source;
import org.moelab.app.run.ExpectedSpeedup;
import org.moelab.app.run.KeptRun;
import org.moelab.app.run.RunPhase;
import org.moelab.app.run.StoredRun;

final class EarlierSpeedupsTest {
    private final StoredRun run = KeptRun.read();

    private List<ExpectedSpeedup> expected(Source... madeFrom) {
        Expectations learned = Expectations.from(List.of(new Learning.NamedRun("kept", run.report())));
        Expectations said = new Expectations(learned.version(), List.of(madeFrom), learned.leastNoise(),
                learned.workloads());
        return EarlierSpeedups.of(() -> said).of(run, RunPhase.DECODE);
    }

    private static Source source(String name, String started) {
        return new Source(name, Optional.of(started).filter(s -> !s.isEmpty()), Optional.empty(), Optional.empty());
    }

    @Test
    void of_runThatExpectationsWereMadeFrom_saysSo() {
        assertThat(run.report().started()).isPresent();
        assertThat(expected(source("kept", run.report().started().orElseThrow()))).isNotEmpty()
                .extracting(ExpectedSpeedup::source)
                .allSatisfy(said -> assertThat(said).endsWith("this one among them"));
    }

    @Test
    void of_otherRuns_saysHowManyAndOfWhichDays() {
        assertThat(expected(source("a", "2020-01-02T10:00:00Z"), source("b", "2999-01-03T10:00:00Z"))).isNotEmpty()
                .extracting(ExpectedSpeedup::source).containsOnly("1 run, 2020-01-02 to 2999-01-03");
    }

    @Test
    void of_runsWithoutAStart_saysHowMany() {
        assertThat(expected(source("a", ""))).isNotEmpty().extracting(ExpectedSpeedup::source).containsOnly("1 run");
    }
}
