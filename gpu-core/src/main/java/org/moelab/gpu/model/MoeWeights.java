package org.moelab.gpu.model;

import java.util.List;

/// The weights of a model, whatever file layout they came from, still in the file's bytes. Matrices are (rows out,
/// columns in); the experts' matrices stay packed.
///
/// @param embedding (vocabulary, hidden)
/// @param layers each layer's weights
/// @param norm (hidden)
/// @param unembedding (vocabulary, hidden)
public record MoeWeights(Tensor embedding, List<Layer> layers, Tensor norm, Tensor unembedding) {
    public MoeWeights {
        layers = List.copyOf(layers);
    }

    /// A matrix with its bias.
    ///
    /// @param weight (out, in)
    /// @param bias (out)
    public record Linear(Tensor weight, Tensor bias) {
        /// The rows `from` to `to`, without a copy.
        Linear rows(long from, long to) {
            return new Linear(weight.rows(from, to), bias.rows(from, to));
        }
    }

    /// A matrix of each expert, packed as MXFP4 along the columns, with its biases.
    ///
    /// @param blocks (experts, out, in / 32, 16)
    /// @param scales (experts, out, in / 32)
    /// @param bias (experts, out)
    public record Experts(Tensor blocks, Tensor scales, Tensor bias) {
        /// One expert's matrix (out, in), unpacked.
        public float[] unpack(int expert) {
            Tensor values = blocks.rows(expert, expert + 1L);
            float[] matrix = new float[Math.toIntExact(values.elements() * 2)];
            Mxfp4.unpack(values.data(), scales.rows(expert, expert + 1L).data(), matrix);
            return matrix;
        }
    }

    /// @param attentionNorm (hidden)
    /// @param query (query heads × head size, hidden)
    /// @param key (key-value heads × head size, hidden)
    /// @param value (key-value heads × head size, hidden)
    /// @param sinks (query heads)
    /// @param out (hidden, query heads × head size)
    /// @param moeNorm (hidden)
    /// @param router (experts, hidden)
    /// @param gateUp (experts, 2 × intermediate, hidden), rows of gate and up in turn, beginning with gate
    /// @param down (experts, hidden, intermediate)
    public record Layer(Tensor attentionNorm, Linear query, Linear key, Linear value, Tensor sinks, Linear out,
            Tensor moeNorm, Linear router, Experts gateUp, Experts down) {}
}
