package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.app.run.Belonging;
import org.moelab.app.run.StoredRun;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.SweepReport;
import org.moelab.gpu.bench.SweepReport.Sweep;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.engine.ModelMemory;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.export.TableFormat;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `moelab analyze`: runs every layer, sweeps the highest, and reports.
@Command(name = "analyze", description = "Run every layer with its timeline, measure the machine's ceilings and the experts' loads, sweep the highest layer, and report: the one command.", footer = {
        "",
        "The model is gpt-oss-20b on a GPU and tiny on the processor where none is named. With --llm-analysis a summary of",
        "the findings, shown in full first, is sent to a language model in the end; the report tells what it wrote, as that.",
        "", "Examples:",
        "  moelab analyze --quick",
        "  moelab analyze --model gpt-oss-20b --sweep batch=1,8,32 --sweep precision=bf16,mxfp4,fp8 --ablate -o run",
        "  moelab analyze --resume run --profile all", "", RootCommand.EXIT_CODES })
final class AnalyzeCommand implements Callable<Integer> {
    private static final String ON_GPU = "gpt-oss-20b";
    private static final String ON_CPU = "tiny";

    private final Terminal terminal;

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private SweepOptions sweeps = new SweepOptions();

    @Option(names = "--ablate", description = "Also measure what each technique is worth, as moelab ablate does. Takes minutes.")
    private boolean ablate;

    @Mixin
    private LanguageOptions language = new LanguageOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    AnalyzeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        options.requireSense();
        sweeps.sweeps(options.quick(), false);
        language.check(spec);
        language.requireEndpoint();
        Optional<RunReport> earlier = options.earlier();
        LibraryFinder finder = LibraryFinder.of(Host.current());
        RunReport report;
        try (RunDirectory directory = RunDirectory.open(options.folder(), "analysis-", terminal,
                options.progress())) {
            // before the driver is started, which looking for a GPU does
            Optional<Cupti> cupti = ProfileOptions.open(options.profile(earlier), finder, options.device(earlier),
                    false, terminal);
            Catalogue catalogue = Catalogue.load();
            Optional<GpuMemory> gpu = options.device(earlier) == EngineChoice.Device.CPU
                    ? Optional.empty()
                    : GpuMemory.look();
            RunRequest request = options.request(catalogue, Optional.of(usualModel(catalogue, gpu)), gpu.isPresent(),
                    false, earlier);
            Analysis analysis = new Analysis(new Analysis.Setting(catalogue, request,
                    sweeps(directory.folder(), gpu.isPresent(), earlier), ablate, options.quick()), directory,
                    terminal);
            report = new LadderRun(request, directory, finder, cupti, terminal).run(analysis);
            tell(report, analysis);
            if (report.complete() && !directory.stopped()) {
                StoredRun run = StoredRun.read(directory.folder());
                new LanguageAdvice(language, terminal, directory::stopped).thenWrite(run, () -> terminal.out()
                        .println(Analysis.writeReport(run)));
            }
            terminal.out().println(directory.folder().resolve(RunFile.NAME));
        }
        return LadderRun.failed(report) ? CommandLineInterface.FAILED : CommandLineInterface.DONE;
    }

    /// The model that is worth looking at on this machine.
    private static String usualModel(Catalogue catalogue, Optional<GpuMemory> gpu) {
        return gpu.filter(memory -> new ModelMemory(ON_GPU, MoeConfig.gptOss20b())
                .fits(catalogue.upTo(catalogue.top()), memory.freeBytes())).isPresent() ? ON_GPU : ON_CPU;
    }

    /// The sweeps of this analysis; where it goes on with an earlier one and nothing else was said, those of that.
    private List<Sweep> sweeps(Path folder, boolean onGpu, Optional<RunReport> resumed)
            throws IOException, CommandFailure {
        List<Sweep> asked = sweeps.sweeps(options.quick(), onGpu);
        Optional<SweepReport> earlier = resumed.isPresent()
                ? Belonging.sweeps(folder, resumed.get())
                : Optional.empty();
        if (earlier.isEmpty()) {
            return asked;
        }
        List<Sweep> then = earlier.get().asked().sweeps();
        if (sweeps.areGiven()) {
            RunRequest.requireSame("--sweep", text(then), text(asked));
        }
        return then;
    }

    private static String text(List<Sweep> sweeps) {
        return sweeps.isEmpty()
                ? "none"
                : String.join(" ", sweeps.stream().map(s -> s.axis() + "=" + String.join(",", s.values())).toList());
    }

    private void tell(RunReport report, Analysis analysis) throws IOException {
        terminal.out().println(report.model().name() + " on " + report.machine().device() + ": batch "
                + report.asked().batch() + ", prompt " + report.asked().prompt() + ", " + report.asked().generate()
                + " new tokens, " + report.asked().repeats() + " runs");
        TableFormat.TABLE.write(AnalysisTables.ladder(report.layers()), terminal.out());
        if (analysis.swept().isPresent()) {
            SweepReport swept = analysis.swept().get();
            terminal.out().println();
            terminal.out().println("layer " + swept.asked().layer() + ", one thing varied:");
            TableFormat.TABLE.write(AnalysisTables.sweeps(swept), terminal.out());
            for (SweepReport.Axis axis : swept.axes()) {
                axis.notMeasured().ifPresent(what -> terminal.out().println("not measured: " + what));
            }
        }
        if (analysis.ablated().isPresent()) {
            terminal.out().println();
            TableFormat.TABLE.write(AblationTable.of(analysis.ablated().get()), terminal.out());
        }
        terminal.out().println();
    }
}
