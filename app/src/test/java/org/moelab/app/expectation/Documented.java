package org.moelab.app.expectation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds JSON against a schema of `docs/schema`: every member must be described and of the type, every required one there.
public final class Documented {
    private final JsonNode root;
    private final List<String> faults = new ArrayList<>();

    private Documented(JsonNode root) {
        this.root = root;
    }

    /// What is wrong, a line each.
    public static List<String> faults(String json, String schema) throws IOException {
        Documented documented = new Documented(
                JsonMapper.shared().readTree(Files.readAllBytes(Path.of("../docs/schema", schema))));
        documented.check("", JsonMapper.shared().readTree(json), documented.root);
        return documented.faults;
    }

    private void check(String place, JsonNode value, JsonNode schema) {
        if (schema.has("$ref")) {
            check(place, value, root.at(schema.path("$ref").asString().substring(1)));
            return;
        }
        String type = schema.path("type").asString();
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> false;
        };
        if (!fits) {
            faults.add(place + " is no " + type + ": " + value.getNodeType());
        }
        if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
            faults.add(place + " is none of " + schema.path("enum"));
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asString())) {
                faults.add(place + " lacks " + name.asString());
            }
        });
        for (String name : value.propertyNames()) {
            check(place + "." + name, value.path(name), schema.path("properties").path(name));
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            check(place + "[" + i + "]", value.path(i), schema.path("items"));
        }
    }
}
