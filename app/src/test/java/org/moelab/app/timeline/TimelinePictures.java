package org.moelab.app.timeline;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

import javax.imageio.ImageIO;

import org.moelab.app.selection.Selection;
import org.moelab.app.selection.TimeRange;
import org.moelab.app.theme.Palette;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;
import org.moelab.traces.model.Track;
import org.moelab.traces.model.TrackKind;

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
        Selection selection = new Selection();
        TimelineViewModel viewModel = new TimelineViewModel(selection, Runnable::run, Runnable::run);
        viewModel.resize(1280, 800);
        selection.recordingProperty().set(Optional.of(trace));
        write(viewModel, Palette.DARK, 1, folder.resolve(name + "-1.png"));
        viewModel.fitAll();
        write(viewModel, Palette.LIGHT, 1, folder.resolve(name + "-2.png"));
        viewModel.resize(1920, 1080);
        int middle = busiestMiddle(trace);
        selection.eventProperty().set(OptionalInt.of(middle));
        viewModel.show(new TimeRange(trace.start(middle) - 1_000_000, trace.end(middle) + 1_000_000));
        write(viewModel, Palette.DARK, 1, folder.resolve(name + "-3.png"));
        int launch = trace.link(middle);
        if (launch >= 0) {
            selection.kernelProperty().set(Optional.empty());
            selection.eventProperty().set(OptionalInt.of(launch));
            viewModel.show(new TimeRange(trace.start(middle) - 100_000, trace.end(middle) + 100_000));
            viewModel.marks().toggle(900);
            write(viewModel, Palette.LIGHT, 1, folder.resolve(name + "-4.png"));
        }
        selection.eventProperty().set(OptionalInt.empty());
        viewModel.pointer().drag(600, 60, 900, 500);
        viewModel.resize(960, 540);
        write(viewModel, Palette.DARK, 2, folder.resolve(name + "-5.png"));
    }

    /// The middle event of the track with most events, tracks of streams before others.
    private static int busiestMiddle(Trace trace) {
        int track = trace.tracks().stream().max(Comparator.<Track>comparingInt(
                t -> t.kind() == TrackKind.STREAM ? 1 : 0).thenComparingInt(
                        t -> trace.trackEnd(t.id()) - trace.trackBegin(t.id())))
                .orElseThrow().id();
        return (trace.trackBegin(track) + trace.trackEnd(track)) / 2;
    }

    private static void write(TimelineViewModel viewModel, Palette palette, double scale, Path file)
            throws IOException {
        FrameRequest request = viewModel.request().orElseThrow();
        int width = (int) (request.size().width() * scale);
        int height = (int) (request.size().height() * scale);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        new PixelPainter(palette, scale).paint(FrameBuilder.build(request), pixels, width, height);
        ImageIO.write(image, "png", file.toFile());
    }
}
