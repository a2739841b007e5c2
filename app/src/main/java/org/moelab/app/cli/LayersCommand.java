package org.moelab.app.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.moelab.gpu.engine.ModelMemory;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;
import org.moelab.traces.model.Unit;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `moelab layers`: the ladder.
@Command(name = "layers", description = "List the layers and how much of each is built.")
final class LayersCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", description = "Write JSON.")
    private boolean json;

    @Option(names = "--model", paramLabel = "M", description = "Say for this model what its weights take in each layer, and whether the GPU has room.")
    private Optional<String> model = Optional.empty();

    LayersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure {
        Catalogue catalogue = Catalogue.load();
        Optional<ModelMemory> memory = model.isEmpty() ? Optional.empty() : Optional.of(memory(model.get()));
        Optional<GpuMemory> gpu = memory.isEmpty() ? Optional.empty() : GpuMemory.look();
        if (json) {
            terminal.out().println(json(catalogue, memory, gpu).toPrettyString());
        } else {
            for (Layer layer : catalogue.layers()) {
                String room = memory.map(m -> room(catalogue, layer, m, gpu)).orElse("");
                terminal.out().printf("%-9s %-26s %7s  %s%s%n", layer.id(), layer.name(), share(catalogue, layer),
                        room, layer.summary());
            }
        }
        return CommandLineInterface.DONE;
    }

    private static ModelMemory memory(String model) throws CommandFailure {
        try (WeightSource source = ModelChoice.open(model)) {
            return new ModelMemory(source.name(), source.config());
        }
    }

    /// What a layer's weights take, and whether that fits.
    private static String room(Catalogue catalogue, Layer layer, ModelMemory memory, Optional<GpuMemory> gpu) {
        String fits = gpu.map(g -> memory.fits(catalogue.upTo(layer), g.freeBytes()) ? "fits" : "too large")
                .orElse("no GPU");
        return String.format(Locale.ROOT, "%9s %-9s  ",
                Unit.BYTES.format(memory.weights(catalogue.upTo(layer))), fits);
    }

    /// How many of a layer's techniques change what runs without being asked for.
    private static String share(Catalogue catalogue, Layer layer) {
        return layer.number() == 0
                ? "–"
                : count(catalogue, layer, Technique.Status.DONE) + " of " + catalogue.of(layer).size();
    }

    private static long count(Catalogue catalogue, Layer layer, Technique.Status status) {
        return catalogue.of(layer).stream().filter(t -> t.status() == status).count();
    }

    private static ArrayNode json(Catalogue catalogue, Optional<ModelMemory> memory, Optional<GpuMemory> gpu) {
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (Layer layer : catalogue.layers()) {
            ObjectNode node = array.addObject().put("id", layer.id()).put("number", layer.number())
                    .put("name", layer.name()).put("chapters", layer.chapters()).put("summary", layer.summary())
                    .put("built", catalogue.isBuilt(layer))
                    .put("techniques_done", count(catalogue, layer, Technique.Status.DONE))
                    .put("techniques_on_request", count(catalogue, layer, Technique.Status.ON_REQUEST));
            memory.ifPresent(m -> {
                node.put("weights_bytes", m.weights(catalogue.upTo(layer)));
                gpu.ifPresent(g -> node.put("fits", m.fits(catalogue.upTo(layer), g.freeBytes())));
            });
            ArrayNode techniques = node.putArray("techniques");
            catalogue.of(layer).forEach(t -> techniques.add(t.id()));
        }
        return array;
    }
}
