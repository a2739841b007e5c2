package org.moelab.gpu.model;

import java.util.List;

/// The weights of an open checkpoint. Closing closes the checkpoint.
public record CheckpointWeights(Checkpoint checkpoint) implements WeightSource {
    @Override
    public MoeConfig config() {
        return checkpoint.config();
    }

    @Override
    public String name() {
        return checkpoint.folder().toString();
    }

    @Override
    public TensorData data(WeightTensor tensor, int layer) {
        MoeWeights weights = checkpoint.weights();
        if (!tensor.isPerLayer()) {
            return host(switch (tensor) {
                case EMBEDDING -> weights.embedding();
                case UNEMBEDDING -> weights.unembedding();
                default -> weights.norm();
            });
        }
        MoeWeights.Layer l = weights.layers().get(layer);
        return switch (tensor) {
            case ATTENTION_NORM -> host(l.attentionNorm());
            case QKV -> host(l.query().weight(), l.key().weight(), l.value().weight());
            case QKV_BIAS -> host(l.query().bias(), l.key().bias(), l.value().bias());
            case SINKS -> host(l.sinks());
            case OUT -> host(l.out().weight());
            case OUT_BIAS -> host(l.out().bias());
            case MOE_NORM -> host(l.moeNorm());
            case ROUTER -> host(l.router().weight());
            case ROUTER_BIAS -> host(l.router().bias());
            case GATE_UP_CODES -> host(l.gateUp().blocks());
            case GATE_UP_SCALES -> host(l.gateUp().scales());
            case GATE_UP_BIAS -> host(l.gateUp().bias());
            case DOWN_CODES -> host(l.down().blocks());
            case DOWN_SCALES -> host(l.down().scales());
            case DOWN_BIAS -> host(l.down().bias());
            case EMBEDDING, UNEMBEDDING, FINAL_NORM -> throw new AssertionError("a model has one " + tensor);
        };
    }

    private static TensorData host(Tensor... pieces) {
        return new TensorData.Host(List.of(pieces));
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
