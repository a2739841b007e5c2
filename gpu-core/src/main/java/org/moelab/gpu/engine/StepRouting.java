package org.moelab.gpu.engine;

/// The experts that each layer sent the tokens of one step to.
///
/// @param experts numbers of experts, (layers, tokens, chosen); tokens sequence by sequence, position by position
@SuppressWarnings("ArrayRecordComponent") // looked at by index, never compared
public record StepRouting(int[][][] experts) {
    /// Tokens of the step.
    public int tokens() {
        return experts.length == 0 ? 0 : experts[0].length;
    }
}
