package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.moelab.app.cli.CommandLineInterface.FAILED;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.technique.Catalogue;

final class LayerOptionsTest {
    private static final Catalogue CATALOGUE = Catalogue.load();

    @ParameterizedTest
    @ValueSource(strings = { "baseline", "4", "6 with fp8-kv", "6 without fp8,mxfp4", "6 with fp8-kv without dsmem",
            "baseline only fused-attention" })
    void layer_ofAName_isTheOneThatItsArgumentsAskFor(String name) throws CommandFailure {
        LayerOptions.Rung rung = LayerOptions.named(CATALOGUE, List.of(name)).getFirst();
        assertThat(rung.name()).isEqualTo(name);

        List<Object> arguments = new ArrayList<>(List.of("run", "--model", "tiny", "--device", "cpu", "--prompt",
                "100000000"));
        arguments.addAll(LayerOptions.arguments(name));
        Run run = Run.of(arguments.toArray());

        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.err()).satisfiesAnyOf(err -> assertThat(err).endsWith("left out: " + name + "\n"),
                err -> assertThat(err).contains("do not fit").doesNotContain("left out"));
    }

    @Test
    void techniques_ofAName_areThoseOfTheLayerWithWhatWasChanged() throws CommandFailure {
        Set<String> top = CATALOGUE.upTo(CATALOGUE.top());
        assertThat(LayerOptions.named(CATALOGUE, List.of("6")).getFirst().techniques()).isEqualTo(top);
        assertThat(LayerOptions.named(CATALOGUE, List.of("6 with fp8-kv without dsmem")).getFirst().techniques())
                .contains("fp8-kv").doesNotContain("dsmem").hasSize(top.size());
        assertThat(LayerOptions.named(CATALOGUE, List.of("baseline only fused-attention")).getFirst().techniques())
                .containsExactly("fused-attention");
    }

    @ParameterizedTest
    @ValueSource(strings = { "9", "6 with warp-speed", "" })
    void name_thatThisBuildDoesNotKnow_isRefused(String name) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> LayerOptions.named(CATALOGUE, List.of(name))).withMessageContaining("this build");
    }

    @Test
    void profiled_withoutAGpu_saysSoInOneLine() {
        Run run = Run.of("profiled", "--model", "tiny", "--layers", "6", "--prompt", "4", "--generate", "2",
                "--first-layers", "2", "--with-warm-up");
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.errLines()).singleElement().asString().contains("CUDA");
    }
}
