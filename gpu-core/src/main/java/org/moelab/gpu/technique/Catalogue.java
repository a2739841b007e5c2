package org.moelab.gpu.technique;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// All layers and techniques, read from `catalogue.json`.
///
/// @param layers from the baseline up
/// @param techniques by layer
public record Catalogue(List<Layer> layers, List<Technique> techniques) {
    public Catalogue {
        layers = List.copyOf(layers);
        techniques = List.copyOf(techniques);
    }

    /// The catalogue of this build.
    public static Catalogue load() {
        try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.json")) {
            JsonNode root = JsonMapper.shared().readTree(in);
            List<Layer> layers = new ArrayList<>();
            root.get("layers").forEach(n -> layers
                    .add(new Layer(n.get("number").asInt(), text(n, "name"), text(n, "chapters"), text(n, "summary"))));
            List<Technique> techniques = new ArrayList<>();
            root.get("techniques").forEach(n -> techniques.add(technique(n)));
            return new Catalogue(layers, techniques);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Technique technique(JsonNode n) {
        Technique.Status status = Stream.of(Technique.Status.values()).filter(s -> s.label().equals(text(n, "status")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "technique " + text(n, "id") + " has the status " + text(n, "status")));
        return new Technique(text(n, "id"), text(n, "name"), n.get("layer").asInt(), n.get("chapter").asInt(),
                text(n, "what"), text(n, "how"), text(n, "needs"),
                texts(n, "requires"), texts(n, "kernels"), text(n, "metric"), status, text(n, "reason"));
    }

    private static String text(JsonNode node, String key) {
        return node.get(key).asString();
    }

    /// The texts of a list; none where there is no such list.
    private static List<String> texts(JsonNode node, String key) {
        return node.path(key).valueStream().map(JsonNode::asString).toList();
    }

    /// The layer that a command line names: `baseline` or a number.
    public Optional<Layer> layer(String id) {
        return layers.stream().filter(l -> l.id().equals(id) || l.number() == 0 && id.equals("0")).findFirst();
    }

    /// The techniques that one layer brings.
    public List<Technique> of(Layer layer) {
        return techniques.stream().filter(t -> t.layer() == layer.number()).toList();
    }

    /// The ids of the techniques that are on in a layer: those done in it and in all below, without those on request.
    public Set<String> upTo(Layer layer) {
        return techniques.stream().filter(t -> t.layer() <= layer.number() && t.status() == Technique.Status.DONE)
                .map(Technique::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The ids of the fewest techniques that show what one does: itself and what it requires.
    ///
    /// @throws IllegalArgumentException where no technique has this id
    public Set<String> alone(String id) {
        Set<String> on = new HashSet<>(Set.of(id));
        for (String required : technique(id).requires()) {
            on.addAll(alone(required));
        }
        return Set.copyOf(on);
    }

    /// The ids of the techniques of the highest layer that is built, without one.
    ///
    /// @throws IllegalArgumentException where no technique has this id
    public Set<String> topWithout(String id) {
        Set<String> on = new HashSet<>(upTo(top()));
        on.remove(technique(id).id());
        return Set.copyOf(on);
    }

    /// The ids of the techniques of the highest layer that is built, with one on request and what it requires.
    ///
    /// @throws IllegalArgumentException where no technique has this id
    public Set<String> topWith(String id) {
        Set<String> on = new HashSet<>(upTo(top()));
        on.addAll(alone(id));
        return Set.copyOf(on);
    }

    /// The highest layer that changes what runs.
    public Layer top() {
        return layers.stream().filter(this::isBuilt).reduce((_, last) -> last).orElseThrow();
    }

    private Technique technique(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("no technique is called '" + id + "'"));
    }

    /// The technique with this id.
    public Optional<Technique> find(String id) {
        return techniques.stream().filter(t -> t.id().equals(id)).findFirst();
    }

    /// Whether a layer changes what runs: it brings at least one technique that is done.
    public boolean isBuilt(Layer layer) {
        return layer.number() == 0 || of(layer).stream().anyMatch(t -> t.status() == Technique.Status.DONE);
    }
}
