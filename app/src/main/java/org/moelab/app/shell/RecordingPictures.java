package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.charts.KernelTimeChart;
import org.moelab.app.advice.AdviceFigure;
import org.moelab.app.advice.AdviceViewModel;
import org.moelab.app.export.Caption;
import org.moelab.app.export.Figure;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.export.PictureFormat;
import org.moelab.app.kernels.KernelRow;
import org.moelab.app.profile.ProfileFigure;
import org.moelab.app.profile.ProfileViewModel;
import org.moelab.app.selection.Selection;
import org.moelab.app.theme.Palette;
import org.moelab.app.timeline.FrameRequest;
import org.moelab.app.timeline.TimelineFigure;
import org.moelab.app.timeline.TimelineViewModel;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;

/// What the window shows of a recording, as picture files. Needs neither a display nor the toolkit.
public final class RecordingPictures {
    private static final double TIMELINE_WIDTH = 1600;
    private static final double LEAST_TIMELINE_HEIGHT = 240;
    private static final double MOST_TIMELINE_HEIGHT = 2400;
    private static final double PNG_SCALE = 2;

    private RecordingPictures() {
    }

    /// Writes the timeline, where the recording has one, the time by kernel, advice, and the profile of the
    /// longest kernel, each as PNG, SVG and PDF, into a folder
    /// that exists.
    ///
    /// @param file the file that the recording was read from, for the caption
    /// @param date the day for the caption
    /// @return the files written
    /// @throws IOException where one cannot be written
    public static List<Path> write(Recording recording, Path file, LocalDate date, Palette palette, Path folder)
            throws IOException {
        OpenRecording opened = new OpenRecording(file, recording);
        Caption caption = new Caption(opened.name(), opened.tool() + " · whole recording", date);
        List<Path> written = new ArrayList<>();
        Optional<Figure> timeline = switch (recording) {
            case Trace trace -> timeline(trace);
            case KernelReport _ -> Optional.empty();
        };
        if (timeline.isPresent()) {
            writeAll(timeline.get(), "timeline", caption, palette, folder, written);
        }
        List<KernelRow> rows = switch (recording) {
            case Trace trace -> KernelRow.of(trace, KernelTimes.of(trace));
            case KernelReport report -> KernelRow.of(report);
        };
        if (!rows.isEmpty()) {
            writeAll(KernelTimeChart.of(rows, KernelTimeChart.USUAL_BARS), "kernel-time", caption, palette, folder,
                    written);
        }
        Selection selection = new Selection();
        AdviceViewModel advice = AdviceViewModel.atOnce(selection, Catalogue.load());
        selection.recordingProperty().set(Optional.of(recording));
        Optional<AdviceFigure> found = advice.figureProperty().getValue();
        if (found.isPresent()) {
            writeAll(found.get(), "advice", caption, palette, folder, written);
        }
        Optional<ProfileFigure> longest = new ProfileViewModel(selection).figureProperty().getValue();
        if (longest.isPresent()) {
            writeAll(longest.get(), "kernel", caption, palette, folder, written);
        }
        return written;
    }

    private static void writeAll(Figure figure, String name, Caption caption, Palette palette, Path folder,
            List<Path> written) throws IOException {
        for (PictureFormat format : PictureFormat.values()) {
            Path target = folder.resolve(name + "." + format.extension());
            FigureWriter.preferred(figure, palette, PNG_SCALE).write(figure, caption, target);
            written.add(target);
        }
    }

    /// The whole trace with all its rows as they are folded at first; empty where it has no rows.
    public static Optional<Figure> timeline(Trace trace) {
        Selection selection = new Selection();
        TimelineViewModel view = new TimelineViewModel(selection, Runnable::run, Runnable::run);
        view.resize(TIMELINE_WIDTH, LEAST_TIMELINE_HEIGHT);
        selection.recordingProperty().set(Optional.of(trace));
        view.fitAll();
        view.resize(TIMELINE_WIDTH, view.request().map(RecordingPictures::height).orElse(LEAST_TIMELINE_HEIGHT));
        return view.request().map(TimelineFigure::new);
    }

    private static double height(FrameRequest request) {
        return Math.clamp(request.layout().totalHeight() + FrameRequest.HEADER_HEIGHT, LEAST_TIMELINE_HEIGHT,
                MOST_TIMELINE_HEIGHT);
    }
}
