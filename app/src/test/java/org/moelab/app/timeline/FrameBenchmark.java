package org.moelab.app.timeline;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import org.moelab.app.theme.Palette;
import org.moelab.traces.model.Trace;

/// Measures what a frame costs while a person zooms and pans over a large trace, at 1920×1080.
/// Arguments: number of events (10,000,000 if none), number of rows (40 if none), number of timelines one above the other in
/// that room (1 if none), `arrows` where an event is selected whose arrows are drawn, and all kernels of one name are marked.
///
/// Beside elapsed time it gives the processor time of the measuring thread, which a busy machine does not disturb; with
/// `-Djava.util.concurrent.ForkJoinPool.common.parallelism=0` that is all of the work, on one core. The motion is gone through
/// several times: where the machine itself halts now and then, the percentiles of all frames show its halts, those of each
/// frame's median what the frames cost.
final class FrameBenchmark {
    private static final int WIDTH = 1920;
    private static final int HEIGHT = 1080;
    private static final int WARM_UP = 600;
    private static final int FRAMES = 1500;
    private static final int PASSES = 5;

    private FrameBenchmark() {
    }

    public static void main(String[] args) {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 40;
        int timelines = args.length > 2 ? Integer.parseInt(args[2]) : 1;
        int height = HEIGHT / timelines;
        long built = System.nanoTime();
        Trace trace = SyntheticTrace.large(events, rows);
        System.out.printf(Locale.ROOT, "%,d events on %d rows, built in %.1f s, %.1f bytes an event%n", trace.size(),
                rows, (System.nanoTime() - built) / 1e9, (double) trace.storeBytes() / trace.size());
        TimelineSource source = new TimelineSource(trace);
        OptionalInt selected = args.length > 3 && args[3].equals("arrows") ? launch(trace) : OptionalInt.empty();
        RowState[] states = source.tree().defaultStates();
        Arrays.fill(states, RowState.OPEN);
        RowLayout layout = RowLayout.of(source.tree(), states);
        PixelPainter painter = new PixelPainter(Palette.DARK, 1);
        int[] pixels = new int[WIDTH * HEIGHT];
        double[] prepare = new double[PASSES * FRAMES];
        double[] total = new double[PASSES * FRAMES];
        double[] processorPrepare = new double[PASSES * FRAMES];
        double[] processor = new double[PASSES * FRAMES];
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long slices = 0;
        for (int i = -WARM_UP; i < PASSES * FRAMES; i++) {
            List<FrameRequest> requests = new ArrayList<>();
            for (int t = 0; t < timelines; t++) {
                requests.add(request(source, layout, Math.floorMod(i, FRAMES), height, t, selected));
            }
            long processorStart = threads.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            List<TimelineFrame> frames = requests.stream().map(FrameBuilder::build).toList();
            long prepared = System.nanoTime();
            long processorPrepared = threads.getCurrentThreadCpuTime();
            frames.forEach(frame -> painter.paint(frame, pixels, WIDTH, height));
            long painted = System.nanoTime();
            if (i >= 0) {
                prepare[i] = (prepared - start) / 1e6;
                total[i] = (painted - start) / 1e6;
                processorPrepare[i] = (processorPrepared - processorStart) / 1e6;
                processor[i] = (threads.getCurrentThreadCpuTime() - processorStart) / 1e6;
                slices += frames.stream().mapToInt(TimelineFrame::sliceCount).sum();
            }
        }
        System.out.printf(Locale.ROOT, "%d times %d frames of %d timelines of %d×%d, %,d slices a frame, %s%n", PASSES,
                FRAMES, timelines, WIDTH, height, slices / FRAMES / PASSES,
                selected.isPresent() ? "arrows of a launch" : "nothing selected");
        print("prepare", prepare);
        print("prepare and paint", total);
        print("processor, prepare", processorPrepare);
        print("processor, all", processor);
        print("prepare and paint, each frame's median", medians(total));
    }

    /// A call in the middle of the trace that launched several kernels.
    private static OptionalInt launch(Trace trace) {
        int[] launched = new int[1];
        return IntStream.range(trace.size() * 3 / 4, trace.size()).filter(event -> {
            launched[0] = 0;
            trace.forEachLaunched(event, _ -> launched[0]++);
            return launched[0] > 1;
        }).findFirst();
    }

    /// Three parts: zooming in and out about the middle, panning at every depth, scrolling.
    ///
    /// @param timeline which of several, each shifted against the one above it
    /// @param selected the event whose arrows are drawn, and whose name is marked
    private static FrameRequest request(TimelineSource source, RowLayout layout, int frame, int height, int timeline,
            OptionalInt selected) {
        double phase = frame / (double) FRAMES;
        double depth = 0.5 - 0.5 * Math.cos(phase * 6 * Math.PI);
        Viewport all = Viewport.all(source.lengthNs());
        Viewport view = all.zoomed(Math.pow(1e-6, depth), 0.3 + 0.4 * phase);
        view = view.panned(timeline * 0.01 * source.lengthNs() + view.spanNs() * 0.2 * Math.sin(frame * 0.3))
                .within(source.lengthNs());
        double scroll = Math.max(0, layout.totalHeight() - height) * (0.5 - 0.5 * Math.cos(phase * 4 * Math.PI));
        return new FrameRequest(source, layout, view, scroll, new FrameRequest.Size(WIDTH, height, 220),
                selected, selected.isEmpty() ? selected : OptionalInt.of(source.trace().nameId(selected.getAsInt())),
                Optional.empty(), List.of(), OptionalLong.empty());
    }

    /// Of each frame the median of its passes.
    private static double[] medians(double[] millis) {
        return IntStream.range(0, FRAMES).mapToDouble(frame -> IntStream.range(0, PASSES)
                .mapToDouble(pass -> millis[pass * FRAMES + frame]).sorted().toArray()[PASSES / 2]).toArray();
    }

    private static void print(String what, double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT, "%-38s p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms%n", what,
                sorted[sorted.length / 2], sorted[sorted.length * 9 / 10], sorted[sorted.length * 99 / 100],
                sorted[sorted.length - 1]);
    }
}
