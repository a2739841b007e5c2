package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.moelab.app.run.StoredRun;
import org.moelab.app.shell.RecordingPictures;
import org.moelab.app.shell.RecordingSource;
import org.moelab.app.shell.RunPictures;
import org.moelab.app.theme.Palette;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.Recording;
import org.moelab.traces.stats.Report;
import org.moelab.traces.stats.ReportOptions;
import org.moelab.traces.stats.Reports;

/// What the window would show, as files: a folder a recording with its reports and pictures.
final class HeadlessSession {
    private final Terminal terminal;
    private final Path output;
    private final Set<Path> folders = new HashSet<>();

    /// @param output the folder that gets a folder for each recording
    HeadlessSession(Terminal terminal, Path output) {
        this.terminal = terminal;
        this.output = output;
    }

    /// Writes the files of every recording and tells their names. A recording that cannot be read is named on the
    /// terminal, and the others are written all the same.
    ///
    /// @return whether all could be read
    /// @throws IOException where the output cannot be written
    boolean write(List<Path> files) throws IOException {
        boolean all = true;
        try (Work work = Work.begin(terminal)) {
            for (Path file : files) {
                try {
                    if (StoredRun.isRun(file)) {
                        write(StoredRun.read(file));
                        continue;
                    }
                    Recording recording = work.open(file);
                    work.tellWarnings(recording);
                    write(recording, file, folderOf(file), work);
                } catch (TraceReadException e) {
                    terminal.tell(String.valueOf(e.getMessage()));
                    all = false;
                }
            }
        }
        return all;
    }

    private void write(StoredRun run) throws IOException, TraceReadException {
        Path folder = folderOf(Path.of(run.name()));
        Files.createDirectories(folder);
        LocalDate today = LocalDate.now(ZoneId.systemDefault());
        for (Path file : RunPictures.write(run, today, Palette.LIGHT, folder)) {
            tell(file, "");
        }
        for (Path file : RunPictures.compare(run, today, Palette.LIGHT, folder, RecordingSource.FILES)) {
            tell(file, "");
        }
    }

    private void write(Recording recording, Path file, Path folder, Work work) throws IOException {
        Files.createDirectories(folder);
        for (Report report : Reports.all()) {
            work.checkCancelled();
            if (report.missing(recording).isEmpty()) {
                Path table = folder.resolve(report.name() + "." + TableFormat.CSV.extension());
                TableFormat.CSV.write(report.run(recording, ReportOptions.DEFAULT), table);
                tell(table, report.title());
            }
        }
        work.checkCancelled();
        LocalDate today = LocalDate.now(ZoneId.systemDefault());
        for (Path picture : RecordingPictures.write(recording, file, today, Palette.LIGHT, folder)) {
            tell(picture, "");
        }
    }

    private void tell(Path file, String content) {
        terminal.out().println((file + "  " + content).strip());
        terminal.out().flush();
    }

    /// A folder named after the file, without the endings of recordings; numbered where two files share a name.
    private Path folderOf(Path file) {
        String name = String.valueOf(file.getFileName())
                .replaceFirst("(\\.pt)?(\\.trace)?\\.(sqlite|json|csv|nsys-rep|ncu-rep|ncu-repz)(\\.gz|\\.zst)?$", "");
        Path folder = output.resolve(name);
        for (int i = 2; !folders.add(folder); i++) {
            folder = output.resolve(name + "-" + i);
        }
        return folder;
    }
}
