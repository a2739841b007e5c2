package org.moelab.gpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.moelab.gpu.engine.CpuEngine;
import org.moelab.gpu.engine.CpuWeights;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.RopeScaling;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenTimerTest {
    private static final CpuEngine ENGINE = new CpuEngine(CpuWeights.of(new RandomWeights(
            new MoeConfig(1, 3, 2, 32, 32, 40, 4, 2, 8, 4, List.of(true), 64, 1e-5f, 7f,
                    new RopeScaling(10_000, 1, 64, 32, 1, false), List.of()),
            "small", 5)));
    private static final Measurement MEASURED = new Measurement(new Workload(8, 100, 3, 1, 2),
            Spread.of(List.of(20.0, 20.0)), Optional.of(Spread.of(List.of(4.0, 4.0))),
            Optional.of(Spread.of(List.of(3.0, 5.0, 3.0, 5.0))), Optional.empty());
    private static final Measurement PREFILL_ONLY = new Measurement(new Workload(1, 100, 1, 0, 1),
            Spread.of(List.of(20.0)), Optional.empty(), Optional.empty(), Optional.empty());

    @Test
    void measure_aWorkload_countsItsRunsAndSteps() {
        Measurement measured = TokenTimer.measure(ENGINE, new Workload(2, 5, 4, 1, 3));
        assertThat(measured.ttftMs().count()).isEqualTo(3);
        assertThat(measured.tpotMs().orElseThrow().count()).isEqualTo(3);
        assertThat(measured.interTokenMs().orElseThrow().count()).isEqualTo(9);
        assertThat(measured.ttftMs().min()).isPositive();
    }

    @Test
    void measure_oneNewToken_hasNoDecodeFigures() {
        Measurement measured = TokenTimer.measure(ENGINE, new Workload(1, 5, 1, 0, 1));
        assertThat(measured.tpotMs()).isEmpty();
        assertThat(measured.interTokenMs()).isEmpty();
        assertThat(measured.decodeTokensPerSecond()).isEmpty();
    }

    @Test
    void measure_moreThanTheContext_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TokenTimer.measure(ENGINE, new Workload(1, 60, 5, 0, 1)))
                .withMessageContaining("65 tokens").withMessageContaining("64");
    }

    @Test
    void tokensPerSecond_ofABatch_countAllItsTokens() {
        assertThat(MEASURED.prefillTokensPerSecond()).isCloseTo(40_000, within(40.0));
        assertThat(MEASURED.decodeTokensPerSecond().orElseThrow()).isCloseTo(2_000, within(2.0));
    }

    @Test
    void spread_ofManyTimes_givesTheirPercentilesClosely() {
        Spread spread = Spread.of(IntStream.rangeClosed(1, 1000).mapToObj(i -> i / 10.0).toList());
        assertThat(spread.count()).isEqualTo(1000);
        assertThat(spread.p50()).isCloseTo(50, within(0.05));
        assertThat(spread.p90()).isCloseTo(90, within(0.09));
        assertThat(spread.p99()).isCloseTo(99, within(0.099));
        assertThat(spread.min()).isCloseTo(0.1, within(1e-4));
        assertThat(spread.max()).isCloseTo(100, within(0.1));
        assertThat(spread.mean()).isCloseTo(50.05, within(0.05));
    }

    @Test
    void prompts_ofAWorkload_areTheSameEachTimeAndInTheVocabulary() {
        Workload workload = new Workload(3, 50, 1, 0, 1);
        int[][] prompts = workload.prompts(40);
        assertThat(prompts).hasDimensions(3, 50).isDeepEqualTo(workload.prompts(40));
        assertThat(IntStream.of(prompts[2])).allMatch(token -> token >= 0 && token < 40);
        assertThat(prompts[0]).isNotEqualTo(prompts[1]);
    }

    @Test
    void promptStep_ofALargeBatch_feedsPromptsInPieces() {
        assertThat(new Workload(1, 2048, 1, 0, 1).promptStep()).isEqualTo(2048);
        assertThat(new Workload(128, 2048, 1, 0, 1).promptStep()).isEqualTo(128);
        assertThat(new Workload(20_000, 4, 1, 0, 1).promptStep()).isEqualTo(1);
    }

    @Test
    void csv_ofMeasurements_hasACellForEachColumn() {
        List<String> lines = new BenchCsv().render(rows()).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("model,device,layer,batch,prefill,decode");
        assertThat(lines).allSatisfy(line -> assertThat(line.chars().filter(c -> c == ',').count()).isEqualTo(17));
        assertThat(lines.get(1)).startsWith("m,\"d \"\"x\"\"\",2,8,100,3,2,");
        assertThat(lines.get(2)).endsWith(",,,,,,");
    }

    @Test
    void json_ofMeasurements_leavesOutWhatWasNotMeasured() {
        JsonNode json = JsonMapper.shared().readTree(new BenchJson().render(rows()));
        assertThat(json.get(0).path("inter_token_ms").path("count").asInt()).isEqualTo(4);
        assertThat(json.get(0).path("decode_tokens_per_second").asDouble()).isCloseTo(2_000, within(2.0));
        assertThat(json.get(1).has("tpot_ms")).isFalse();
        assertThat(json.get(1).has("decode_tokens_per_second")).isFalse();
    }

    @Test
    void table_ofMeasurements_hasALineForEach() {
        List<String> lines = new BenchTable().render(rows()).lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).contains("39,998.5").endsWith("5.000");
        assertThat(lines.get(3)).endsWith("–");
    }

    private static List<BenchRow> rows() {
        return List.of(new BenchRow("m", "d \"x\"", "2", MEASURED), new BenchRow("m", "d", "baseline", PREFILL_ONLY));
    }
}
