package org.moelab.app.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

import org.moelab.app.export.Caption;
import org.moelab.app.export.Figure;
import org.moelab.app.export.FigureWriter;
import org.moelab.app.export.PictureFormat;
import org.moelab.app.shell.FileDialogs.FileKind;
import org.moelab.app.task.BackgroundTask;
import org.moelab.app.task.BackgroundTask.Outcome;
import org.moelab.app.task.TaskFailedException;
import org.moelab.app.theme.Palette;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Unit;
import org.moelab.traces.stats.ReportTable;

/// Writes pictures and tables of what is shown into files that the person names, in the background.
final class Exporter {
    private final MainViewModel model;
    private final FileDialogs dialogs;

    Exporter(MainViewModel model, FileDialogs dialogs) {
        this.model = model;
        this.dialogs = dialogs;
    }

    /// How a picture is to be written.
    ///
    /// @param format the kind of file
    /// @param scale pixels a point of a PNG
    /// @param palette the colours
    record Options(PictureFormat format, double scale, Palette palette) {}

    /// Where figures come from.
    ///
    /// @param stem the name that files begin with
    /// @param caption what a picture says of it
    record Origin(String stem, Caption caption) {}

    /// Asks for a file and writes the figure into it.
    void picture(ExportPane.Source source, Options options) {
        Figure figure = source.figure().get();
        Origin origin = source.origin().get();
        List<FileKind> kinds = List.of(new FileKind(options.format().title(), options.format().extension()));
        dialogs.target("Export " + figure.title(),
                origin.stem() + "-" + source.name() + "." + options.format().extension(), kinds)
                .ifPresent(file -> write(file, () -> FigureWriter.preferred(figure, options.palette(), options.scale())
                        .write(figure, origin.caption(), file)));
    }

    /// Asks for a file and writes the table into it.
    ///
    /// @param name what the file is about, in a word
    void table(ReportTable table, String name, Origin origin) {
        dialogs.target("Export table", origin.stem() + "-" + name + ".csv",
                List.of(new FileKind("Comma-separated values", "csv")))
                .ifPresent(file -> write(file, () -> TableFormat.CSV.write(table, file)));
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private void write(Path file, Writing writing) {
        BackgroundTask.start("Writing " + file, model.fxThread(), _ -> {
            try {
                writing.run();
                return file;
            } catch (IOException e) {
                throw new TaskFailedException("not written: " + e.getMessage(), e);
            }
        }, new Outcome<>(done -> model.tell(Notice.done("Written: " + done)),
                failure -> model.tell(Notice.failure(failure))));
    }

    /// The recording that is shown, and the range that is selected in it.
    Origin recording() {
        Optional<OpenRecording> current = model.current();
        String range = model.selection().rangeProperty().get()
                .map(r -> "selection of " + Unit.NANOSECONDS.format(r.lengthNs())).orElse("whole trace");
        String stem = current.map(OpenRecording::name).orElse("moelab").replaceFirst(
                "(\\.pt\\.trace)?\\.(sqlite|json|nsys-rep|ncu-repz?|csv)(\\.gz)?$", "").replaceAll("[^\\w.-]+", "-");
        return new Origin(stem, new Caption(current.map(OpenRecording::name).orElse(""),
                current.map(OpenRecording::tool).orElse("") + " · " + range, today()));
    }

    /// The run that is shown; a recording where there is none.
    Origin run() {
        return model.selection().runProperty().get()
                .map(run -> new Origin(run.name(), RunPictures.caption(run, today()))).orElseGet(this::recording);
    }

    /// What a roofline is of: the report whose profiled kernels are looked at, else the run.
    Origin roofed() {
        return model.selection().recordingProperty().get().orElse(null) instanceof KernelReport ? recording() : run();
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneId.systemDefault());
    }
}
