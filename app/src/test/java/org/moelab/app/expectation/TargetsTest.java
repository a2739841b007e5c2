package org.moelab.app.expectation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.moelab.app.run.KeptRun;

final class TargetsTest {
    @Test
    void targets_ofTheModel_sayThatTheyWereNotMeasured() {
        assertThat(Targets.of("NVIDIA H200", "gpt-oss-20b")).isNotEmpty()
                .allMatch(t -> t.source().contains("not measured"));
        assertThat(Targets.of("NVIDIA H200", "tiny")).isEmpty();
    }

    @Test
    void figures_inWords_areThosePublished() {
        assertThat(Targets.of("NVIDIA B200", "gpt-oss-20b")).extracting(Target::figures)
                .containsExactly("500 to 2000+ tok/s, 4 ×", "5 to 7 ×");
    }

    @Test
    void gpu_ofATarget_isAWordOfTheDevicesName() {
        Target target = Targets.bundled().targets().getFirst();

        assertThat(target.isOf("NVIDIA B200")).isTrue();
        assertThat(target.isOf("NVIDIA GB200")).isFalse();
        assertThat(target.isOf("NVIDIA H200")).isFalse();
    }

    @Test
    void standing_onAnotherGpu_hasNoRatio() {
        assertThat(TargetStanding.of(KeptRun.read().report())).isNotEmpty()
                .allMatch(s -> s.own().isPresent() && s.ratio().isEmpty());
    }
}
