package org.moelab.gpu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds a file against a schema of `docs/schema`, as far as that uses JSON Schema; what the schema does not describe
/// counts as a fault, too.
final class Schema {
    private final JsonNode root;
    private final List<String> faults = new ArrayList<>();

    private Schema(JsonNode root) {
        this.root = root;
    }

    /// What is wrong with a file, a line each.
    static List<String> faults(Path file) throws IOException {
        return faults(file, "run.schema.json");
    }

    /// What is wrong with a file by a schema of this name, a line each.
    static List<String> faults(Path file, String name) throws IOException {
        Schema schema = new Schema(read(Path.of("../docs/schema").resolve(name)));
        schema.check("", read(file), schema.root);
        return schema.faults;
    }

    private static JsonNode read(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(file));
    }

    private void check(String place, JsonNode value, JsonNode schema) {
        if (schema.has("$ref")) {
            check(place, value, root.at(schema.path("$ref").asString().substring(1)));
            return;
        }
        checkScalar(place, value, schema);
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asString())) {
                faults.add(place + " lacks " + name.asString());
            }
        }
        if (schema.has("properties")) {
            for (String name : value.propertyNames()) {
                JsonNode member = schema.path("properties").path(name);
                if (member.isMissingNode()) {
                    faults.add(place + "." + name + " is not described");
                } else {
                    check(place + "." + name, value.path(name), member);
                }
            }
        }
        for (int i = 0; schema.has("items") && i < value.size(); i++) {
            check(place + "[" + i + "]", value.get(i), schema.path("items"));
        }
        for (JsonNode part : schema.path("allOf")) {
            String version = part.at("/if/properties/version/const").asString();
            if (value.path("version").asString().equals(version)) {
                check(place, value, part.path("then"));
            }
        }
    }

    private void checkScalar(String place, JsonNode value, JsonNode schema) {
        JsonNode type = schema.path("type");
        boolean typed = type.isMissingNode() || (type.isArray()
                ? StreamSupport.stream(type.spliterator(), false).anyMatch(t -> isOf(value, t.asString()))
                : isOf(value, type.asString()));
        if (!typed) {
            faults.add(place + " is not of type " + type);
        }
        if (schema.has("minimum") && value.asDouble(-1) < schema.path("minimum").asDouble()) {
            faults.add(place + " is below " + schema.path("minimum"));
        }
        if (schema.has("const") && !value.equals(schema.path("const"))) {
            faults.add(place + " is not " + schema.path("const"));
        }
        if (schema.has("enum")
                && StreamSupport.stream(schema.path("enum").spliterator(), false).noneMatch(value::equals)) {
            faults.add(place + " is none of " + schema.path("enum"));
        }
    }

    private static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> throw new IllegalArgumentException("type " + type);
        };
    }
}
