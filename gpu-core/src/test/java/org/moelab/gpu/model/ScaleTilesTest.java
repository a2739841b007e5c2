package org.moelab.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTilesTest {
    @Test
    void place_ofARowsScales_isInItsLanesWordOfThePiece() {
        ScaleTiles tiles = new ScaleTiles(300, 512, 16);

        // lane 5 of a copy takes bytes 80 to 95: rows 5, 37, 69 and 101, four scales each
        assertThat(tiles.place(5, 0)).isEqualTo(80);
        assertThat(tiles.place(37, 2)).isEqualTo(86);
        assertThat(tiles.place(101, 3)).isEqualTo(95);
        assertThat(tiles.place(5, 4)).isEqualTo(512 + 80);
        assertThat(tiles.place(128 + 5, 0)).isEqualTo(8 * 512 + 80);
    }

    @ParameterizedTest
    @CsvSource({ "1, 32, 32", "128, 256, 16", "130, 288, 32", "2880, 2880, 16" })
    void place_ofEveryScale_isAByteOfItsOwn(int rows, int columns, int block) {
        ScaleTiles tiles = new ScaleTiles(rows, columns, block);
        BitSet taken = new BitSet();
        for (int row = 0; row < tiles.paddedRows(); row++) {
            for (int scale = 0; scale < tiles.scalesOfRow(); scale++) {
                taken.set(Math.toIntExact(tiles.place(row, scale)));
            }
        }
        assertThat(taken.cardinality()).isEqualTo(Math.toIntExact(tiles.bytes())).isEqualTo(taken.length());
    }

    @Test
    void tiled_ofRows_leavesZerosBeyondThem() {
        byte[] tiled = new ScaleTiles(2, 64, 32).tiled(new byte[] { 1, 2, 3, 4 });

        assertThat(tiled).hasSize(1024).startsWith(1, 2, 0, 0);
        assertThat(new byte[] { tiled[16], tiled[17], tiled[4], tiled[512] }).containsExactly(3, 4, 0, 0);
    }

    @Test
    void of_blocksThatDoNotFill_isRefused() {
        assertThatThrownBy(() -> new ScaleTiles(1, 24, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScaleTiles(1, 64, 64)).isInstanceOf(IllegalArgumentException.class);
    }
}
