package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.moelab.gpu.model.MoeConfig;

class CacheLayoutTest {
    private static final MoeConfig CONFIG = MoeConfig.gptOss20b();

    @ParameterizedTest
    @EnumSource
    void arrays_ofAllLayers_lieBesideEachOtherWithinTheWhole(CacheForm form) {
        CacheLayout layout = CacheLayout.of(CONFIG, form, 64);
        long numbers = 64L * CONFIG.kvWidth() * form.bytes();
        long scales = 64L * CONFIG.kvHeads() * form.scaleBytes();
        List<Long> sizes = scales > 0 ? List.of(numbers, numbers, scales) : List.of(numbers, numbers);

        assertThat(layout.offsets()).hasSize(CONFIG.layers()).allMatch(arrays -> arrays.size() == sizes.size());
        List<Long> begins = layout.offsets().stream().flatMap(List::stream).sorted().toList();
        List<Long> ends = layout.offsets().stream()
                .flatMap(arrays -> Stream.iterate(0, i -> i < arrays.size(), i -> i + 1)
                        .map(i -> arrays.get(i) + sizes.get(i)))
                .sorted().toList();
        assertThat(begins.getFirst()).isZero();
        assertThat(begins).allMatch(begin -> begin % 256 == 0);
        for (int i = 1; i < begins.size(); i++) {
            assertThat(ends.get(i - 1)).isLessThanOrEqualTo(begins.get(i));
        }
        assertThat(layout.bytes()).isEqualTo(ends.getLast()).isEqualTo(64L * CONFIG.layers() * form.tokenBytes(CONFIG));
    }

    @Test
    void layersThatLookBackOnEverything_comeFirst() {
        CacheLayout layout = CacheLayout.of(CONFIG, CacheForm.BF16, 64);
        long half = layout.bytes() / 2;
        for (int l = 0; l < CONFIG.layers(); l++) {
            boolean sliding = CONFIG.sliding().get(l);
            assertThat(layout.offsets().get(l)).as("layer %d", l).allMatch(begin -> begin >= half == sliding);
        }
    }

    @Test
    void addresses_ofALayer_areItsOffsetsFromTheBeginning() {
        CacheLayout layout = CacheLayout.of(CONFIG, CacheForm.FP8, 64);
        assertThat(LongStream.of(layout.addresses(1 << 20, 3)).map(address -> address - (1 << 20)).boxed())
                .isEqualTo(layout.offsets().get(3)).hasSize(3);
    }
}
