package org.moelab.app.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.gpu.technique.Technique;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say which layers run, and which single techniques to leave out of them.
final class LayerOptions {
    private static final String ONLY = "only";
    private static final String WITH = "with";
    private static final String WITHOUT = "without";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--layers", split = ",", paramLabel = "L", description = "baseline, 1 to 6, several, or all: every layer that this build has.")
    private List<String> names = List.of();

    @Option(names = "--with", split = ",", paramLabel = "ID", description = "Techniques to add that are on request, by id, with what they require: to the layer that each belongs to and those above.")
    private List<String> with = List.of();

    @Option(names = "--without", split = ",", paramLabel = "ID", hidden = true, description = "Techniques to leave out, by id.")
    private List<String> without = List.of();

    @Option(names = "--only", split = ",", paramLabel = "ID", hidden = true, description = "The only techniques to switch on, by id, whatever the layer.")
    private List<String> only = List.of();

    /// A layer to run, with the techniques that are on.
    ///
    /// @param name the layer's id, what was added to it, and what was left out
    record Rung(String name, Set<String> techniques) {}

    /// The layers asked for, from the lowest up.
    ///
    /// @param otherwise what to run where nothing was asked for, as `--layers` names it
    /// @throws CommandFailure where a layer has nothing to run yet
    List<Rung> rungs(Catalogue catalogue, String otherwise) throws CommandFailure {
        requireTechniques(catalogue, with);
        requireTechniques(catalogue, without);
        requireTechniques(catalogue, only);
        List<Layer> layers = layers(catalogue, names.isEmpty() ? List.of(otherwise) : names);
        requireLayers(catalogue, layers);
        List<Rung> rungs = new ArrayList<>();
        for (Layer layer : layers) {
            requireBuilt(catalogue, layer);
            rungs.add(rung(catalogue, layer));
        }
        return rungs;
    }

    /// Whether anything was said about layers.
    boolean areGiven() {
        return !(names.isEmpty() && with.isEmpty() && without.isEmpty() && only.isEmpty());
    }

    /// The layers of these names, as an earlier run had them.
    ///
    /// @throws CommandFailure where this build does not know one
    static List<Rung> named(Catalogue catalogue, List<String> names) throws CommandFailure {
        List<Rung> rungs = new ArrayList<>();
        for (String name : names) {
            LayerOptions options = new LayerOptions();
            List<String> words = List.of(name.split(" ", -1));
            options.with = after(words, WITH);
            options.without = after(words, WITHOUT);
            options.only = after(words, ONLY);
            Layer layer = catalogue.layer(words.getFirst()).filter(catalogue::isBuilt)
                    .orElseThrow(() -> new CommandFailure("this build has no layer '" + name + "'"));
            for (String id : Stream.of(options.with, options.without, options.only).flatMap(List::stream).toList()) {
                if (catalogue.find(id).isEmpty()) {
                    throw new CommandFailure("this build has no technique '" + id + "' of layer '" + name + "'");
                }
            }
            rungs.add(options.rung(catalogue, layer));
        }
        return rungs;
    }

    /// The arguments that ask for the layer of a name.
    static List<String> arguments(String name) {
        List<String> words = List.of(name.split(" ", -1));
        List<String> arguments = new ArrayList<>(List.of("--layers", words.getFirst()));
        for (String word : List.of(ONLY, WITH, WITHOUT)) {
            List<String> ids = after(words, word);
            if (!ids.isEmpty()) {
                arguments.addAll(List.of("--" + word, String.join(",", ids)));
            }
        }
        return arguments;
    }

    private static List<String> after(List<String> words, String word) {
        int at = words.indexOf(word);
        return at < 0 || at + 1 >= words.size() ? List.of() : List.of(words.get(at + 1).split(",", -1));
    }

    private static void requireBuilt(Catalogue catalogue, Layer layer) throws CommandFailure {
        if (!catalogue.isBuilt(layer)) {
            throw new CommandFailure("layer " + layer.id() + " (" + layer.name()
                    + ") brings no technique yet; to be had are " + ids(built(catalogue)));
        }
    }

    private Rung rung(Catalogue catalogue, Layer layer) {
        Set<String> on = new HashSet<>(only.isEmpty() ? catalogue.upTo(layer) : only);
        List<String> added = with.stream().filter(id -> takes(catalogue, layer, id) && !on.contains(id)).distinct()
                .toList();
        added.forEach(id -> on.addAll(catalogue.alone(id)));
        on.removeAll(without);
        return new Rung(layer.id() + suffix(ONLY, only) + suffix(WITH, added) + suffix(WITHOUT, without),
                Set.copyOf(on));
    }

    private static String suffix(String word, List<String> ids) {
        return ids.isEmpty() ? "" : " " + word + " " + String.join(",", ids);
    }

    /// The one layer asked for, the highest that there is where none was.
    Rung rung(Catalogue catalogue) throws CommandFailure {
        List<Rung> rungs = rungs(catalogue, built(catalogue).getLast().id());
        if (rungs.size() > 1) {
            throw usage("one layer at a time");
        }
        return rungs.getFirst();
    }

    private List<Layer> layers(Catalogue catalogue, List<String> ids) {
        Set<Layer> layers = new LinkedHashSet<>();
        for (String id : ids) {
            if (id.equals("all")) {
                layers.addAll(built(catalogue));
            } else {
                layers.add(catalogue.layer(id).orElseThrow(() -> usage("no layer is called '" + id + "'; there are "
                        + ids(catalogue.layers()))));
            }
        }
        return catalogue.layers().stream().filter(layers::contains).toList();
    }

    private static List<Layer> built(Catalogue catalogue) {
        return catalogue.layers().stream().filter(catalogue::isBuilt).toList();
    }

    private static String ids(List<Layer> layers) {
        return layers.stream().map(Layer::id).collect(Collectors.joining(", "));
    }

    /// Whether a technique that was asked for is added to a layer: from its own up, or to single techniques.
    private boolean takes(Catalogue catalogue, Layer layer, String id) {
        return !only.isEmpty() || catalogue.find(id).orElseThrow().layer() <= layer.number();
    }

    /// Nothing that is asked for stays without effect unnoticed.
    private void requireLayers(Catalogue catalogue, List<Layer> layers) {
        for (String id : with) {
            if (layers.stream().noneMatch(layer -> takes(catalogue, layer, id))) {
                throw usage("technique " + id + " belongs to layer " + catalogue.find(id).orElseThrow().layer()
                        + ": run that layer or one above with it");
            }
        }
    }

    private void requireTechniques(Catalogue catalogue, List<String> ids) {
        for (String id : ids) {
            Technique technique = catalogue.find(id)
                    .orElseThrow(() -> usage("no technique is called '" + id + "'; moelab techniques lists them"));
            if (!technique.isSwitch()) {
                throw usage("technique " + id + " cannot be switched: " + technique.status().label());
            }
        }
    }

    private ParameterException usage(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
