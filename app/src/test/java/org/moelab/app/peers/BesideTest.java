package org.moelab.app.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.moelab.app.peers.PeerSetup.Stated;

final class BesideTest {
    private static final OwnResult OURS = new OwnResult("run, layer 6", "gpt-oss-20b", "NVIDIA H200", 1, 512, 128,
            "MXFP4", "BF16", 20000, Optional.of(500.0), 25.6, Optional.of(2.0));

    private static List<Beside> beside(String file, int index, Stated stated) {
        return Beside.of(PeerFilesTest.read(file).get(index).completed(stated), OURS);
    }

    @Test
    void alike_ratio_isHowOftenAsFastOursIs() {
        assertThat(beside("llama-bench.jsonl", 0, Stated.NOTHING)).extracting(Beside::measure, Beside::ratio)
                .containsExactly(tuple("prefill", Optional.of(2.0)),
                        tuple("TTFT", Optional.of(2.0)));
        assertThat(beside("llama-bench.jsonl", 1, Stated.NOTHING)).extracting(Beside::measure)
                .containsExactly("decode, a sequence", "decode, in all", "TPOT");
        assertThat(beside("llama-bench.jsonl", 1, Stated.NOTHING)).allMatch(b -> b.ratio().equals(Optional.of(2.0)));
    }

    @Test
    void contextThatDiffers_hasNoRatioAndIsNamed() {
        assertThat(beside("llama-bench.jsonl", 2, Stated.NOTHING))
                .allMatch(b -> b.ratio().isEmpty() && b.differs().equals(List.of("context 0, ours 512")));
    }

    @Test
    void notTold_hasNoRatioUntilItIsStated() {
        assertThat(beside("vllm-serve.json", 0, Stated.NOTHING)).isNotEmpty().allMatch(
                b -> b.ratio().isEmpty() && b.differs().equals(List.of("GPU not told", "precision not told")));

        List<Beside> stated = beside("vllm-serve.json", 0,
                new Stated(Optional.empty(), Optional.of("H200"), Optional.of("mxfp4")));
        assertThat(stated).allMatch(b -> b.ratio().isPresent())
                .allMatch(b -> b.remarks().contains("theirs is a server's, with queueing and scheduling"));
    }

    @Test
    void whatAFileTells_isNotOverruled() {
        assertThat(beside("llama-bench.jsonl", 0,
                new Stated(Optional.of("other"), Optional.of("other"), Optional.of("BF16"))))
                .allMatch(b -> b.ratio().isPresent());
    }

    @Test
    void batch_thatDiffers_isNamed() {
        assertThat(beside("llama-batched-bench.jsonl", 0,
                new Stated(Optional.of("gpt-oss-20b"), Optional.of("NVIDIA H200"), Optional.of("MXFP4"))))
                .allMatch(b -> b.differs().equals(List.of("batch 8, ours 1")));
    }

    @ParameterizedTest
    @CsvSource({ "openai/gpt-oss-20b, true", "gpt-oss 20B, true", "gpt_oss-20b-mxfp4, true", "gpt-oss-120b, false",
            "gpt-oss-20, false" })
    void model_isTheSame_howeverItIsWritten(String theirs, boolean same) {
        List<Beside> rows = beside("llama-batched-bench.jsonl", 0,
                new Stated(Optional.of(theirs), Optional.of("NVIDIA H200"), Optional.of("MXFP4")));

        assertThat(rows).isNotEmpty().allMatch(
                b -> b.differs().stream().noneMatch(d -> d.startsWith("model")) == same);
    }

    @ParameterizedTest
    @CsvSource({ "NVIDIA H200, true", "H200, true", "NVIDIA H200 NVL, false", "NVIDIA H100, false" })
    void gpu_isTheSame_byItsWholeName(String theirs, boolean same) {
        assertThat(beside("llama-batched-bench.jsonl", 0,
                new Stated(Optional.empty(), Optional.of(theirs), Optional.empty()))).isNotEmpty().allMatch(
                        b -> b.differs().stream().noneMatch(d -> d.startsWith("GPU")) == same);
    }
}
