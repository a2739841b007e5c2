package org.moelab.gpu.model;

/// A tensor of a checkpoint, and which numbers of the model it holds.
///
/// @param spec its name and shape in the checkpoint
/// @param tensor the model's tensor that it is a part of
/// @param layer the layer, 0 for tensors that a model has once
/// @param first where the part begins in the model's tensor, in numbers, or in bytes where it is packed
record StoredTensor(TensorSpec spec, WeightTensor tensor, int layer, long first) {}
