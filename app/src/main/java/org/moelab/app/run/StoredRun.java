package org.moelab.app.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.RunReport.LayerResult;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.gpu.bench.SweepReport;

/// A run directory that was read.
///
/// @param folder where it lies
/// @param report what its `run.json` says
/// @param ablations what its `ablation.json` says single techniques are worth, where it has one
/// @param leftAside a line for each file of the directory that is not of this run, see [Belonging]
/// @param trials what techniques were found to be worth since, in other directories, the newest last
public record StoredRun(Path folder, RunReport report, Optional<AblationReport> ablations, List<String> leftAside,
        List<AblationReport> trials) {
    /// The folder within a run directory for what earlier runs had left there, a run directory each.
    public static final String EARLIER = "earlier";

    public StoredRun {
        leftAside = List.copyOf(leftAside);
        trials = List.copyOf(trials);
    }

    /// One whose techniques were not tried elsewhere.
    public StoredRun(Path folder, RunReport report, Optional<AblationReport> ablations) {
        this(folder, report, ablations, List.of(), List.of());
    }

    /// One without ablations.
    public StoredRun(Path folder, RunReport report) {
        this(folder, report, Optional.empty());
    }

    /// Whether a path is a run directory, or the report within one.
    public static boolean isRun(Path path) {
        return Files.isRegularFile(folderOf(path).resolve(RunFile.NAME))
                && (Files.isDirectory(path) || path.endsWith(RunFile.NAME));
    }

    /// The run directory that a path means: itself, or the one that holds the report that it names.
    public static Path folderOf(Path path) {
        return path.endsWith(RunFile.NAME) && !Files.isDirectory(path)
                ? Optional.ofNullable(path.getParent()).orElse(Path.of(""))
                : path;
    }

    /// Reads a run directory.
    ///
    /// @param path the directory, or the report within it
    /// @throws IOException where there is no report, it is damaged, or it holds no layer, or its ablations are damaged; the message names the file
    public static StoredRun read(Path path) throws IOException {
        Path folder = folderOf(path);
        RunReport report = RunFile.read(folder);
        if (report.layers().isEmpty()) {
            String why = report.failures().isEmpty() ? "" : ": " + report.failures().getFirst().reason();
            throw new IOException(folder.resolve(RunFile.NAME) + ": no layer gave a result" + why);
        }
        List<String> leftAside = new ArrayList<>();
        Optional<AblationReport> ablations = AblationFile.read(folder).filter(found -> {
            Optional<String> foreign = Belonging.foreign(report, found);
            foreign.ifPresent(leftAside::add);
            return foreign.isEmpty();
        });
        foreignSweeps(folder, report).ifPresent(leftAside::add);
        return new StoredRun(folder, report, ablations, leftAside, List.of());
    }

    private static Optional<String> foreignSweeps(Path folder, RunReport report) {
        try {
            return SweepFile.read(folder).flatMap(sweeps -> Belonging.foreign(report, sweeps));
        } catch (IOException _) {
            return Optional.empty(); // whoever shows them says that they cannot be read
        }
    }

    /// What its `sweeps.json` says, where it has one that is of this run.
    ///
    /// @throws IOException where that is damaged; the message names the file
    public Optional<SweepReport> sweeps() throws IOException {
        return Belonging.sweeps(folder, report);
    }

    /// The same with techniques that were tried since; a later state of the same trial takes its place.
    public StoredRun tried(AblationReport trial) {
        List<AblationReport> all = new ArrayList<>(trials);
        all.removeIf(known -> known.started().equals(trial.started()));
        all.add(trial);
        return new StoredRun(folder, report, ablations, leftAside, all);
    }

    /// The same with the trials of another state of this run.
    public StoredRun withTrialsOf(StoredRun other) {
        return new StoredRun(folder, report, ablations, leftAside, other.trials());
    }

    /// What people call it: the directory's name.
    public String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /// What ran where, in a line.
    public String about() {
        RunReport.Asked asked = report.asked();
        return report.model().name() + " on " + report.machine().device() + " · batch " + asked.batch() + ", prompt "
                + asked.prompt() + ", " + asked.generate() + " new · " + asked.repeats()
                + (asked.repeats() == 1 ? " repeat" : " repeats") + (report.complete() ? "" : " · not complete");
    }

    /// What a layer is called in a sentence: `the baseline`, `layer 6`.
    public static String layerName(String id) {
        return "baseline".equals(id) ? "the baseline" : "layer " + id;
    }

    /// The layers that gave a result, in the order in which they ran.
    public List<LayerResult> layers() {
        return report.layers();
    }

    /// The result of a layer.
    public Optional<LayerResult> layer(String id) {
        return layers().stream().filter(l -> l.layer().equals(id)).findFirst();
    }

    /// The last layer that gave a result: the highest of a ladder.
    public LayerResult top() {
        return layers().getLast();
    }

    /// The layer's captured timeline; empty where none was captured or the file is no longer in the directory.
    public Optional<Path> timeline(LayerResult layer) {
        // a name only: a report that was edited leads nowhere else
        return layer.timeline().map(t -> folder.resolve(Path.of(t.file()).getFileName())).filter(Files::isRegularFile);
    }

    /// The layer whose captured timeline a file is.
    public Optional<LayerResult> layerOf(Path file) {
        Path sought = file.toAbsolutePath().normalize();
        return layers().stream()
                .filter(l -> timeline(l).filter(t -> t.toAbsolutePath().normalize().equals(sought)).isPresent())
                .findFirst();
    }
}
