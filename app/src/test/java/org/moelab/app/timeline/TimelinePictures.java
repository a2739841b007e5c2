package org.moelab.app.timeline;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import javax.imageio.ImageIO;

import org.moelab.app.theme.Palette;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;

/// Paints the timeline of a file, or of a made-up trace, into PNG files to look at.
/// Arguments: a folder to write to, then any number of recordings.
final class TimelinePictures {
    private TimelinePictures() {
    }

    public static void main(String[] args) throws IOException, TraceReadException {
        Path folder = Path.of(args[0]);
        if (args.length == 1) {
            paint(SyntheticTrace.decodeLoop(40), "synthetic", folder);
        }
        for (int i = 1; i < args.length; i++) {
            Path file = Path.of(args[i]);
            if (Recordings.open(file, ImportOptions.DEFAULT,
                    ImportMonitor.NONE) instanceof Trace trace) {
                paint(trace, file.getFileName().toString(), folder);
            }
        }
    }

    private static void paint(Trace trace, String name, Path folder) throws IOException {
        TimelineSource source = new TimelineSource(trace);
        double length = source.lengthNs();
        write(source, Viewport.all(length), Palette.DARK, 1280, 800, 1, folder.resolve(name + "-all-dark.png"));
        Viewport part = Viewport.all(length / 40).panned(length * 0.5);
        write(source, part, Palette.LIGHT, 1920, 1080, 1, folder.resolve(name + "-part-light.png"));
        Viewport close = Viewport.all(length / 1000).panned(length * 0.5);
        write(source, close, Palette.DARK, 1920, 1080, 2, folder.resolve(name + "-close-dark.png"));
    }

    private static void write(TimelineSource source, Viewport view, Palette palette, int width, int height,
            double scale,
            Path file) throws IOException {
        RowLayout layout = RowLayout.of(source.tree(), source.tree().defaultStates());
        FrameRequest request = new FrameRequest(source, layout, view, 0,
                new FrameRequest.Size(width / scale, height / scale, 220), OptionalInt.empty(), OptionalInt.empty(),
                Optional.empty(), List.of());
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        new PixelPainter(palette, scale).paint(FrameBuilder.build(request), pixels, width, height);
        ImageIO.write(image, "png", file.toFile());
    }
}
