package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Fp8TilesTest {
    @ParameterizedTest
    @CsvSource({ "16, 64, 1024", "1, 1, 1024", "17, 96, 4096", "48, 200, 12288" })
    void place_ofEachNumber_isItsOwnWithinTheBytes(int rows, int columns, int bytes) {
        Fp8Tiles tiles = new Fp8Tiles(rows, columns);
        BitSet taken = new BitSet();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                taken.set(Math.toIntExact(tiles.place(row, column)));
            }
        }
        assertThat(tiles.bytes()).isEqualTo(bytes);
        assertThat(taken.cardinality()).isEqualTo(rows * columns);
        assertThat(taken.length()).isLessThanOrEqualTo(bytes);
    }

    @Test
    void place_whereALaneReads_holdsEightColumnsOfEitherBlock() {
        Fp8Tiles tiles = new Fp8Tiles(32, 128);
        // lane 4g + t of the step, rows g then rows g + 8, as common/weight_tiles.cuh has it
        for (int g = 0; g < 8; g++) {
            for (int t = 0; t < 4; t++) {
                int lane = 4 * g + t;
                for (int i = 0; i < 8; i++) {
                    assertThat(tiles.place(g, 8 * t + i)).isEqualTo(16 * lane + i);
                    assertThat(tiles.place(g, 32 + 8 * t + i)).isEqualTo(16 * lane + 8 + i);
                    assertThat(tiles.place(g + 8, 8 * t + i)).isEqualTo(16 * (32 + lane) + i);
                    assertThat(tiles.place(g, 64 + 8 * t + i)).as("second step").isEqualTo(1024 + 16 * lane + i);
                    assertThat(tiles.place(g + 16, 8 * t + i)).as("second tile").isEqualTo(2048 + 16 * lane + i);
                }
            }
        }
    }

    @Test
    void tiles_ofATensorWithoutAFormInFp8_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fp8Tiles.of(WeightTensor.ROUTER, MoeConfig.tiny()))
                .withMessageContaining("ROUTER");
    }
}
