package org.moelab.gpu.model;

import static org.moelab.gpu.model.TensorSpec.bytes;
import static org.moelab.gpu.model.TensorSpec.floats;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.moelab.gpu.model.MoeWeights.Experts;
import org.moelab.gpu.model.MoeWeights.Layer;
import org.moelab.gpu.model.MoeWeights.Linear;

/// The two ways in which gpt-oss checkpoints name their tensors.
public enum CheckpointLayout {
    /// As Hugging Face transformers names them: `model.layers.0.self_attn.q_proj.weight`.
    HUGGING_FACE("model.embed_tokens.weight") {
        @Override
        public List<TensorSpec> tensors(MoeConfig c) {
            List<TensorSpec> tensors = new ArrayList<>();
            tensors.add(floats(marker(), c.vocabulary(), c.hidden()));
            for (int layer = 0; layer < c.layers(); layer++) {
                String at = "model.layers." + layer + ".";
                tensors.add(floats(at + "input_layernorm.weight", c.hidden()));
                linear(tensors, at + "self_attn.q_proj", c.queryWidth(), c.hidden());
                linear(tensors, at + "self_attn.k_proj", c.kvWidth(), c.hidden());
                linear(tensors, at + "self_attn.v_proj", c.kvWidth(), c.hidden());
                tensors.add(floats(at + "self_attn.sinks", c.queryHeads()));
                linear(tensors, at + "self_attn.o_proj", c.hidden(), c.queryWidth());
                tensors.add(floats(at + "post_attention_layernorm.weight", c.hidden()));
                linear(tensors, at + "mlp.router", c.experts(), c.hidden());
                experts(tensors, c, at + "mlp.experts.gate_up_proj", "_blocks", "_scales", "_bias",
                        2L * c.intermediate(), c.hidden());
                experts(tensors, c, at + "mlp.experts.down_proj", "_blocks", "_scales", "_bias", c.hidden(),
                        c.intermediate());
            }
            tensors.add(floats("model.norm.weight", c.hidden()));
            tensors.add(floats("lm_head.weight", c.vocabulary(), c.hidden()));
            return List.copyOf(tensors);
        }

        @Override
        MoeWeights weights(MoeConfig c, Function<String, Tensor> file) {
            return new MoeWeights(file.apply(marker()), layers(c, layer -> {
                String at = "model.layers." + layer + ".";
                return new Layer(file.apply(at + "input_layernorm.weight"), linear(file, at + "self_attn.q_proj"),
                        linear(file, at + "self_attn.k_proj"), linear(file, at + "self_attn.v_proj"),
                        file.apply(at + "self_attn.sinks"), linear(file, at + "self_attn.o_proj"),
                        file.apply(at + "post_attention_layernorm.weight"), linear(file, at + "mlp.router"),
                        experts(file, at + "mlp.experts.gate_up_proj", "_blocks", "_scales", "_bias"),
                        experts(file, at + "mlp.experts.down_proj", "_blocks", "_scales", "_bias"));
            }), file.apply("model.norm.weight"), file.apply("lm_head.weight"));
        }
    },
    /// As OpenAI's own code names them: `block.0.attn.qkv.weight`, with queries, keys and values in one matrix.
    ORIGINAL("embedding.weight") {
        @Override
        public List<TensorSpec> tensors(MoeConfig c) {
            List<TensorSpec> tensors = new ArrayList<>();
            tensors.add(floats(marker(), c.vocabulary(), c.hidden()));
            for (int layer = 0; layer < c.layers(); layer++) {
                String at = "block." + layer + ".";
                tensors.add(floats(at + "attn.norm.scale", c.hidden()));
                linear(tensors, at + "attn.qkv", c.qkvWidth(), c.hidden());
                tensors.add(floats(at + "attn.sinks", c.queryHeads()));
                linear(tensors, at + "attn.out", c.hidden(), c.queryWidth());
                tensors.add(floats(at + "mlp.norm.scale", c.hidden()));
                linear(tensors, at + "mlp.gate", c.experts(), c.hidden());
                experts(tensors, c, at + "mlp.mlp1", "_weight.blocks", "_weight.scales", "_bias",
                        2L * c.intermediate(), c.hidden());
                experts(tensors, c, at + "mlp.mlp2", "_weight.blocks", "_weight.scales", "_bias", c.hidden(),
                        c.intermediate());
            }
            tensors.add(floats("norm.scale", c.hidden()));
            tensors.add(floats("unembedding.weight", c.vocabulary(), c.hidden()));
            return List.copyOf(tensors);
        }

        @Override
        MoeWeights weights(MoeConfig c, Function<String, Tensor> file) {
            long keys = c.queryWidth();
            long values = keys + c.kvWidth();
            return new MoeWeights(file.apply(marker()), layers(c, layer -> {
                String at = "block." + layer + ".";
                Linear qkv = linear(file, at + "attn.qkv");
                return new Layer(file.apply(at + "attn.norm.scale"), qkv.rows(0, keys), qkv.rows(keys, values),
                        qkv.rows(values, c.qkvWidth()), file.apply(at + "attn.sinks"), linear(file, at + "attn.out"),
                        file.apply(at + "mlp.norm.scale"), linear(file, at + "mlp.gate"),
                        experts(file, at + "mlp.mlp1", "_weight.blocks", "_weight.scales", "_bias"),
                        experts(file, at + "mlp.mlp2", "_weight.blocks", "_weight.scales", "_bias"));
            }), file.apply("norm.scale"), file.apply("unembedding.weight"));
        }
    };

    private final String marker;

    CheckpointLayout(String marker) {
        this.marker = marker;
    }

    /// The tensor by whose name the layout is known: the embedding.
    String marker() {
        return marker;
    }

    /// Every tensor that a checkpoint of a model has, in the order in which the model uses them.
    public abstract List<TensorSpec> tensors(MoeConfig config);

    /// The weights of a checkpoint that has every tensor in the right shape.
    abstract MoeWeights weights(MoeConfig config, Function<String, Tensor> file);

    private static List<Layer> layers(MoeConfig config, IntFunction<Layer> layer) {
        return IntStream.range(0, config.layers()).mapToObj(layer).toList();
    }

    private static void linear(List<TensorSpec> tensors, String name, long out, long in) {
        tensors.add(floats(name + ".weight", out, in));
        tensors.add(floats(name + ".bias", out));
    }

    private static Linear linear(Function<String, Tensor> file, String name) {
        return new Linear(file.apply(name + ".weight"), file.apply(name + ".bias"));
    }

    private static void experts(List<TensorSpec> tensors, MoeConfig config, String name, String blocks, String scales,
            String bias, long out, long in) {
        long experts = config.experts();
        tensors.add(bytes(name + blocks, experts, out, in / Mxfp4.BLOCK, Mxfp4.BLOCK_BYTES));
        tensors.add(bytes(name + scales, experts, out, in / Mxfp4.BLOCK));
        tensors.add(floats(name + bias, experts, out));
    }

    private static Experts experts(Function<String, Tensor> file, String name, String blocks, String scales,
            String bias) {
        return new Experts(file.apply(name + blocks), file.apply(name + scales), file.apply(name + bias));
    }
}
