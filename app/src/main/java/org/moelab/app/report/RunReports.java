package org.moelab.app.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.document.Document;
import org.moelab.app.report.document.Section;
import org.moelab.app.report.format.ReportFormat;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.model.ImportMonitor;

/// Reports of run directories: HTML, Markdown or PDF, by the file's ending. Needs neither a display nor the toolkit. Where Java
/// cannot draw (the archive for servers has no `java.desktop`), reports have no charts, and say so; PDF needs it.
public final class RunReports {
    /// The sections of a run's report in their order. A new section is a class and a line here.
    static final List<Part> PARTS = List.of(
            new Summary(),
            new Hardware(),
            new Layers(),
            new Techniques(),
            new Sweeps(),
            new Rooflines(),
            new TopKernels(),
            new Profiles(),
            new Differences(),
            new Experts(),
            new Findings(),
            new EarlierRuns(),
            new PublishedTargets(),
            new Peers(),
            new LanguageAnalysis(),
            new Artefacts(),
            new Reproduction());

    /// The sections of a report on two runs.
    static final List<PairPart> PAIR_PARTS = List.of(
            new ComparedRuns(),
            new ComparedLayers(),
            new ComparedOperations());

    /// The share of the work after which the figures are there and the file is yet to be written.
    private static final double GATHERED = 0.5;

    private RunReports() {
    }

    /// Writes the report of a run.
    ///
    /// @param file its ending says the format, see [ReportFormat]; it appears whole or not at all
    /// @throws IOException where the ending is that of no format, or the file cannot be written
    public static void write(StoredRun run, Path file) throws IOException {
        write(run, file, ImportMonitor.NONE);
    }

    /// Writes the report of a run.
    ///
    /// @param file its ending says the format, see [ReportFormat]; it appears whole or not at all
    /// @param monitor hears of progress and can stop the work
    /// @throws IOException where the ending is that of no format, or the file cannot be written
    /// @throws java.util.concurrent.CancellationException where the monitor says so
    public static void write(StoredRun run, Path file, ImportMonitor monitor) throws IOException {
        ReportFormat format = format(file);
        format.write(document(run, today(), new Share(monitor, 0, GATHERED), canDraw()), file,
                new Share(monitor, GATHERED, 1));
    }

    /// Writes what differs between two runs.
    ///
    /// @param a the run that the other is compared with
    /// @param b the other
    /// @param file its ending says the format; it appears whole or not at all
    /// @param monitor hears of progress and can stop the work
    /// @throws IOException where the ending is that of no format, or the file cannot be written
    /// @throws java.util.concurrent.CancellationException where the monitor says so
    public static void compare(StoredRun a, StoredRun b, Path file, ImportMonitor monitor) throws IOException {
        ReportFormat format = format(file);
        format.write(document(a, b, today()), file, monitor);
    }

    private static ReportFormat format(Path file) throws IOException {
        ReportFormat format = ReportFormat.require(file);
        if (format == ReportFormat.PDF && !canDraw()) {
            throw new IOException(file + ": this Java has no java.desktop, which PDF needs; .html and .md work");
        }
        return format;
    }

    private static boolean canDraw() {
        return ModuleLayer.boot().findModule("java.desktop").isPresent();
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneId.systemDefault());
    }

    /// The report of a run.
    ///
    /// @param date the day that it bears
    /// @param draws whether it has charts
    static Document document(StoredRun run, LocalDate date, ImportMonitor monitor, boolean draws) {
        Catalogue catalogue = Catalogue.load();
        Share all = new Share(monitor, 0, 1);
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < PARTS.size(); i++) {
            Share step = all.step(i, PARTS.size());
            step.checkCancelled();
            step.update(0, "gathering figures");
            PARTS.get(i).of(new Subject(run, catalogue, step, draws)).ifPresent(sections::add);
        }
        return new Document("Run " + run.name(), run.about(), warning(run, draws), made(run), date, sections);
    }

    /// What differs between two runs.
    static Document document(StoredRun a, StoredRun b, LocalDate date) {
        Pair pair = new Pair(a, b, Catalogue.load());
        List<Section> sections = PAIR_PARTS.stream().flatMap(part -> part.of(pair).stream()).toList();
        String warning = String.join(" ", List.of(warning(a).map(w -> "A: " + w).orElse(""),
                warning(b).map(w -> "B: " + w).orElse(""))).strip();
        return new Document("Run " + b.name() + " against " + a.name(), "A: " + a.about() + " — B: " + b.about(),
                Optional.of(warning).filter(w -> !w.isEmpty()),
                "Report by MoE Lab on " + b.name() + " against " + a.name() + " (runs of " + day(b) + " and " + day(a)
                        + ")",
                date, sections);
    }

    private static Optional<String> warning(StoredRun run, boolean draws) {
        String charts = draws
                ? ""
                : "Without charts: the Java that wrote this cannot draw. Where a JDK has java.desktop, moelab report makes it anew with them.";
        return Optional.of((warning(run).orElse("") + " " + charts).strip()).filter(w -> !w.isEmpty());
    }

    private static Optional<String> warning(StoredRun run) {
        RunReport report = run.report();
        if (!report.complete()) {
            return Optional
                    .of("Incomplete: the run did not come to its end. The report holds what was measured until then.");
        }
        return report.failures().isEmpty()
                ? Optional.empty()
                : Optional.of("Incomplete: " + String.join("; ", report.failures().stream()
                        .map(f -> StoredRun.layerName(f.layer()) + " failed, " + f.reason()).toList()) + ".");
    }

    private static String made(StoredRun run) {
        return "Report of " + run.name() + " by MoE Lab, from a run of MoE Lab " + run.report().versions().moelab()
                + run.report().finished().map(_ -> " of " + day(run)).orElse("");
    }

    private static String day(StoredRun run) {
        return run.report().finished().map(f -> f.substring(0, Math.min(10, f.length()))).orElse("an unknown day");
    }
}
