package org.moelab.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.language.AnalysisFile;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.format.ReportFormat;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.SweepFile;

/// The files of the run directory, and what opens each.
final class Artefacts implements Part {
    private record Kind(String ending, String what, String opens) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(RunFile.NAME, "the run's figures", "moelab gui, moelab report, moelab advise; any reader of JSON"),
            new Kind("ablation.json", "what single techniques are worth",
                    "moelab gui, moelab report; any reader of JSON"),
            new Kind(SweepFile.NAME, "how one layer's speed follows one thing at a time",
                    "moelab report; any reader of JSON"),
            new Kind(AnalysisFile.NAME, "what a language model wrote of the run, not measured",
                    "moelab report; any editor"),
            new Kind(".trace.json.gz", "a captured timeline", "moelab gui, Perfetto, HolisticTraceAnalysis"),
            new Kind(".trace.json", "a captured timeline", "moelab gui, Perfetto, HolisticTraceAnalysis"),
            new Kind(".ncu-rep.gz", "kernels profiled by Nsight Compute", "moelab gui; unpacked, Nsight Compute"),
            new Kind(".ncu-rep", "kernels profiled by Nsight Compute", "moelab gui, Nsight Compute"),
            new Kind(".ncu-repz", "kernels profiled by Nsight Compute", "moelab gui, Nsight Compute"),
            new Kind(".nsys-rep", "a timeline of Nsight Systems", "moelab gui where nsys is found, Nsight Systems"),
            new Kind(".sqlite", "a timeline of Nsight Systems", "moelab gui"),
            new Kind(".sqlite.gz", "a timeline of Nsight Systems", "moelab gui"),
            new Kind(".csv", "a table", "any spreadsheet"), new Kind(".json", "JSON", "any reader of JSON"),
            new Kind(".txt", "text", "any editor"), new Kind(".svg", "a picture", "any browser"),
            new Kind(".png", "a picture", "any browser"));

    @Override
    public Optional<Section> of(Subject subject) {
        return Optional.of(new Section("artefacts", "Files of the run", List.of(files(subject.run().folder()))));
    }

    private static Block files(Path folder) {
        Table.Builder table = Table.of("files", "Files of the run directory, reports left out",
                Column.code("File", Basis.RECORDED, "its name in the run directory"),
                Column.text("What it is", Basis.RECORDED, "by its name"),
                Column.number("Size", "kB", 1, Basis.MEASURED, "of the file, 1 kB = 1000 bytes"),
                Column.text("Opened by", Basis.RECORDED, "programs that read it"));
        try {
            for (Path file : list(folder)) {
                String name = file.getFileName().toString();
                Optional<Kind> kind = KINDS.stream().filter(k -> name.toLowerCase(Locale.ROOT).endsWith(k.ending()))
                        .findFirst();
                table.row(name, kind.map(Kind::what).orElse("another file"), Files.size(file) / 1e3,
                        kind.map(Kind::opens).orElse("not known"));
            }
        } catch (IOException _) {
            return new Note(true, "The files of the run directory cannot be listed.");
        }
        return table.build();
    }

    /// The files of a run directory by name, without reports and hidden files.
    ///
    /// @throws IOException where the folder cannot be read
    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> ReportFormat.ofFile(f).isEmpty() || f.endsWith(AnalysisFile.NAME))
                    .filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    /// Whether the directory holds a file that one of these endings names.
    static boolean holds(Path folder, String... endings) {
        try {
            return list(folder).stream()
                    .anyMatch(f -> Stream.of(endings).anyMatch(f.getFileName().toString()::endsWith));
        } catch (IOException _) {
            return false;
        }
    }
}
