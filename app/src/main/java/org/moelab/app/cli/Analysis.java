package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.moelab.app.report.RunReports;
import org.moelab.app.run.Belonging;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.AblationRun;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.SweepAxis;
import org.moelab.gpu.bench.SweepFile;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Axis;
import org.moelab.gpu.bench.SweepReport.Sweep;
import org.moelab.gpu.bench.SweepRun;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Technique;

/// What an analysis does beyond a run: sweeps of the highest layer and, where asked for, each technique with and without, while
/// the model is loaded; then the report.
final class Analysis implements LadderRun.Further {
    private static final int ABLATION_TOKENS = 32; // as many as `ablate` takes where it is not told
    private static final int ABLATION_PAIRS = 5;
    private static final int QUICK_PAIRS = 3;

    private final Setting setting;
    private final RunDirectory directory;
    private final Terminal terminal;
    private Optional<SweepReport> swept = Optional.empty();
    private Optional<AblationReport> ablated = Optional.empty();

    /// What to do.
    ///
    /// @param sweeps the values by axis
    /// @param ablate whether to try each technique
    /// @param quick whether with fewer pairs
    record Setting(Catalogue catalogue, RunRequest request, List<Sweep> sweeps, boolean ablate, boolean quick) {
        Setting {
            sweeps = List.copyOf(sweeps);
        }
    }

    Analysis(Setting setting, RunDirectory directory, Terminal terminal) {
        this.setting = setting;
        this.directory = directory;
        this.terminal = terminal;
    }

    /// What was swept, once it has run.
    Optional<SweepReport> swept() {
        return swept;
    }

    /// What techniques are worth, once it has run.
    Optional<AblationReport> ablated() {
        return ablated;
    }

    /// Says what will be swept, so that a session that goes on with this one knows.
    @Override
    public void begin(LadderRun.Loaded loaded) throws IOException {
        if (!setting.sweeps().isEmpty() && earlierSweeps().isEmpty()) {
            putAside(EarlierFiles.putSweepsAside(directory.folder()), SweepFile.NAME);
            SweepFile.write(directory.folder(), begun(loaded.report(), loaded.rungs().getLast(), List.of()));
        }
    }

    @Override
    public void run(LadderRun.Loaded loaded) throws IOException, CommandFailure {
        Optional<LayerOptions.Rung> top = loaded.rungs().stream().filter(
                rung -> loaded.report().layers().stream().anyMatch(layer -> layer.layer().equals(rung.name())))
                .reduce((_, higher) -> higher);
        if (top.isPresent() && !setting.sweeps().isEmpty()) {
            sweep(loaded, top.get());
        }
        if (!directory.stopped() && (setting.ablate() || isAblationBegun())) {
            ablate(loaded);
        }
    }

    private void putAside(Optional<Path> where, String file) {
        where.ifPresent(aside -> terminal.tell("a " + file + " of another run is in " + aside + " now"));
    }

    private SweepReport begun(RunReport report, LayerOptions.Rung rung, List<Axis> axes) throws IOException {
        String started = earlierSweeps().map(SweepReport::started).orElseGet(RunFacts::now);
        Workload workload = setting.request().workload();
        SweepReport.Asked asked = new SweepReport.Asked(setting.request().model(), rung.name(), workload.batch(),
                workload.prompt(), workload.generate(), workload.repeats(), report.asked().device(),
                setting.sweeps());
        return new SweepReport(SweepReport.VERSION, false, started, Optional.empty(), asked, report.machine(),
                report.versions(), report.model(), axes);
    }

    private void sweep(LadderRun.Loaded loaded, LayerOptions.Rung top) throws IOException {
        List<Axis> earlier = earlierSweeps().filter(sweeps -> sweeps.asked().layer().equals(top.name()))
                .map(SweepReport::axes).orElse(List.of());
        SweepReport begun = begun(loaded.report(), top, earlier);
        SweepFile.write(directory.folder(), begun);
        try (ProgressLine line = new ProgressLine(terminal, "sweep", directory::stopped)) {
            swept = Optional.of(new SweepRun(new SweepRun.Setting(loaded.choice().engine(), setting.catalogue(),
                    top.techniques(), setting.request().workload()), new SweepRun.Progress() {
                        @Override
                        public void begins(double done, SweepAxis axis, String value) {
                            line.update(done, axis.label() + " " + value);
                        }

                        @Override
                        public void report(SweepReport sweeps) throws IOException {
                            SweepFile.write(directory.folder(), sweeps);
                        }

                        @Override
                        public boolean stopped() {
                            return directory.stopped();
                        }
                    }).run(begun, RunFacts::now));
        }
    }

    /// What an earlier session of the same run swept.
    private Optional<SweepReport> earlierSweeps() throws IOException {
        Optional<RunReport> run = setting.request().earlier();
        return run.isPresent() ? Belonging.sweeps(directory.folder(), run.get()) : Optional.empty();
    }

    /// What an earlier session of the same run, or `moelab ablate` beside it, found techniques to be worth.
    private Optional<AblationReport> earlierAblations() throws IOException {
        Optional<RunReport> run = setting.request().earlier();
        return run.isPresent() ? Belonging.ablations(directory.folder(), run.get()) : Optional.empty();
    }

    /// Whether an earlier session of the same run was interrupted while it tried techniques.
    private boolean isAblationBegun() throws IOException {
        return earlierAblations().filter(report -> !report.complete()).isPresent();
    }

    private void ablate(LadderRun.Loaded loaded) throws IOException {
        if (!(loaded.choice().engine() instanceof CudaEngine engine)) {
            terminal.tell("no ablations: the CPU engine knows no techniques");
            return;
        }
        Optional<AblationReport> earlier = earlierAblations();
        ablated = earlier.filter(AblationReport::complete);
        if (ablated.isPresent()) {
            return;
        }
        if (earlier.isEmpty()) {
            putAside(EarlierFiles.putAblationAside(directory.folder()), AblationFile.NAME);
        }
        Workload asked = setting.request().workload();
        int pairs = setting.quick() ? QUICK_PAIRS : ABLATION_PAIRS;
        Workload workload = new Workload(asked.batch(), asked.prompt(), Math.min(asked.generate(), ABLATION_TOKENS), 1,
                pairs);
        List<Technique> techniques = setting.catalogue().techniques().stream().filter(Technique::isSwitch).toList();
        RunReport report = loaded.report();
        AblationReport begun = new AblationReport(AblationReport.VERSION, false, RunFacts.now(), Optional.empty(),
                new AblationReport.Asked(setting.request().model(), techniques.stream().map(Technique::id).toList(),
                        workload.batch(), workload.prompt(), workload.generate(), pairs, report.asked().device()),
                report.machine(), report.versions(), report.model(), List.of(), List.of());
        try (ProgressLine line = new ProgressLine(terminal, "ablate", directory::stopped)) {
            ablated = Optional.of(new AblationRun(engine, setting.catalogue(), workload, new AblationRun.Progress() {
                @Override
                public void begins(double done, String technique, Way way) {
                    line.update(done, technique + " " + way.label());
                }

                @Override
                public void report(AblationReport ablations) throws IOException {
                    AblationFile.write(directory.folder(), ablations);
                }

                @Override
                public boolean stopped() {
                    return directory.stopped();
                }
            }, begun).run(techniques, RunFacts::now));
        }
    }

    /// Writes the report of a run into its directory.
    ///
    /// @return the file
    /// @throws IOException where it cannot be written
    static Path writeReport(StoredRun run) throws IOException {
        Path file = run.folder().resolve("report.html");
        RunReports.write(run, file);
        return file;
    }
}
