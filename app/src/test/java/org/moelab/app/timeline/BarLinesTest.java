package org.moelab.app.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.app.timeline.TimelineColors.Swatch;

/// Bars, pixel by pixel, against rectangles drawn one after the other.
class BarLinesTest {
    private static final int WIDTH = 60;
    private static final int HEIGHT = 24;
    private static final int GROUND = 0xFF000001;
    private static final int LEFT = 7;
    private static final int TOP = 3;

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
    void paint_anyEvents_showsWhatSingleRectanglesShow(long seed) {
        Random random = new Random(seed);
        BarLines lines = new BarLines(WIDTH);
        for (int round = 0; round < 50; round++) {
            int bottom = TOP + 2 + random.nextInt(HEIGHT - TOP - 2);
            PixelCanvas painted = canvas();
            PixelCanvas events = canvas();
            PixelCanvas folds = new PixelCanvas(new int[WIDTH * HEIGHT], WIDTH, HEIGHT);
            lines.over(ground(), bottom);
            for (int i = random.nextInt(12); i > 0; i--) {
                int left = LEFT + random.nextInt(WIDTH);
                int right = left + 1 + random.nextInt(8);
                int fill = 0xFF000000 | random.nextInt(1 << 24);
                if (random.nextBoolean()) {
                    lines.fill(left, right, new Swatch(fill, ~fill, 0));
                    events.fill(left, TOP, right, bottom, fill);
                    int end = Math.min(WIDTH, right);
                    events.fill(end - 1, TOP, end - left >= 3 ? end : end - 1, bottom, ~fill);
                } else {
                    int height = random.nextInt(bottom - TOP + 1);
                    lines.fold(left, right, height, fill);
                    folds.fill(left, TOP, right, bottom, 0);
                    folds.fill(left, bottom - Math.max(1, height), right, bottom, fill);
                }
            }
            lines.paint(painted, LEFT, TOP);
            int[] expected = events.pixels();
            Arrays.setAll(expected, i -> folds.pixels()[i] == 0 ? expected[i] : folds.pixels()[i]);
            assertThat(painted.pixels()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = { 1, 2, 3, 7 })
    void line_drawnInStrips_isTheLineDrawnAtOnce(int strips) {
        Random random = new Random(strips);
        PixelCanvas whole = canvas();
        PixelCanvas cut = canvas();
        for (int i = 0; i < 300; i++) {
            double x0 = random.nextDouble(-10, WIDTH + 10);
            double y0 = random.nextDouble(-10, HEIGHT + 10);
            double x1 = random.nextInt(4) == 0 ? x0 : random.nextDouble(-10, WIDTH + 10);
            double y1 = random.nextInt(4) == 0 ? y0 : random.nextDouble(-10, HEIGHT + 10);
            double thickness = random.nextDouble(1, 4);
            int argb = 0xFF000000 | random.nextInt(1 << 24);
            whole.line(x0, y0, x1, y1, thickness, argb);
            for (int strip = 0; strip < strips; strip++) {
                cut.within(HEIGHT * strip / strips, HEIGHT * (strip + 1) / strips).line(x0, y0, x1, y1, thickness,
                        argb);
            }
        }
        assertThat(cut.pixels()).isEqualTo(whole.pixels());
    }

    private static PixelCanvas canvas() {
        int[] pixels = new int[WIDTH * HEIGHT];
        Arrays.fill(pixels, GROUND);
        return new PixelCanvas(pixels, WIDTH, HEIGHT);
    }

    private static int[] ground() {
        int[] ground = new int[WIDTH];
        Arrays.fill(ground, GROUND);
        return ground;
    }
}
