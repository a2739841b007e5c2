package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.moelab.app.profiling.ProfileChoice;
import org.moelab.gpu.bench.RunFile;
import org.moelab.gpu.bench.RunReport;
import org.moelab.gpu.bench.Workload;
import org.moelab.gpu.technique.Catalogue;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of what runs layers: which, on what, how much, and where the result goes.
final class RunOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--model", paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private Optional<String> model = Optional.empty();

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--batch", paramLabel = "B", description = "Sequences side by side (default: 1).")
    private Optional<Integer> batch = Optional.empty();

    @Option(names = "--prompt", paramLabel = "P", description = "Tokens of a prompt (default: 512).")
    private Optional<Integer> prompt = Optional.empty();

    @Option(names = "--generate", paramLabel = "G", description = "New tokens of each sequence (default: 128).")
    private Optional<Integer> generate = Optional.empty();

    @Option(names = "--repeats", paramLabel = "N", description = "Runs that count, after one to warm up (default: 3).")
    private Optional<Integer> repeats = Optional.empty();

    @Option(names = "--quick", description = "Less of all that is not said otherwise: 32 new tokens; on the processor 8 after a prompt of 32.")
    private boolean quick;

    @Option(names = "--device", paramLabel = "D", description = "auto, cuda or cpu (default: auto).")
    private Optional<EngineChoice.Device> device = Optional.empty();

    @Mixin
    private ProfileOptions profile = new ProfileOptions();

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    @Option(names = { "-o",
            "--output" }, paramLabel = "DIR", description = "The run directory (default: a new one that is called after the time).")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the run in DIR where it was interrupted; what is not said is as it was there.")
    private Optional<Path> resume = Optional.empty();

    /// How much to run where nothing was said.
    record Sizes(int batch, int prompt, int generate, int repeats) {
        private static final Sizes USUAL = new Sizes(1, 512, 128, 3);
        private static final Sizes QUICK = new Sizes(1, 512, 32, 3);
        private static final Sizes QUICK_ON_CPU = new Sizes(1, 32, 8, 3);

        private static Sizes of(RunReport.Asked asked) {
            return new Sizes(asked.batch(), asked.prompt(), asked.generate(), asked.repeats());
        }
    }

    /// How a program that started this one hears how the run goes.
    ProgressOptions progress() {
        return progress;
    }

    /// Whether less is to be measured.
    boolean quick() {
        return quick;
    }

    /// The directory that an earlier session wrote, where this one goes on with it.
    Optional<Path> resumed() {
        return resume;
    }

    /// The directory that was named, if one was.
    ///
    /// @throws ParameterException where two were
    Optional<Path> folder() {
        if (resume.isPresent() && output.isPresent()) {
            throw usage("--resume DIR goes on in DIR; --output names another");
        }
        return resume.or(() -> output);
    }

    /// What an earlier session kept, where this one goes on with it.
    ///
    /// @throws CommandFailure where another build kept it
    Optional<RunReport> earlier() throws IOException, CommandFailure {
        if (resume.isEmpty()) {
            return Optional.empty();
        }
        RunReport report = RunFile.read(resume.get());
        RunRequest.requireSameBuild(report);
        return Optional.of(report);
    }

    /// The device, as far as it was said.
    EngineChoice.Device device(Optional<RunReport> earlier) {
        return device.or(() -> earlier.map(
                report -> EngineChoice.Device.valueOf(report.asked().device().toUpperCase(Locale.ROOT))))
                .orElse(EngineChoice.Device.AUTO);
    }

    /// What to record beside the times, as far as it was said.
    Optional<ProfileChoice> profile(Optional<RunReport> earlier) {
        return profile.choice()
                .or(() -> earlier.flatMap(report -> report.asked().profile()).flatMap(ProfileChoice::of));
    }

    /// Checks what can be checked before anything is opened.
    void requireSense() {
        profile.choice();
        folder();
        sizes(Sizes.USUAL);
    }

    /// What to run.
    ///
    /// @param otherwise the model where none was named; empty where one must be
    /// @param onGpu whether it will run on a GPU
    /// @param strict whether it is a failure where timelines alone were asked for and cannot be had
    /// @throws CommandFailure where the earlier session ran something else
    RunRequest request(Catalogue catalogue, Optional<String> otherwise, boolean onGpu, boolean strict,
            Optional<RunReport> earlier) throws CommandFailure {
        String named = model.or(() -> earlier.map(report -> report.asked().model())).or(() -> otherwise)
                .orElseThrow(() -> usage("Missing required option: '--model=M'"));
        Sizes usual = earlier.map(report -> Sizes.of(report.asked()))
                .orElse(!quick ? Sizes.USUAL : onGpu ? Sizes.QUICK : Sizes.QUICK_ON_CPU);
        List<LayerOptions.Rung> rungs = earlier.isPresent() && !layers.areGiven()
                ? LayerOptions.named(catalogue, earlier.get().asked().layers())
                : layers.rungs(catalogue, "all");
        RunRequest request = new RunRequest(named, rungs, sizes(usual), device(earlier), profile(earlier),
                profile.layers(catalogue, rungs), profile.steps(), strict, earlier);
        if (earlier.isPresent()) {
            requireSame(earlier.get().asked(), request.asked(false));
        }
        return request;
    }

    private static void requireSame(RunReport.Asked then, RunReport.Asked now) throws CommandFailure {
        RunRequest.requireSame("--model", then.model(), now.model());
        RunRequest.requireSame("--layers", String.join(",", then.layers()), String.join(",", now.layers()));
        RunRequest.requireSame("--batch", Integer.toString(then.batch()), Integer.toString(now.batch()));
        RunRequest.requireSame("--prompt", Integer.toString(then.prompt()), Integer.toString(now.prompt()));
        RunRequest.requireSame("--generate", Integer.toString(then.generate()), Integer.toString(now.generate()));
        RunRequest.requireSame("--repeats", Integer.toString(then.repeats()), Integer.toString(now.repeats()));
    }

    private Workload sizes(Sizes usual) {
        try {
            return new Workload(batch.orElse(usual.batch), prompt.orElse(usual.prompt),
                    generate.orElse(usual.generate), 1, repeats.orElse(usual.repeats));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
