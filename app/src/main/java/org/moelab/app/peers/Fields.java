package org.moelab.app.peers;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/// An object of a file, whose members may be missing, of another type, or numbers written as text.
record Fields(JsonNode node) {
    boolean has(String... names) {
        return node.isObject() && Stream.of(names).allMatch(node::has);
    }

    Fields of(String name) {
        return new Fields(node.path(name));
    }

    /// The objects of a list.
    List<Fields> all(String name) {
        return node.path(name).isArray()
                ? node.path(name).values().stream().filter(JsonNode::isObject).map(Fields::new).toList()
                : List.of();
    }

    /// A text that is not empty; of a list, the first.
    Optional<String> text(String name) {
        JsonNode value = node.path(name).isArray() ? node.path(name).path(0) : node.path(name);
        return value.isString() && !value.asString().isBlank()
                ? Optional.of(value.asString().strip())
                : Optional.empty();
    }

    /// A finite number that is not negative.
    Optional<Double> number(String name) {
        JsonNode value = node.path(name);
        if (value.isNumber()) {
            return valid(value.asDouble());
        }
        if (!value.isString()) {
            return Optional.empty();
        }
        try {
            return valid(Double.parseDouble(value.asString().replace(",", "").strip()));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Double> valid(double value) {
        return Double.isFinite(value) && value >= 0 ? Optional.of(value) : Optional.empty();
    }

    /// A number that is not zero: rates and times of what was not measured are zero in some files.
    Optional<Double> positive(String name) {
        return number(name).filter(v -> v > 0);
    }

    Optional<Integer> count(String name) {
        return positive(name).map(v -> (int) Math.round(v));
    }

    boolean isTrue(String name) {
        JsonNode value = node.path(name);
        return value.isBoolean() ? value.asBoolean() : number(name).filter(v -> v != 0).isPresent();
    }
}
