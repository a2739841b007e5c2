package org.moelab.gpu.engine;

/// Decides which experts see a token of the reference.
@FunctionalInterface
interface Router {
    /// @param token of the step: sequence by sequence, position by position
    /// @param logits the router's own, one an expert
    Routing route(int layer, int token, float[] logits);
}
