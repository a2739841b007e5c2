package org.moelab.gpu.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4;
import org.moelab.gpu.model.RandomNumbers;
import org.moelab.gpu.model.Tensor;
import org.moelab.gpu.model.TensorData;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.model.WeightTensor;

/// All weights in fp32, for models small enough. Matrices are row-major, one row an output.
///
/// @param embedding (vocabulary, hidden)
/// @param layers weights of each layer
/// @param norm (hidden)
/// @param unembedding (vocabulary, hidden)
@SuppressWarnings("ArrayRecordComponent") // weights, never compared
public record CpuWeights(MoeConfig config, float[] embedding, List<Layer> layers, float[] norm, float[] unembedding) {
    /// @param attentionNorm (hidden)
    /// @param qkv (qkvWidth, hidden): queries, keys, values
    /// @param qkvBias (qkvWidth)
    /// @param sinks (queryHeads)
    /// @param out (hidden, queryWidth)
    /// @param outBias (hidden)
    /// @param moeNorm (hidden)
    /// @param router (experts, hidden)
    /// @param routerBias (experts)
    /// @param gateUp (experts, 2 intermediate, hidden), rows of gate and up in turn
    /// @param gateUpBias (experts, 2 intermediate)
    /// @param down (experts, hidden, intermediate)
    /// @param downBias (experts, hidden)
    @SuppressWarnings("ArrayRecordComponent") // weights, never compared
    public record Layer(float[] attentionNorm, float[] qkv, float[] qkvBias, float[] sinks, float[] out,
            float[] outBias, float[] moeNorm,
            float[] router, float[] routerBias, float[] gateUp, float[] gateUpBias, float[] down, float[] downBias) {}

    /// Reads and unpacks every tensor.
    ///
    /// @throws IllegalArgumentException where a tensor has more numbers than an array holds
    public static CpuWeights of(WeightSource source) {
        MoeConfig c = source.config();
        List<Layer> layers = new ArrayList<>();
        for (int l = 0; l < c.layers(); l++) {
            layers.add(new Layer(plain(source, WeightTensor.ATTENTION_NORM, l), plain(source, WeightTensor.QKV, l),
                    plain(source, WeightTensor.QKV_BIAS, l),
                    plain(source, WeightTensor.SINKS, l), plain(source, WeightTensor.OUT, l),
                    plain(source, WeightTensor.OUT_BIAS, l),
                    plain(source, WeightTensor.MOE_NORM, l), plain(source, WeightTensor.ROUTER, l),
                    plain(source, WeightTensor.ROUTER_BIAS, l),
                    packed(source, WeightTensor.GATE_UP_CODES, WeightTensor.GATE_UP_SCALES, l),
                    plain(source, WeightTensor.GATE_UP_BIAS, l),
                    packed(source, WeightTensor.DOWN_CODES, WeightTensor.DOWN_SCALES, l),
                    plain(source, WeightTensor.DOWN_BIAS, l)));
        }
        return new CpuWeights(c, plain(source, WeightTensor.EMBEDDING, 0), layers,
                plain(source, WeightTensor.FINAL_NORM, 0),
                plain(source, WeightTensor.UNEMBEDDING, 0));
    }

    private static float[] plain(WeightSource source, WeightTensor tensor, int layer) {
        int count = Math.toIntExact(tensor.count(source.config()));
        float[] out = new float[count];
        switch (source.data(tensor, layer)) {
            case TensorData.Host(List<Tensor> pieces) -> {
                int at = 0;
                for (Tensor piece : pieces) {
                    float[] numbers = piece.toFloats();
                    System.arraycopy(numbers, 0, out, at, numbers.length);
                    at += numbers.length;
                }
            }
            case TensorData.RandomBf16 r -> {
                for (int i = 0; i < count; i++) {
                    out[i] = widen(RandomNumbers.bf16(r.seed(), i, r.mean(), r.deviation()));
                }
            }
            case TensorData other ->
                throw new IllegalArgumentException(tensor + " is not a tensor of numbers but " + other);
        }
        return out;
    }

    private static float widen(short bf16) {
        return Float.intBitsToFloat(bf16 << 16);
    }

    private static float[] packed(WeightSource source, WeightTensor codes, WeightTensor scales, int layer) {
        float[] out = new float[Math.toIntExact(codes.count(source.config()) * 2)];
        Mxfp4.unpack(bytes(source, codes, layer), bytes(source, scales, layer), out);
        return out;
    }

    private static MemorySegment bytes(WeightSource source, WeightTensor tensor, int layer) {
        int count = Math.toIntExact(tensor.count(source.config()));
        MemorySegment out = MemorySegment.ofArray(new byte[count]);
        switch (source.data(tensor, layer)) {
            case TensorData.Host(List<Tensor> pieces) -> {
                long at = 0;
                for (Tensor piece : pieces) {
                    out.asSlice(at).copyFrom(piece.data());
                    at += piece.data().byteSize();
                }
            }
            case TensorData.RandomBytes r -> {
                for (int word = 0; word < count / 8; word++) {
                    out.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * word, RandomNumbers.bytes(r.seed(), word));
                }
            }
            case TensorData.RandomScales r -> {
                for (int i = 0; i < count; i++) {
                    out.set(ValueLayout.JAVA_BYTE, i, RandomNumbers.scale(r.seed(), i, r.base(), r.mask()));
                }
            }
            case TensorData other ->
                throw new IllegalArgumentException(tensor + " is not a packed tensor but " + other);
        }
        return out;
    }
}
