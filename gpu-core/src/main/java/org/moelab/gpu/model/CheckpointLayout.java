package org.moelab.gpu.model;

import static org.moelab.gpu.model.TensorSpec.bytes;
import static org.moelab.gpu.model.TensorSpec.floats;
import static org.moelab.gpu.model.WeightTensor.ATTENTION_NORM;
import static org.moelab.gpu.model.WeightTensor.DOWN_BIAS;
import static org.moelab.gpu.model.WeightTensor.DOWN_CODES;
import static org.moelab.gpu.model.WeightTensor.DOWN_SCALES;
import static org.moelab.gpu.model.WeightTensor.EMBEDDING;
import static org.moelab.gpu.model.WeightTensor.FINAL_NORM;
import static org.moelab.gpu.model.WeightTensor.GATE_UP_BIAS;
import static org.moelab.gpu.model.WeightTensor.GATE_UP_CODES;
import static org.moelab.gpu.model.WeightTensor.GATE_UP_SCALES;
import static org.moelab.gpu.model.WeightTensor.MOE_NORM;
import static org.moelab.gpu.model.WeightTensor.OUT;
import static org.moelab.gpu.model.WeightTensor.OUT_BIAS;
import static org.moelab.gpu.model.WeightTensor.QKV;
import static org.moelab.gpu.model.WeightTensor.QKV_BIAS;
import static org.moelab.gpu.model.WeightTensor.ROUTER;
import static org.moelab.gpu.model.WeightTensor.ROUTER_BIAS;
import static org.moelab.gpu.model.WeightTensor.SINKS;
import static org.moelab.gpu.model.WeightTensor.UNEMBEDDING;

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
        List<StoredTensor> stored(MoeConfig c) {
            List<StoredTensor> stored = new ArrayList<>();
            long keys = c.queryWidth();
            long values = keys + c.kvWidth();
            stored.add(new StoredTensor(floats(marker(), c.vocabulary(), c.hidden()), EMBEDDING, 0, 0));
            for (int layer = 0; layer < c.layers(); layer++) {
                LayerParts parts = new LayerParts(stored, c, "model.layers." + layer + ".", layer);
                parts.add("input_layernorm.weight", ATTENTION_NORM, c.hidden());
                parts.addRows("self_attn.q_proj", QKV, QKV_BIAS, 0, c.queryWidth());
                parts.addRows("self_attn.k_proj", QKV, QKV_BIAS, keys, c.kvWidth());
                parts.addRows("self_attn.v_proj", QKV, QKV_BIAS, values, c.kvWidth());
                parts.add("self_attn.sinks", SINKS, c.queryHeads());
                parts.add("self_attn.o_proj.weight", OUT, c.hidden(), c.queryWidth());
                parts.add("self_attn.o_proj.bias", OUT_BIAS, c.hidden());
                parts.add("post_attention_layernorm.weight", MOE_NORM, c.hidden());
                parts.addRows("mlp.router", ROUTER, ROUTER_BIAS, 0, c.experts());
                parts.addGateUp("mlp.experts.gate_up_proj", "_blocks", "_scales", "_bias");
                parts.addDown("mlp.experts.down_proj", "_blocks", "_scales", "_bias");
            }
            stored.add(new StoredTensor(floats("model.norm.weight", c.hidden()), FINAL_NORM, 0, 0));
            stored.add(new StoredTensor(floats("lm_head.weight", c.vocabulary(), c.hidden()), UNEMBEDDING, 0, 0));
            return List.copyOf(stored);
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
        List<StoredTensor> stored(MoeConfig c) {
            List<StoredTensor> stored = new ArrayList<>();
            stored.add(new StoredTensor(floats(marker(), c.vocabulary(), c.hidden()), EMBEDDING, 0, 0));
            for (int layer = 0; layer < c.layers(); layer++) {
                LayerParts parts = new LayerParts(stored, c, "block." + layer + ".", layer);
                parts.add("attn.norm.scale", ATTENTION_NORM, c.hidden());
                parts.addRows("attn.qkv", QKV, QKV_BIAS, 0, c.qkvWidth());
                parts.add("attn.sinks", SINKS, c.queryHeads());
                parts.add("attn.out.weight", OUT, c.hidden(), c.queryWidth());
                parts.add("attn.out.bias", OUT_BIAS, c.hidden());
                parts.add("mlp.norm.scale", MOE_NORM, c.hidden());
                parts.addRows("mlp.gate", ROUTER, ROUTER_BIAS, 0, c.experts());
                parts.addGateUp("mlp.mlp1", "_weight.blocks", "_weight.scales", "_bias");
                parts.addDown("mlp.mlp2", "_weight.blocks", "_weight.scales", "_bias");
            }
            stored.add(new StoredTensor(floats("norm.scale", c.hidden()), FINAL_NORM, 0, 0));
            stored.add(new StoredTensor(floats("unembedding.weight", c.vocabulary(), c.hidden()), UNEMBEDDING, 0, 0));
            return List.copyOf(stored);
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
    public List<TensorSpec> tensors(MoeConfig config) {
        return stored(config).stream().map(StoredTensor::spec).toList();
    }

    /// The same, each with the numbers of the model that it holds.
    abstract List<StoredTensor> stored(MoeConfig config);

    /// The weights of a checkpoint that has every tensor in the right shape.
    abstract MoeWeights weights(MoeConfig config, Function<String, Tensor> file);

    private static List<Layer> layers(MoeConfig config, IntFunction<Layer> layer) {
        return IntStream.range(0, config.layers()).mapToObj(layer).toList();
    }

    private static Linear linear(Function<String, Tensor> file, String name) {
        return new Linear(file.apply(name + ".weight"), file.apply(name + ".bias"));
    }

    private static Experts experts(Function<String, Tensor> file, String name, String blocks, String scales,
            String bias) {
        return new Experts(file.apply(name + blocks), file.apply(name + scales), file.apply(name + bias));
    }

    /// Adds the tensors of one layer.
    private record LayerParts(List<StoredTensor> stored, MoeConfig config, String prefix, int layer) {
        void add(String name, WeightTensor tensor, long... shape) {
            add(floats(prefix + name, shape), tensor, 0);
        }

        /// Some rows of a matrix and of its bias, whose rows are as wide as the hidden state.
        void addRows(String name, WeightTensor weight, WeightTensor bias, long firstRow, long rows) {
            add(floats(prefix + name + ".weight", rows, config.hidden()), weight, firstRow * config.hidden());
            add(floats(prefix + name + ".bias", rows), bias, firstRow);
        }

        void addGateUp(String name, String codes, String scales, String bias) {
            long out = 2L * config.intermediate();
            add(codes(name + codes, out, config.hidden()), GATE_UP_CODES, 0);
            add(scales(name + scales, out, config.hidden()), GATE_UP_SCALES, 0);
            add(name + bias, GATE_UP_BIAS, config.experts(), out);
        }

        void addDown(String name, String codes, String scales, String bias) {
            add(codes(name + codes, config.hidden(), config.intermediate()), DOWN_CODES, 0);
            add(scales(name + scales, config.hidden(), config.intermediate()), DOWN_SCALES, 0);
            add(name + bias, DOWN_BIAS, config.experts(), config.hidden());
        }

        private TensorSpec codes(String name, long out, long in) {
            return bytes(prefix + name, config.experts(), out, in / Mxfp4.BLOCK, Mxfp4.BLOCK_BYTES);
        }

        private TensorSpec scales(String name, long out, long in) {
            return bytes(prefix + name, config.experts(), out, in / Mxfp4.BLOCK);
        }

        private void add(TensorSpec spec, WeightTensor tensor, long first) {
            stored.add(new StoredTensor(spec, tensor, layer, first));
        }
    }
}
