package org.moelab.app.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/// `moelab generate`: continues a prompt of token ids by the likeliest tokens.
@Command(name = "generate", description = "Continue a prompt by its likeliest tokens.")
final class GenerateCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final Terminal terminal;

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @Option(names = "--prompt-ids", required = true, split = ",", paramLabel = "ID", description = "Tokens of the prompt.")
    private List<Integer> prompt = List.of();

    @Option(names = "--max-new", defaultValue = "16", paramLabel = "N", description = "At most so many new tokens (default: ${DEFAULT-VALUE}).")
    private int newTokens;

    @Option(names = "--device", defaultValue = "auto", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.AUTO;

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--with-logits", description = "Write the logits of each prompt position and each step.")
    private boolean withLogits;

    @Option(names = "--format", defaultValue = "json", paramLabel = "F", description = "json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.JSON;

    enum Format {
        JSON
    }

    GenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        LayerOptions.Rung rung = layers.rung(Catalogue.load());
        try (WeightSource source = ModelChoice.open(model);
                EngineChoice choice = EngineChoice.load(device, source, rung.techniques())) {
            Generation generation = Generation.greedy(choice.engine(), prompt, newTokens, withLogits);
            switch (format) {
                case JSON -> write(generation);
            }
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        return CommandLineInterface.DONE;
    }

    private void write(Generation generation) {
        try (JsonGenerator json = JSON.createGenerator(terminal.out())) {
            json.writeStartObject();
            array(json, "prompt_ids", generation.prompt());
            array(json, "generated_ids", generation.generated());
            if (withLogits) {
                json.writeArrayPropertyStart("logits");
                for (float[] row : generation.logits()) {
                    json.writeStartArray();
                    for (float logit : row) {
                        json.writeNumber(logit);
                    }
                    json.writeEndArray();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        terminal.out().println();
    }

    private static void array(JsonGenerator json, String name, List<Integer> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeNumber);
        json.writeEndArray();
    }
}
