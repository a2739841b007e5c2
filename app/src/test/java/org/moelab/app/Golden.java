package org.moelab.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.imageio.ImageIO;

/// Compares pictures with the ones kept beside the tests. Both are averaged over cells of a few pixels first, so that
/// another version of the system's font renderer passes, and a moved, missing or miscoloured part does not.
/// `-Dgolden.update=true` writes the kept pictures anew.
public final class Golden {
    private static final int CELL = 8;
    private static final int VISIBLE = 28;
    private static final double TOLERATED_SHARE = 0.004;

    private Golden() {
    }

    /// Fails where the picture visibly differs from the kept one; the new one is then found in `target/golden`.
    public static void check(BufferedImage picture, String name) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Path kept = Path.of("src", "test", "resources", "org", "moelab", "app", "golden", name + ".png");
            Files.createDirectories(kept.getParent());
            ImageIO.write(picture, "png", kept.toFile());
            return;
        }
        Path found = Path.of("target", "golden", name + ".png");
        Files.createDirectories(found.getParent());
        ImageIO.write(picture, "png", found.toFile());
        try (InputStream in = Golden.class.getResourceAsStream("golden/" + name + ".png")) {
            assertThat(in).as("kept picture " + name).isNotNull();
            BufferedImage kept = ImageIO.read(in);
            assertThat(picture.getWidth()).isEqualTo(kept.getWidth());
            assertThat(picture.getHeight()).isEqualTo(kept.getHeight());
            assertThat(shareThatDiffers(picture, kept))
                    .as("share of cells of " + found + " that differ from the kept picture")
                    .isLessThanOrEqualTo(TOLERATED_SHARE);
        }
    }

    private static double shareThatDiffers(BufferedImage a, BufferedImage b) {
        int cells = 0;
        int different = 0;
        for (int y = 0; y + CELL <= a.getHeight(); y += CELL) {
            for (int x = 0; x + CELL <= a.getWidth(); x += CELL) {
                cells++;
                if (distance(a, b, x, y) > VISIBLE) {
                    different++;
                }
            }
        }
        return (double) different / cells;
    }

    /// The largest difference of a channel's mean over the cell.
    private static int distance(BufferedImage a, BufferedImage b, int x, int y) {
        int largest = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int sum = 0;
            for (int dy = 0; dy < CELL; dy++) {
                for (int dx = 0; dx < CELL; dx++) {
                    sum += (a.getRGB(x + dx, y + dy) >> shift & 0xFF) - (b.getRGB(x + dx, y + dy) >> shift & 0xFF);
                }
            }
            largest = Math.max(largest, Math.abs(sum) / (CELL * CELL));
        }
        return largest;
    }
}
