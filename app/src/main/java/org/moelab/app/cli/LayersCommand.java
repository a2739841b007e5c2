package org.moelab.app.cli;

import java.util.concurrent.Callable;

import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

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

    LayersCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Catalogue catalogue = Catalogue.load();
        if (json) {
            terminal.out().println(json(catalogue).toPrettyString());
        } else {
            for (Layer layer : catalogue.layers()) {
                terminal.out().printf("%-9s %-26s %7s  %s%n", layer.id(), layer.name(), share(catalogue, layer),
                        layer.summary());
            }
        }
        return CommandLineInterface.DONE;
    }

    /// How many of a layer's techniques change what runs.
    private static String share(Catalogue catalogue, Layer layer) {
        return layer.number() == 0 ? "–" : done(catalogue, layer) + " of " + catalogue.of(layer).size();
    }

    private static long done(Catalogue catalogue, Layer layer) {
        return catalogue.of(layer).stream().filter(t -> t.status() == Technique.Status.DONE).count();
    }

    private static ArrayNode json(Catalogue catalogue) {
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (Layer layer : catalogue.layers()) {
            ObjectNode node = array.addObject().put("id", layer.id()).put("number", layer.number())
                    .put("name", layer.name()).put("chapters", layer.chapters()).put("summary", layer.summary())
                    .put("built", catalogue.isBuilt(layer)).put("techniques_done", done(catalogue, layer));
            ArrayNode techniques = node.putArray("techniques");
            catalogue.of(layer).forEach(t -> techniques.add(t.id()));
        }
        return array;
    }
}
