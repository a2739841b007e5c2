package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.bench.BesideRow.Work;
import org.moelab.gpu.bench.Prefills.Piece;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BesideTimerTest {
    private static final CpuEngine ENGINE = new CpuEngine(CpuWeights.of(new RandomWeights(
            new MoeConfig(1, 3, 2, 32, 32, 40, 4, 2, 8, 4, List.of(true), 64, 1e-5f, 7f,
                    new RopeScaling(10_000, 1, 64, 32, 1, false), List.of()),
            "small", 5)));
    private static final Workload WORKLOAD = new Workload(2, 9, 5, 1, 2);

    @ParameterizedTest
    @ValueSource(booleans = { false, true })
    void measure_decodeAndPrefill_givesEachAloneAndBoth(boolean alone) {
        List<BesideRow> rows = BesideTimer.measure(ENGINE, "m", "4", WORKLOAD, new Turns(alone));
        assertThat(rows).extracting(BesideRow::work).containsExactly(Work.DECODE, Work.PREFILL, Work.BOTH);
        assertThat(rows.get(0).decodeTokensPerSecond().orElseThrow()).isPositive();
        assertThat(rows.get(0).prefillTokensPerSecond()).isEmpty();
        assertThat(rows.get(1).decodeTokensPerSecond()).isEmpty();
        assertThat(rows.get(1).prefillTokensPerSecond().orElseThrow()).isPositive();
        assertThat(rows.get(2).decodeTokensPerSecond().orElseThrow()).isPositive();
        assertThat(rows.get(2).prefillTokensPerSecond()).isPresent();
    }

    @Test
    void measure_withoutADecodeStep_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(
                () -> BesideTimer.measure(ENGINE, "m", "4", new Workload(1, 9, 1, 0, 1), new Turns(false)))
                .withMessageContaining("at least 2");
    }

    @Test
    void measure_moreThanTheContext_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(
                () -> BesideTimer.measure(ENGINE, "m", "4", new Workload(1, 60, 5, 0, 1), new Turns(false)))
                .withMessageContaining("65 tokens");
    }

    @Test
    void tokens_ofAPiece_countByItsShareOfATime() {
        Piece piece = new Piece(100, 20, 40);
        assertThat(piece.tokensWithin(0, 100)).isEqualTo(100);
        assertThat(piece.tokensWithin(30, 100)).isEqualTo(50);
        assertThat(piece.tokensWithin(0, 25)).isEqualTo(25);
        assertThat(piece.tokensWithin(25, 30)).isEqualTo(25);
        assertThat(piece.tokensWithin(40, 50)).isZero();
        assertThat(piece.tokensWithin(0, 10)).isZero();
    }

    @Test
    void formats_ofRows_holdWhatWasMeasuredAndNoMore() {
        List<BesideRow> rows = List.of(
                new BesideRow("m", "d", "4", Work.PREFILL, WORKLOAD, OptionalDouble.empty(),
                        OptionalDouble.of(1500.25)),
                new BesideRow("m", "d", "4", Work.DECODE_FIRST, WORKLOAD, OptionalDouble.of(10),
                        OptionalDouble.of(20)));
        List<String> table = BesideFormat.TABLE.render(rows).lines().toList();
        assertThat(table).hasSize(4);
        assertThat(table.get(2)).contains("–").endsWith("1,500.3");
        assertThat(table.get(3)).contains("both, decode first");
        List<String> csv = BesideFormat.CSV.render(rows).lines().toList();
        assertThat(csv).hasSize(3);
        assertThat(csv.get(1)).isEqualTo("m,d,4,2,9,5,2,prefill,,1500.25");
        assertThat(csv.get(2)).isEqualTo("m,d,4,2,9,5,2,\"both, decode first\",10.0,20.0");
        JsonNode json = JsonMapper.shared().readTree(BesideFormat.JSON.render(rows));
        assertThat(json.get(0).has("decode_tokens_per_second")).isFalse();
        assertThat(json.get(0).path("prefill_tokens_per_second").asDouble()).isCloseTo(1500.25, within(1e-9));
        assertThat(json.get(1).path("work").asString()).isEqualTo("both, decode first");
    }
}
