package org.moelab.gpu.engine;

/// How far the experts that an engine chose are from those that the reference's router would have chosen in its place.
///
/// @param tokenLayers choices that were compared: one for each token in each layer
/// @param rerouted those in which at least one expert is another
/// @param largestGap how far, in the worst of them, the logit of the worst expert chosen lies under that of the best one left
///                   out, both by the reference's router, over the spread of the layer's logits: their root mean square
///                   about each token's mean, which no choice depends on. 0 where none is another; infinite where an
///                   engine chose an expert that there is not, or one twice
public record Rerouting(long tokenLayers, long rerouted, double largestGap) {}
