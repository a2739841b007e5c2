package org.moelab.app.language;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How an endpoint is spoken to.
public enum Dialect {
    /// Anthropic's messages.
    ANTHROPIC("ANTHROPIC_API_KEY", "/messages") {
        @Override
        Map<String, String> headers(Optional<ApiKey> key) {
            return key.map(k -> Map.of("x-api-key", k.value(), "anthropic-version", VERSION))
                    .orElse(Map.of("anthropic-version", VERSION));
        }

        @Override
        String body(String model, Question question) {
            ObjectNode root = JsonMapper.shared().createObjectNode();
            root.put("model", model).put("max_tokens", MOST_TOKENS).put("system", question.instructions());
            root.putArray("messages").addObject().put("role", "user").put("content", question.summary());
            return root.toString();
        }

        @Override
        Optional<String> text(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            for (JsonNode part : answer.path("content")) {
                if (part.path("type").asString("").equals("text")) {
                    text.append(part.path("text").asString(""));
                }
            }
            return Optional.of(text.toString());
        }

        @Override
        boolean cut(JsonNode answer) {
            return answer.path("stop_reason").asString("").equals("max_tokens");
        }
    },
    /// OpenAI's chat completions, which most servers of open models speak, too.
    OPENAI("OPENAI_API_KEY", "/chat/completions") {
        @Override
        Map<String, String> headers(Optional<ApiKey> key) {
            return key.map(k -> Map.of("Authorization", "Bearer " + k.value())).orElse(Map.of());
        }

        @Override
        String body(String model, Question question) {
            ObjectNode root = JsonMapper.shared().createObjectNode();
            root.put("model", model);
            ArrayNode messages = root.putArray("messages");
            messages.addObject().put("role", "system").put("content", question.instructions());
            messages.addObject().put("role", "user").put("content", question.summary());
            return root.toString();
        }

        @Override
        Optional<String> text(JsonNode answer) {
            JsonNode content = answer.path("choices").path(0).path("message").path("content");
            return content.isString() ? Optional.of(content.asString()) : Optional.empty();
        }

        @Override
        boolean cut(JsonNode answer) {
            return answer.path("choices").path(0).path("finish_reason").asString("").equals("length");
        }
    };

    private static final String VERSION = "2023-06-01";
    private static final int MOST_TOKENS = 4096;

    private final String keyVariable;
    private final String path;

    Dialect(String keyVariable, String path) {
        this.keyVariable = keyVariable;
        this.path = path;
    }

    /// The dialect that an endpoint's address tells: Anthropic's where host or path say so, else OpenAI's.
    public static Dialect of(URI endpoint) {
        String host = Optional.ofNullable(endpoint.getHost()).orElse("").toLowerCase(Locale.ROOT);
        String path = Optional.ofNullable(endpoint.getPath()).orElse("");
        return host.contains("anthropic") || path.endsWith(ANTHROPIC.path) ? ANTHROPIC : OPENAI;
    }

    /// The address that questions go to: an address without a path is completed.
    URI address(URI endpoint) {
        String text = endpoint.toString().replaceAll("/+$", "");
        if (text.endsWith(path)) {
            return URI.create(text);
        }
        return URI.create(text + (text.endsWith("/v1") ? "" : "/v1") + path);
    }

    /// The variable of the environment that usually holds the key.
    public String keyVariable() {
        return keyVariable;
    }

    /// The word for people and for the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Map<String, String> headers(Optional<ApiKey> key);

    abstract String body(String model, Question question);

    /// The text of an answer; empty or blank where it has none.
    abstract Optional<String> text(JsonNode answer);

    /// Whether the answer was cut off at its longest.
    abstract boolean cut(JsonNode answer);
}
