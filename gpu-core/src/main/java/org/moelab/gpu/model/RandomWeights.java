package org.moelab.gpu.model;

/// Weights of any shape from a seed, scaled so that activations stay of the size that trained models have.
///
/// @param config the sizes
/// @param name what people call the model
/// @param seed another seed, other weights
public record RandomWeights(MoeConfig config, String name, long seed) implements WeightSource {
    private static final int SCALE_BASE = 119; // 2^-8 or 2^-7 times FP4 codes of deviation 2.9
    private static final int SCALE_MASK = 1;

    @Override
    public TensorData data(WeightTensor tensor, int layer) {
        long own = RandomNumbers.mix(seed ^ RandomNumbers.mix(tensor.name().hashCode() * 1000L + layer));
        return switch (tensor) {
            case GATE_UP_CODES, DOWN_CODES -> new TensorData.RandomBytes(own);
            case GATE_UP_SCALES, DOWN_SCALES -> new TensorData.RandomScales(own, SCALE_BASE, SCALE_MASK);
            case ATTENTION_NORM, MOE_NORM, FINAL_NORM -> new TensorData.RandomBf16(own, 1.0f, 0.1f);
            case EMBEDDING -> new TensorData.RandomBf16(own, 0.0f, 1.0f);
            case SINKS -> new TensorData.RandomBf16(own, 0.0f, 1.0f);
            case QKV_BIAS, OUT_BIAS, ROUTER_BIAS, GATE_UP_BIAS, DOWN_BIAS -> new TensorData.RandomBf16(own, 0.0f, 0.1f);
            case QKV, ROUTER, UNEMBEDDING -> new TensorData.RandomBf16(own, 0.0f, unit(config.hidden()));
            case OUT -> new TensorData.RandomBf16(own, 0.0f, unit(config.queryWidth()));
        };
    }

    /// The deviation that keeps the size of a sum over so many inputs.
    private static float unit(int inputs) {
        return (float) (1 / Math.sqrt(inputs));
    }

    @Override
    public void close() {
        // nothing is held
    }
}
