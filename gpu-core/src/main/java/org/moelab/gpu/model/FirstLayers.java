package org.moelab.gpu.model;

/// A model cut down to its first layers: the same weights, fewer of them.
///
/// @param whole the model; closing closes it
/// @param layers how many layers are left
public record FirstLayers(WeightSource whole, int layers) implements WeightSource {
    public FirstLayers {
        if (layers < 1 || layers > whole.config().layers()) {
            throw new IllegalArgumentException(
                    whole.name() + " has " + whole.config().layers() + " layers, and " + layers + " are asked for");
        }
    }

    @Override
    public MoeConfig config() {
        return whole.config().withLayers(layers);
    }

    @Override
    public String name() {
        return whole.name() + ", the first " + layers + " layers";
    }

    @Override
    public TensorData data(WeightTensor tensor, int layer) {
        return whole.data(tensor, layer);
    }

    @Override
    public void close() {
        whole.close();
    }
}
