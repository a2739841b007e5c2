package org.moelab.gpu.bench;

/// A line of a prefill and decode matrix.
///
/// @param model the model
/// @param device where it ran
/// @param layer the layer whose techniques were on
/// @param measurement what was measured
public record BenchRow(String model, String device, String layer, Measurement measurement) {}
