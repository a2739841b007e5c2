package org.moelab.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.language.AnalysisFile;
import org.moelab.app.report.document.Basis;
import org.moelab.app.report.document.Block;
import org.moelab.app.report.document.Block.Fold;
import org.moelab.app.report.document.Block.Line;
import org.moelab.app.report.document.Block.Lines;
import org.moelab.app.report.document.Block.Note;
import org.moelab.app.report.document.Cell;
import org.moelab.app.report.document.Column;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.document.Table;
import org.moelab.app.report.format.ReportFormat;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.traces.model.Unit;

/// The files of the run directory and its folders, alike ones together, and what opens them.
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
            new Kind(".roofline.ncu-rep", "kernels of a layer with counters for the roofline, by Nsight Compute",
                    "moelab gui, Nsight Compute"),
            new Kind(".deep_dive.ncu-rep", "the longest kernels of a layer with all counters, by Nsight Compute",
                    "moelab gui, Nsight Compute"),
            new Kind(".ncu-rep.gz", "kernels profiled by Nsight Compute", "moelab gui; unpacked, Nsight Compute"),
            new Kind(".ncu-rep", "kernels profiled by Nsight Compute", "moelab gui, Nsight Compute"),
            new Kind(".ncu-repz", "kernels profiled by Nsight Compute", "moelab gui, Nsight Compute"),
            new Kind(".nsys-rep", "a timeline of Nsight Systems", "moelab gui where nsys is found, Nsight Systems"),
            new Kind(".sqlite", "a timeline of Nsight Systems, exported to open without that tool", "moelab gui"),
            new Kind(".sqlite.gz", "a timeline of Nsight Systems", "moelab gui"),
            new Kind(".csv", "a table", "any spreadsheet"), new Kind(".json", "JSON", "any reader of JSON"),
            new Kind(".txt", "text", "any editor"), new Kind(".svg", "a picture", "any browser"),
            new Kind(".png", "a picture", "any browser"));

    private static final Kind OTHER = new Kind("", "another file", "not known");
    /// Kinds of files by folder, told before what their ending says.
    private static final Map<String, Kind> FOLDERS = Map.of(
            "hta.json.gz", new Kind(".json.gz", "a layer's timeline for HolisticTraceAnalysis",
                    "TraceAnalysis(trace_dir=\"hta/L\"), moelab gui"),
            "hta.csv", new Kind(".csv", "that tool's reports, as the lab computes them", "any spreadsheet"),
            "differences.csv", new Kind(".csv", "what changed from a layer to the next, kernel by kernel",
                    "any spreadsheet"),
            "peers.json", new Kind(".json", "what another engine's benchmark measured",
                    "moelab report; any reader of JSON"));
    /// As deep as the lab lays files: `hta/L/FILE`.
    private static final int DEPTH = 3;

    /// Files that are alike: of one folder and kind, of several layers.
    ///
    /// @param pattern their name, `L` for the layer
    private record Group(String pattern, Kind kind, List<Path> files) {
        long bytes() throws IOException {
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    @Override
    public Optional<Section> of(Subject subject) {
        Path folder = subject.run().folder();
        try {
            List<Path> files = below(folder);
            List<Block> blocks = new ArrayList<>();
            blocks.add(table(groups(subject, folder, files)));
            long earlier = earlier(folder);
            if (earlier > 0) {
                blocks.add(new Note(false, "The folder " + StoredRun.EARLIER + " holds what "
                        + (earlier == 1 ? "an earlier run" : earlier + " earlier runs")
                        + " left in this directory; nothing of that is in this report."));
            }
            if (files.size() > 1) {
                blocks.add(new Fold("Each of the " + files.size() + " files", List.of(each(folder, files))));
            }
            return Optional.of(new Section("artefacts", "Files of the run", blocks));
        } catch (IOException _) {
            return Optional.of(new Section("artefacts", "Files of the run",
                    List.of(new Note(true, "The files of the run directory cannot be listed."))));
        }
    }

    private static Table table(List<Group> groups) throws IOException {
        Table.Builder table = Table.of("files",
                "Files of the run directory, those that are alike in a row, reports left out",
                Column.code("File", Basis.RECORDED, "its name in the run directory; L stands for a layer"),
                Column.text("What it is", Basis.RECORDED, "by its folder and name"),
                Column.number("Files", "", 0, Basis.MEASURED, "so many are alike"),
                Column.number("Size", "kB", 1, Basis.MEASURED, "of all of them, 1 kB = 1000 bytes"),
                Column.text("Opened by", Basis.RECORDED, "programs that read it"));
        long bytes = 0;
        int files = 0;
        for (Group group : groups) {
            table.row(group.pattern, group.kind.what(), group.files.size(), group.bytes() / 1e3, group.kind.opens());
            bytes += group.bytes();
            files += group.files.size();
        }
        return table.add(Table.Rank.SUM, "all files", Cell.NONE, files, bytes / 1e3, Cell.NONE).build();
    }

    private static List<Group> groups(Subject subject, Path folder, List<Path> files) {
        List<String> layers = subject.run().layers().stream().map(l -> RunSession.fileOf(l.layer(), "")).toList();
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Path file : files) {
            String name = name(folder, file);
            Kind kind = kind(name);
            groups.computeIfAbsent(pattern(name, kind, layers), p -> new Group(p, kind, new ArrayList<>())).files
                    .add(file);
        }
        // what a layer's name hides would make a pattern of one file
        return groups.values().stream().map(g -> g.files.size() > 1
                ? g
                : new Group(name(folder, g.files.getFirst()), g.kind, g.files)).toList();
    }

    private static Kind kind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int folder = lower.indexOf('/');
        return FOLDERS.entrySet().stream()
                .filter(e -> folder > 0 && e.getKey().equals(lower.substring(0, folder) + e.getValue().ending())
                        && lower.endsWith(e.getValue().ending()))
                .map(Map.Entry::getValue).findFirst()
                .or(() -> KINDS.stream().filter(k -> lower.endsWith(k.ending())).findFirst()).orElse(OTHER);
    }

    /// A name with `L` in the place of the layer: `L.trace.json.gz`, `hta/L/*.csv`.
    private static String pattern(String name, Kind kind, List<String> layers) {
        int folder = name.lastIndexOf('/');
        if (folder < 0) {
            return layers.stream().filter(l -> name.startsWith(l + ".")).findFirst()
                    .map(l -> "L" + name.substring(l.length())).orElse(name);
        }
        String within = name.substring(0, folder);
        int last = within.lastIndexOf('/');
        String above = layers.contains(within.substring(last + 1)) ? within.substring(0, last + 1) + "L" : within;
        return above + "/*" + kind.ending();
    }

    private static Lines each(Path folder, List<Path> files) throws IOException {
        Map<String, StringBuilder> byFolder = new LinkedHashMap<>();
        for (Path file : files) {
            String name = name(folder, file);
            int end = name.lastIndexOf('/');
            StringBuilder line = byFolder.computeIfAbsent(end < 0 ? "the directory itself" : name.substring(0, end),
                    _ -> new StringBuilder());
            line.append(line.isEmpty() ? "" : ", ").append(name.substring(end + 1)).append(" (")
                    .append(Unit.BYTES.format(Files.size(file)).replace(' ', '\u00a0')).append(')');
        }
        return new Lines(byFolder.entrySet().stream().map(e -> new Line(e.getKey(), e.getValue().toString())).toList());
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /// A line where a file of the directory is not of the run.
    static List<Block> aside(Subject subject, String file) {
        return subject.run().leftAside().stream().filter(line -> line.startsWith(file))
                .<Block>map(line -> new Note(true, line + ".")).toList();
    }

    private static long earlier(Path folder) throws IOException {
        Path earlier = folder.resolve(StoredRun.EARLIER);
        if (!Files.isDirectory(earlier)) {
            return 0;
        }
        try (Stream<Path> runs = Files.list(earlier)) {
            return runs.filter(Files::isDirectory).count();
        }
    }

    /// All files, those of the directory itself first; without reports, their charts and hidden files.
    private static List<Path> below(Path folder) throws IOException {
        List<Path> all = new ArrayList<>(list(folder));
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            files.filter(f -> folder.relativize(f).getNameCount() > 1 && Files.isRegularFile(f))
                    .filter(f -> !folder.relativize(f).startsWith(StoredRun.EARLIER))
                    .filter(f -> Stream.of(name(folder, f).split("/"))
                            .noneMatch(n -> n.startsWith(".") || n.endsWith("_files")))
                    .sorted().forEach(all::add);
        }
        return all;
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
