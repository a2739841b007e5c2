package org.moelab.app.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.cuda.Cupti;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.technique.Catalogue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `moelab run`: runs layers, measures them and writes a run directory.
@Command(name = "run", description = "Run layers, measure them, and write a run directory.")
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private RunOptions options = new RunOptions();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        options.requireSense();
        options.progress().endWithListener();
        Optional<RunReport> earlier = options.earlier();
        LibraryFinder finder = LibraryFinder.of(Host.current());
        RunReport report;
        try (RunDirectory directory = RunDirectory.open(options.folder(), "run-", terminal,
                options.progress())) {
            // before the driver is started, which looking for a GPU and loading an engine do
            Optional<Cupti> cupti = ProfileOptions.open(options.profile(earlier), finder, options.device(earlier),
                    true, terminal);
            boolean onGpu = options.quick() && options.device(earlier) != EngineChoice.Device.CPU
                    && GpuMemory.look().isPresent();
            RunRequest request = options.request(Catalogue.load(), Optional.empty(), onGpu, true, earlier);
            report = request.isDone()
                    ? earlier.orElseThrow()
                    : new LadderRun(request, directory, finder, cupti, terminal).run(LadderRun.Further.NONE);
            if (!options.progress().json()) {
                terminal.out().println(directory.folder().resolve(RunFile.NAME));
            }
        }
        return LadderRun.failed(report) ? CommandLineInterface.FAILED : CommandLineInterface.DONE;
    }
}
