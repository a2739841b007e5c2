package org.moelab.app.timeline;

import java.nio.IntBuffer;
import java.util.Optional;

import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import org.moelab.app.theme.Palette;

/// Pixels on the screen, as many as the screen has. Two pictures take turns, so that one is painted while the other is
/// still being shown.
final class FrameImage {
    private final ImageView node = new ImageView();
    private Optional<Painter> painter = Optional.empty();
    private Optional<Picture> shown = Optional.empty();
    private Optional<Picture> spare = Optional.empty();

    private record Painter(Palette palette, double scale, PixelPainter painter) {}

    @SuppressWarnings("ArrayRecordComponent") // the picture's own pixels, never compared
    private record Picture(int[] pixels, PixelBuffer<IntBuffer> buffer, WritableImage image) {
        static Picture of(int width, int height) {
            int[] pixels = new int[width * height];
            PixelBuffer<IntBuffer> buffer = new PixelBuffer<>(width, height, IntBuffer.wrap(pixels),
                    PixelFormat.getIntArgbPreInstance());
            return new Picture(pixels, buffer, new WritableImage(buffer));
        }

        boolean fits(int width, int height) {
            return buffer.getWidth() == width && buffer.getHeight() == height;
        }
    }

    FrameImage() {
        node.setSmooth(false);
        node.setMouseTransparent(true);
    }

    /// What shows the pixels.
    ImageView node() {
        return node;
    }

    /// Paints a frame and shows it.
    ///
    /// @param scale pixels of the screen for each logical one
    void paint(TimelineFrame frame, Palette palette, double scale) {
        FrameRequest.Size size = frame.request().size();
        int width = Math.max(1, (int) Math.round(size.width() * scale));
        int height = Math.max(1, (int) Math.round(size.height() * scale));
        Picture picture = spare.filter(p -> p.fits(width, height)).orElseGet(() -> Picture.of(width, height));
        painterOf(palette, scale).paint(frame, picture.pixels, width, height);
        picture.buffer.updateBuffer(_ -> null);
        node.setImage(picture.image);
        node.setFitWidth(width / scale);
        node.setFitHeight(height / scale);
        spare = shown;
        shown = Optional.of(picture);
    }

    private PixelPainter painterOf(Palette palette, double scale) {
        Painter fitting = painter.filter(p -> p.palette.equals(palette) && p.scale == scale)
                .orElseGet(() -> new Painter(palette, scale, new PixelPainter(palette, scale)));
        painter = Optional.of(fitting);
        return fitting.painter;
    }
}
