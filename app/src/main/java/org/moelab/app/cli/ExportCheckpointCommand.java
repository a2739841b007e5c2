package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.model.CheckpointLayout;
import org.moelab.gpu.model.CheckpointWriter;
import org.moelab.gpu.model.FirstLayers;
import org.moelab.gpu.model.WeightContent;
import org.moelab.gpu.model.WeightSource;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `moelab export-checkpoint`: a model as files that other programs load.
@Command(name = "export-checkpoint", description = {
        "Write a model as a checkpoint that Hugging Face transformers loads: bf16, experts as MXFP4.",
        "The folder appears when it is complete." })
final class ExportCheckpointCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @Option(names = "--seed", defaultValue = ""
            + ModelChoice.SEED, paramLabel = "S", description = "Of random weights (default: ${DEFAULT-VALUE}, as all verbs use).")
    private long seed;

    @Option(names = "--first-layers", paramLabel = "N", description = "Keep only the first N layers.")
    private Optional<Integer> firstLayers = Optional.empty();

    @Option(names = { "-o",
            "--output" }, required = true, paramLabel = "DIR", description = "The folder to make, in one that exists.")
    private Path output = Path.of("");

    ExportCheckpointCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        try (Work work = Work.begin(terminal); WeightSource source = source()) {
            WeightContent content = new WeightContent(source, CheckpointLayout.HUGGING_FACE);
            if (content.roundedTensors() > 0) {
                terminal.tell(content.roundedTensors() + " tensors are not bf16 and are rounded to it");
            }
            try (ProgressLine progress = work.progress(output.toString())) {
                CheckpointWriter.write(output, source.config(), CheckpointLayout.HUGGING_FACE,
                        CheckpointWriter.USUAL_SHARD_BYTES, content, progress);
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        terminal.out().println(output);
        return CommandLineInterface.DONE;
    }

    private WeightSource source() throws CommandFailure {
        WeightSource whole = ModelChoice.open(model, seed);
        return firstLayers.isPresent() ? new FirstLayers(whole, firstLayers.get()) : whole;
    }
}
