package org.moelab.gpu.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A model's sizes as a checkpoint's `config.json` gives them, in the forms of transformers 4 and 5 and of OpenAI's own
/// code.
final class ConfigJson {
    static final String FILE = "config.json";
    static final String GENERATION = "generation_config.json";
    private static final String MODEL_TYPE = "gpt_oss";
    private static final String QUANTIZATION = "mxfp4";
    /// Far above any model, and far below what would fill memory with names of tensors.
    private static final int MOST_LAYERS = 10_000;
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";
    /// What gpt-oss uses where a configuration does not say.
    private static final double DEFAULT_SWIGLU_LIMIT = 7.0;
    /// The gain within the activation, which newer versions of transformers may write.
    private static final double SWIGLU_ALPHA = 1.702;
    private static final double DEFAULT_EPSILON = 1e-5;

    private final Path file;
    private final JsonNode root;

    private ConfigJson(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /// Reads the sizes of the model in a folder.
    ///
    /// @throws CheckpointException where the file is missing or damaged, or describes another architecture
    static MoeConfig read(Path folder) throws CheckpointException {
        Path file = folder.resolve(FILE);
        return new ConfigJson(file, SafetensorsFile.readJson(file)).config();
    }

    private MoeConfig config() throws CheckpointException {
        requireArchitecture();
        int layers = whole("num_hidden_layers");
        if (layers > MOST_LAYERS) {
            throw new CheckpointException(file, "num_hidden_layers: " + layers + " are more than " + MOST_LAYERS);
        }
        List<Boolean> sliding = sliding(layers);
        try {
            return new MoeConfig(layers, whole("num_local_experts", "num_experts"),
                    whole("num_experts_per_tok", "experts_per_token"), whole("hidden_size"),
                    whole("intermediate_size"), whole("vocab_size"), whole("num_attention_heads"),
                    whole("num_key_value_heads"), headSize(), sliding.contains(true) ? whole("sliding_window") : 0,
                    sliding, contextLength(), (float) number(root, "rms_norm_eps", DEFAULT_EPSILON),
                    (float) number(root, "swiglu_limit", DEFAULT_SWIGLU_LIMIT), rope(), endTokens());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /// OpenAI's own configuration names no architecture; only it counts `num_experts` together with `swiglu_limit`.
    private void requireArchitecture() throws CheckpointException {
        String type = root.path("model_type").asString("");
        boolean original = type.isEmpty() && root.has("num_experts") && root.has("swiglu_limit");
        if (!type.equals(MODEL_TYPE) && !original) {
            throw new CheckpointException(file, "describes a model of type '" + (type.isEmpty() ? "unknown" : type)
                    + "', the lab runs " + MODEL_TYPE);
        }
        if (root.path("tie_word_embeddings").asBoolean(false)) {
            throw new CheckpointException(file, "ties the unembedding to the embedding, which gpt-oss does not");
        }
        if (!root.path("attention_bias").asBoolean(true)) {
            throw new CheckpointException(file, "has no attention biases, which gpt-oss has");
        }
        JsonNode quantization = root.path("quantization_config");
        String method = quantization.path("quant_method").asString("");
        if (quantization.isObject() && !method.equals(QUANTIZATION)) {
            throw new CheckpointException(file, "quantization_config: the method is '" + method + "', the lab reads "
                    + QUANTIZATION);
        }
        double alpha = number(root, "swiglu_alpha", SWIGLU_ALPHA);
        if (alpha != SWIGLU_ALPHA) {
            throw new CheckpointException(file, "swiglu_alpha is " + alpha + ", gpt-oss has " + SWIGLU_ALPHA);
        }
        String activation = root.path("hidden_act").asString("silu");
        if (!activation.equals("silu")) {
            throw new CheckpointException(file, "uses the activation '" + activation + "', gpt-oss uses silu");
        }
    }

    private List<Boolean> sliding(int layers) throws CheckpointException {
        JsonNode types = root.path("layer_types");
        if (!types.isArray()) {
            return MoeConfig.alternating(layers);
        }
        List<Boolean> sliding = new ArrayList<>();
        for (JsonNode type : types) {
            if (!type.asString("").equals(SLIDING) && !type.asString("").equals(FULL)) {
                throw new CheckpointException(file, "layer_types: " + type + " is neither " + SLIDING + " nor " + FULL);
            }
            sliding.add(type.asString("").equals(SLIDING));
        }
        return sliding;
    }

    /// Where it is not told, the hidden state parted among the heads, as transformers has it.
    private int headSize() throws CheckpointException {
        JsonNode size = root.path("head_dim");
        return size.isMissingNode() || size.isNull()
                ? whole("hidden_size") / whole("num_attention_heads")
                : whole("head_dim");
    }

    private int contextLength() throws CheckpointException {
        if (root.has("max_position_embeddings")) {
            return whole("max_position_embeddings");
        }
        RopeScaling rope = rope();
        return (int) Math.min(Integer.MAX_VALUE, rope.originalContext() * rope.factor());
    }

    private RopeScaling rope() throws CheckpointException {
        if (root.has("rope_scaling_factor")) {
            // OpenAI's names; its alpha and beta are the slow and the fast rotations
            return new RopeScaling(number(root, "rope_theta"), number(root, "rope_scaling_factor"),
                    whole("initial_context_length"), number(root, "rope_ntk_beta"), number(root, "rope_ntk_alpha"),
                    false);
        }
        JsonNode rope = Stream.of("rope_parameters", "rope_scaling").map(root::path).filter(JsonNode::isObject)
                .findFirst().orElse(root);
        double theta = number(rope.has("rope_theta") ? rope : root, "rope_theta");
        String type = rope.path("rope_type").asString(rope.path("type").asString("default"));
        return switch (type) {
            case "default" -> new RopeScaling(theta, 1, whole("max_position_embeddings"), 32, 1, true);
            case "yarn" -> yarn(rope, theta);
            default -> throw new CheckpointException(file, "rope_type '" + type + "' is not yarn");
        };
    }

    private RopeScaling yarn(JsonNode rope, double theta) throws CheckpointException {
        for (String name : List.of("attention_factor", "mscale", "mscale_all_dim", "partial_rotary_factor")) {
            if (rope.path(name).isNumber()) {
                throw new CheckpointException(file, "rope: " + name + " is not a parameter of gpt-oss");
            }
        }
        return new RopeScaling(theta, number(rope, "factor"), (int) number(rope, "original_max_position_embeddings"),
                number(rope, "beta_fast", 32), number(rope, "beta_slow", 1),
                rope.path("truncate").asBoolean(true));
    }

    /// One number or a list of them; a generation configuration beside the file knows better.
    private List<Integer> endTokens() throws CheckpointException {
        Path generation = file.resolveSibling(GENERATION);
        JsonNode better = Files.isRegularFile(generation) ? SafetensorsFile.readJson(generation) : root;
        JsonNode ids = (better.has("eos_token_id") ? better : root).path("eos_token_id");
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode id : ids.isArray() ? ids : List.of(ids)) {
            if (id.isIntegralNumber() && id.canConvertToInt()) {
                tokens.add(id.intValue());
            } else if (!id.isMissingNode() && !id.isNull()) {
                throw new CheckpointException(file, "eos_token_id: expected a token's number, found " + id);
            }
        }
        return tokens;
    }

    /// A whole number under the first of several names that is there.
    private int whole(String... names) throws CheckpointException {
        for (String name : names) {
            JsonNode value = root.path(name);
            if (value.isIntegralNumber() && value.canConvertToInt()) {
                return value.intValue();
            }
            if (!value.isMissingNode()) {
                throw new CheckpointException(file, name + ": expected a whole number, found " + value);
            }
        }
        throw new CheckpointException(file, "lacks " + String.join(" or ", names));
    }

    private double number(JsonNode node, String name, double otherwise) throws CheckpointException {
        JsonNode value = node.path(name);
        if (!value.isNumber() && !value.isMissingNode() && !value.isNull()) {
            throw new CheckpointException(file, name + ": expected a number, found " + value);
        }
        return value.asDouble(otherwise);
    }

    private double number(JsonNode node, String name) throws CheckpointException {
        if (!node.path(name).isNumber()) {
            throw new CheckpointException(file, "lacks the number " + name);
        }
        return node.path(name).doubleValue();
    }

    /// What transformers reads as this model.
    static byte[] write(MoeConfig c) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("architectures", List.of("GptOssForCausalLM"));
        json.put("model_type", MODEL_TYPE);
        json.put("num_hidden_layers", c.layers());
        json.put("num_local_experts", c.experts());
        json.put("num_experts_per_tok", c.chosen());
        json.put("hidden_size", c.hidden());
        json.put("intermediate_size", c.intermediate());
        json.put("vocab_size", c.vocabulary());
        json.put("num_attention_heads", c.queryHeads());
        json.put("num_key_value_heads", c.kvHeads());
        json.put("head_dim", c.headSize());
        json.put("sliding_window", c.slidingWindow());
        json.put("layer_types", c.sliding().stream().map(slides -> slides ? SLIDING : FULL).toList());
        json.put("max_position_embeddings", c.contextLength());
        json.put("rms_norm_eps", c.epsilon());
        json.put("swiglu_limit", c.swigluLimit());
        json.put("rope_parameters", rope(c.rope(), true)); // as transformers 5 reads it
        json.put("rope_theta", c.rope().theta()); // as earlier ones do
        json.put("rope_scaling", rope(c.rope(), false));
        json.put("hidden_act", "silu");
        json.put("attention_bias", true);
        json.put("tie_word_embeddings", false);
        if (!c.endTokens().isEmpty()) {
            json.put("eos_token_id", c.endTokens());
        }
        json.put("dtype", "bfloat16");
        json.put("torch_dtype", "bfloat16");
        json.put("quantization_config", Map.of("quant_method", QUANTIZATION, "modules_to_not_convert", List
                .of("model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head")));
        return bytes(json);
    }

    /// What transformers reads as the way to continue a text: the likeliest token each time, until one that ends it.
    static byte[] writeGeneration(MoeConfig c) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("do_sample", false);
        if (!c.endTokens().isEmpty()) {
            json.put("eos_token_id", c.endTokens());
        }
        return bytes(json);
    }

    private static Map<String, Object> rope(RopeScaling rope, boolean withTheta) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        if (withTheta) {
            json.put("rope_theta", rope.theta());
        }
        json.put("rope_type", "yarn");
        json.put("factor", rope.factor());
        json.put("original_max_position_embeddings", rope.originalContext());
        json.put("beta_fast", rope.betaFast());
        json.put("beta_slow", rope.betaSlow());
        json.put("truncate", rope.truncate());
        return json;
    }

    private static byte[] bytes(Map<String, Object> json) {
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build().writeValueAsBytes(json);
    }
}
