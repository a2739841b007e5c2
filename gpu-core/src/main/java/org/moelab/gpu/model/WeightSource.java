package org.moelab.gpu.model;

/// A model's weights, from a checkpoint or from a seed.
public interface WeightSource extends AutoCloseable {
    /// The model's sizes.
    MoeConfig config();

    /// What people call it: a checkpoint's folder, or the model's name and seed.
    String name();

    /// Where one tensor's content comes from.
    ///
    /// @param layer the layer, 0 for tensors that a model has once
    TensorData data(WeightTensor tensor, int layer);

    @Override
    void close();
}
