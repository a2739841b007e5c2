package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.moelab.app.language.AnalysisFile;
import org.moelab.app.profiling.ProfileFiles;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.ReportJson;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.bench.SweepFile;

/// Puts what an earlier run left in a directory into a folder of its own below it: so nothing of that run passes for the next
/// one's, nothing is lost, and the folder is a run directory again. What nobody of the lab wrote stays where it is.
final class EarlierFiles {
    private static final List<String> ENDINGS_OF_REPORTS = List.of(".html", ".md", ".pdf");
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private EarlierFiles() {
    }

    /// Puts a whole earlier run aside.
    ///
    /// @return where its files are now; empty where the directory holds none
    /// @throws IOException where a file cannot be moved
    static Optional<Path> putRunAside(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(RunFile.NAME))) {
            // techniques may have been tried first: they say themselves of which build they are
            return move(folder, "run", Optional.empty(), withReports(SweepFile.NAME, AnalysisFile.NAME));
        }
        Optional<RunReport> report = readable(folder);
        Set<String> names = withReports(SweepFile.NAME, AblationFile.NAME, AnalysisFile.NAME);
        names.addAll(ProfileFiles.FOLDERS); // whole, before what a run names in them
        report.ifPresent(run -> names.addAll(filesOf(run)));
        names.add(RunFile.NAME); // the last: until then the rest is seen to be of a run
        return move(folder, "run", report.flatMap(RunReport::started), names);
    }

    /// Puts what techniques were found to be worth aside.
    ///
    /// @return where it is now; empty where there is none
    /// @throws IOException where it cannot be moved
    static Optional<Path> putAblationAside(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(AblationFile.NAME))) {
            return Optional.empty();
        }
        Optional<String> started;
        try {
            started = AblationFile.read(folder).map(AblationReport::started);
        } catch (IOException _) {
            started = Optional.empty(); // damaged, or of a newer build
        }
        return move(folder, "ablation", started, Set.of(AblationFile.NAME));
    }

    /// Puts sweeps aside.
    ///
    /// @return where they are now; empty where there are none
    /// @throws IOException where they cannot be moved
    static Optional<Path> putSweepsAside(Path folder) throws IOException {
        return move(folder, "sweeps", Optional.empty(), Set.of(SweepFile.NAME));
    }

    private static Optional<RunReport> readable(Path folder) {
        try {
            return Optional.of(RunFile.read(folder));
        } catch (IOException _) {
            return Optional.empty(); // damaged, or of a newer build
        }
    }

    private static Set<String> withReports(String... names) {
        Set<String> all = new LinkedHashSet<>(List.of(names));
        ENDINGS_OF_REPORTS.forEach(ending -> all.add("report" + ending));
        all.add("report_files");
        return all;
    }

    /// What a run names, and what its layers may have left before it could be named.
    private static Set<String> filesOf(RunReport run) {
        Set<String> names = new LinkedHashSet<>();
        run.layers().forEach(layer -> layer.timeline().ifPresent(timeline -> names.add(timeline.file())));
        run.profiles().orElse(List.of()).forEach(profile -> names.addAll(profile.files()));
        for (String layer : run.asked().layers()) {
            ProfileFiles.ENDINGS.forEach(ending -> names.add(RunSession.fileOf(layer, ending)));
        }
        return names;
    }

    private static Optional<Path> move(Path folder, String prefix, Optional<String> moment, Set<String> names)
            throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        List<Path> there = names.stream().map(name -> root.resolve(name).normalize())
                .filter(file -> file.startsWith(root) && !file.equals(root) && Files.exists(file)).toList();
        if (there.isEmpty()) {
            return Optional.empty();
        }
        Instant written = Files.getLastModifiedTime(there.getLast()).toInstant();
        Instant began = moment.flatMap(ReportJson::moment).orElse(written);
        String aside = newFolder(root.resolve(StoredRun.EARLIER), prefix + "-" + NAME.format(began), there, root);
        for (Path file : there) {
            Path to = root.resolve(StoredRun.EARLIER).resolve(aside).resolve(root.relativize(file));
            if (Files.exists(file)) { // not within a folder that was moved whole
                Files.createDirectories(Optional.ofNullable(to.getParent()).orElse(root));
                Files.move(file, to);
            }
        }
        return Optional.of(folder.resolve(StoredRun.EARLIER).resolve(aside));
    }

    /// A folder's name under which none of the files lies yet: one that a killed process had begun to fill goes on being filled.
    private static String newFolder(Path earlier, String wanted, List<Path> files, Path root) {
        for (int number = 1;; number++) {
            String name = number == 1 ? wanted : wanted + "-" + number;
            Path folder = earlier.resolve(name);
            if (!Files.exists(folder.resolve(RunFile.NAME)) && files.stream()
                    .noneMatch(file -> Files.exists(folder.resolve(root.relativize(file))))) {
                return name;
            }
        }
    }
}
