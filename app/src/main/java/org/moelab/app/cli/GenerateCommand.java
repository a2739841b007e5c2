package org.moelab.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.cuda.CudaException;
import org.moelab.gpu.engine.CudaEngine;
import org.moelab.gpu.engine.Generation;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.text.HarmonyTokenizer;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/// `moelab generate`: continues a prompt by the likeliest tokens.
@Command(name = "generate", description = "Continue a prompt by its likeliest tokens.")
final class GenerateCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private final Terminal terminal;

    @Option(names = "--model", required = true, paramLabel = "M", description = "tiny, gpt-oss-20b, gpt-oss-120b (random weights) or a checkpoint's folder.")
    private String model = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Prompt prompt = new Prompt();

    /// The prompt, in one of its forms.
    static final class Prompt {
        @Option(names = "--prompt-ids", split = ",", paramLabel = "ID", description = "Tokens of the prompt.")
        private List<Integer> ids = List.of();

        @Option(names = "--prompt", paramLabel = "TEXT", description = "Text of the prompt, for models with gpt-oss's vocabulary.")
        private Optional<String> text = Optional.empty();

        @Option(names = "--chat", paramLabel = "TEXT", description = "What a user says, as a message in harmony format.")
        private Optional<String> message = Optional.empty();

        List<Integer> tokens(Optional<HarmonyTokenizer> tokenizer) {
            return text.map(plain -> tokenizer.orElseThrow().encode(plain))
                    .or(() -> message.map(said -> tokenizer.orElseThrow().chat(said))).orElse(ids);
        }

        boolean isText() {
            return text.isPresent() || message.isPresent();
        }
    }

    @Option(names = "--max-new", defaultValue = "16", paramLabel = "N", description = "At most so many new tokens (default: ${DEFAULT-VALUE}).")
    private int newTokens;

    @Option(names = "--device", defaultValue = "auto", paramLabel = "D", description = "auto, cuda or cpu (default: ${DEFAULT-VALUE}).")
    private EngineChoice.Device device = EngineChoice.Device.AUTO;

    @Mixin
    private LayerOptions layers = new LayerOptions();

    @Option(names = "--with-logits", description = "Write the logits of each prompt position and each step.")
    private boolean withLogits;

    @Option(names = "--logits-file", paramLabel = "F", description = "Write them into F as little-endian float32, the experts chosen into F.experts, and what its rows are into F.json.")
    private Optional<Path> logitsFile = Optional.empty();

    @Option(names = "--format", defaultValue = "json", paramLabel = "F", description = "json, or text: what was generated (default: ${DEFAULT-VALUE}).")
    private Format format = Format.JSON;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    enum Format {
        JSON, TEXT
    }

    GenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (newTokens < 0) {
            throw new ParameterException(spec.commandLine(), "--max-new must be at least 0, not " + newTokens);
        }
        LayerOptions.Rung rung = layers.rung(Catalogue.load());
        try (WeightSource source = ModelChoice.open(model)) {
            int vocabulary = source.config().vocabulary();
            Optional<HarmonyTokenizer> tokenizer = HarmonyTokenizer.of(vocabulary);
            if (tokenizer.isEmpty() && (prompt.isText() || format == Format.TEXT)) {
                throw new CommandFailure(
                        source.name() + " has " + vocabulary + " tokens and no known tokenizer (gpt-oss has "
                                + HarmonyTokenizer.VOCABULARY + "): use --prompt-ids and --format json");
            }
            List<Integer> tokens = prompt.tokens(tokenizer);
            try (EngineChoice choice = EngineChoice.load(device, source, rung.techniques())) {
                Generation generation = Generation.greedy(choice.engine(), tokens, newTokens,
                        withLogits || logitsFile.isPresent());
                if (logitsFile.isPresent()) {
                    LogitsFile.write(logitsFile.get(), generation, generation.routing(choice.engine()),
                            source.config(), source.name(), choice.engine().device(),
                            choice.engine() instanceof CudaEngine ? rung.name() : "none");
                }
                switch (format) {
                    case JSON -> write(generation, tokenizer);
                    case TEXT -> terminal.out().println(tokenizer.orElseThrow().decode(generation.generated()));
                }
            }
        } catch (IllegalArgumentException | CudaException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
        return CommandLineInterface.DONE;
    }

    private void write(Generation generation, Optional<HarmonyTokenizer> tokenizer) {
        try (JsonGenerator json = JSON.createGenerator(terminal.out())) {
            json.writeStartObject();
            array(json, "prompt_ids", generation.prompt());
            array(json, "generated_ids", generation.generated());
            if (tokenizer.isPresent()) {
                json.writeStringProperty("text", tokenizer.get().decode(generation.generated()));
            }
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
