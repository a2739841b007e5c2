package org.moelab.app.theme;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FontsTest {
    @ParameterizedTest
    @EnumSource(Fonts.Face.class)
    void of_everyFace_isTheBundledFontAtTheSizeAskedFor(Fonts.Face face) {
        Font font = Fonts.of(face, 12.5);

        assertThat(font.getFamily()).isIn(Fonts.TEXT_FAMILY, Fonts.FIGURES_FAMILY);
        assertThat(font.getSize2D()).isEqualTo(12.5f);
    }

    @Test
    void text_signsOfUnitsAndCaptions_haveGlyphs() {
        assertThat(Fonts.text(12).canDisplayUpTo("µs · × – … ≥ Δ")).isEqualTo(-1);
        assertThat(Fonts.figures(12).canDisplayUpTo("µs · × – → ▸")).isEqualTo(-1);
    }
}
