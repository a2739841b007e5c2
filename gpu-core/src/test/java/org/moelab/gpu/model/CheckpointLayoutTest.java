package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointLayoutTest {
    /// The published figures: 20.91 and 116.83 billion parameters (gpt-oss model card, table 1), in 13.76 and 65.25 GB.
    @ParameterizedTest
    @EnumSource
    void tensors_publishedModels_haveThePublishedSizes(CheckpointLayout layout) {
        assertThat(parameters(layout, MoeConfig.gptOss20b()) / 1e9).isCloseTo(20.91, Offset.offset(0.005));
        assertThat(parameters(layout, MoeConfig.gptOss120b()) / 1e9).isCloseTo(116.83, Offset.offset(0.005));
        assertThat(bytes(layout, MoeConfig.gptOss20b()) / 1e9).isCloseTo(13.76, Offset.offset(0.005));
        assertThat(bytes(layout, MoeConfig.gptOss120b()) / 1e9).isCloseTo(65.25, Offset.offset(0.005));
    }

    @ParameterizedTest
    @EnumSource
    void tensors_anyModel_haveNamesOfTheirOwn(CheckpointLayout layout) {
        List<TensorSpec> tensors = layout.tensors(MoeConfig.tiny());

        assertThat(tensors).extracting(TensorSpec::name).doesNotHaveDuplicates().contains(layout.marker());
    }

    /// A packed byte holds two parameters; scales are not counted.
    private static double parameters(CheckpointLayout layout, MoeConfig config) {
        return layout.tensors(config).stream()
                .mapToDouble(spec -> !spec.packed()
                        ? Tensor.elements(spec.shape())
                        : spec.name().endsWith("blocks") ? 2.0 * Tensor.elements(spec.shape()) : 0)
                .sum();
    }

    private static double bytes(CheckpointLayout layout, MoeConfig config) {
        return layout.tensors(config).stream().mapToDouble(TensorSpec::bytes).sum();
    }
}
