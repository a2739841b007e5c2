package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

import org.moelab.app.launch.RunEvent;
import org.moelab.app.run.Belonging;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.AblationFile;
import org.moelab.gpu.bench.AblationReport;
import org.moelab.gpu.bench.AblationReport.Ablation;
import org.moelab.gpu.bench.AblationReport.Way;
import org.moelab.gpu.bench.AblationRun;
import org.moelab.gpu.bench.Effect;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.stats.ReportTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `moelab ablate`: what each technique is worth.
@Command(name = "ablate", description = "Measure what each technique is worth: added to the layer below its own, and taken from the highest layer, with and without it in turns.", footer = {
        "",
        "A factor is the time without a technique over the time with it: 1.25 is a quarter more time where it is missing.",
        "The bounds are those of the 95 %% confidence interval over the pairs.", "",
        "Examples:",
        "  moelab ablate --model gpt-oss-20b -o run",
        "  moelab ablate --model gpt-oss-20b --techniques fp8,dsmem --repeats 9 --format csv -o run", "",
        RootCommand.EXIT_CODES })
final class AblateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @Option(names = "--techniques", split = ",", paramLabel = "ID", description = "By id; default: every technique that can be switched.")
    private List<String> ids = List.of();

    @Option(names = "--layer", paramLabel = "L", description = "Take techniques from this layer only, adding to it those that it does not have (default: both ways of each).")
    private Optional<String> layer = Optional.empty();

    @Option(names = "--batch", defaultValue = "1", paramLabel = "B", description = "Sequences side by side (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--prompt", defaultValue = "512", paramLabel = "P", description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(names = "--generate", defaultValue = "32", paramLabel = "G", description = "New tokens of each sequence (default: ${DEFAULT-VALUE}).")
    private int generate;

    @Option(names = "--repeats", defaultValue = "5", paramLabel = "N", description = "Pairs of runs that count, after one to warm up (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--format", defaultValue = "table", paramLabel = "F", description = "table, csv or json (default: ${DEFAULT-VALUE}).")
    private TableFormat format = TableFormat.TABLE;

    @Option(names = { "-o",
            "--output" }, paramLabel = "DIR", description = "A run directory, which gets ablation.json (default: the table is all there is).")
    private Optional<Path> output = Optional.empty();

    @Mixin
    private ProgressOptions listener = new ProgressOptions();

    AblateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Catalogue catalogue = Catalogue.load();
        List<Technique> techniques = techniques(catalogue);
        Optional<Layer> only = layer(catalogue);
        Workload workload = workload();
        listener.endWithListener();
        if (output.isEmpty()) {
            return measure(catalogue, techniques, only, workload);
        }
        try (RunLock _ = RunLock.take(output.get())) {
            return measure(catalogue, techniques, only, workload);
        }
    }

    /// Says where what is measured here will not be shown, before minutes are spent on it.
    private void tellForeign(AblationReport begun) throws IOException {
        if (output.isPresent() && StoredRun.isRun(output.get())) {
            Belonging.foreign(RunFile.read(output.get()), begun).ifPresent(_ -> terminal.tell(output.get()
                    + " holds a run of another model, device or build: its report will leave these ablations aside"));
        }
    }

    private Integer measure(Catalogue catalogue, List<Technique> techniques, Optional<Layer> only, Workload workload)
            throws CommandFailure, IOException {
        LibraryFinder finder = LibraryFinder.of(Host.current());
        AblationReport report;
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(EngineChoice.Device.CUDA, source,
                        catalogue.upTo(only.orElseGet(catalogue::top)));
                GpuWatch watch = GpuWatch.open(choice, finder);
                Interruption interruption = Interruption.listen();
                ProgressLine progress = new ProgressLine(terminal, "ablate", interruption::asked)) {
            AblationReport begun = new AblationReport(AblationReport.VERSION, false, RunFacts.now(), Optional.empty(),
                    new AblationReport.Asked(model, techniques.stream().map(Technique::id).toList(), batch, prompt,
                            generate, repeats, PlainText.words(EngineChoice.Device.CUDA)),
                    RunFacts.machine(choice, watch.found()), RunFacts.versions(choice, Optional.empty()),
                    RunFacts.model(source), List.of(), List.of());
            tellForeign(begun);
            listener.tell(terminal, new RunEvent.Begun(techniques.stream().flatMap(t -> ways(only).stream()
                    .map(way -> part(t.id(), way))).toList()));
            report = new AblationRun((CudaEngine) choice.engine(), catalogue, workload,
                    new Keeping(progress, interruption), begun, only).run(techniques, RunFacts::now);
        } catch (CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        tell(report);
        return report.complete() && report.failures().isEmpty()
                ? CommandLineInterface.DONE
                : CommandLineInterface.FAILED;
    }

    /// Keeps what has been measured where a folder was named.
    private final class Keeping implements AblationRun.Progress {
        private final ProgressLine progress;
        private final Interruption interruption;
        private int measured; // told already
        private int failed;
        private boolean kept; // a state of it

        Keeping(ProgressLine progress, Interruption interruption) {
            this.progress = progress;
            this.interruption = interruption;
        }

        @Override
        public void begins(double done, String technique, Way way) {
            progress.update(done, part(technique, way));
            listener.tell(terminal, new RunEvent.Step(Optional.of(part(technique, way)), "pairs of runs in turns"));
        }

        @Override
        public void report(AblationReport report) throws IOException {
            report.ablations().stream().skip(measured).forEach(a -> listener.tell(terminal, compared(a)));
            report.failures().stream().skip(failed).forEach(f -> listener.tell(terminal,
                    new RunEvent.Failed(part(f.technique(), f.way()), f.reason())));
            measured = report.ablations().size();
            failed = report.failures().size();
            if (output.isPresent()) {
                if (!kept) {
                    EarlierFiles.putAblationAside(output.get()).ifPresent(aside -> terminal
                            .tell("an earlier " + AblationFile.NAME + " is in " + aside + " now"));
                    kept = true;
                }
                Path file = AblationFile.write(output.get(), report);
                listener.tell(terminal, new RunEvent.Kept(file.toString(), report.complete()));
            }
        }

        @Override
        public boolean stopped() {
            return interruption.asked();
        }
    }

    private static String part(String technique, Way way) {
        return technique + " " + way.label();
    }

    private static RunEvent compared(Ablation ablation) {
        Effect effect = ablation.tpot().orElseGet(ablation::ttft);
        return new RunEvent.Compared(part(ablation.technique(), ablation.way()),
                ablation.tpot().isPresent() ? "TPOT" : "TTFT", effect.factor(), effect.low(), effect.high());
    }

    private static List<Way> ways(Optional<Layer> only) {
        return only.isPresent() ? List.of(Way.REMOVED) : List.of(Way.values());
    }

    private void tell(AblationReport report) throws IOException {
        report.failures().forEach(f -> terminal.tell(f.technique() + " " + f.way().label() + ": " + f.reason()));
        if (!listener.json()) {
            ReportTable table = AblationTable.of(report);
            format.write(table, terminal.out());
        }
        output.ifPresent(folder -> terminal.err().println(folder.resolve(AblationFile.NAME)));
    }

    private List<Technique> techniques(Catalogue catalogue) {
        Set<String> asked = Set.copyOf(ids);
        for (String id : ids) {
            Technique technique = catalogue.find(id).orElseThrow(() -> new ParameterException(spec.commandLine(),
                    "no technique is called '" + id + "'; moelab techniques lists them"));
            if (!technique.isSwitch()) {
                throw new ParameterException(spec.commandLine(),
                        "technique " + id + " cannot be switched: " + technique.status().label());
            }
        }
        return catalogue.techniques().stream()
                .filter(t -> ids.isEmpty() ? t.isSwitch() : asked.contains(t.id())).toList();
    }

    private Optional<Layer> layer(Catalogue catalogue) {
        return layer.map(id -> catalogue.layer(id).filter(catalogue::isBuilt)
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "no layer is called '" + id
                        + "', or it brings no technique yet; moelab layers lists them")));
    }

    private Workload workload() {
        try {
            return new Workload(batch, prompt, generate, 1, repeats);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
