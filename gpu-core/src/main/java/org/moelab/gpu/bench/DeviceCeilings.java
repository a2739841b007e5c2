package org.moelab.gpu.bench;

/// What a device reached in kernels that do one thing only, measured: the roofs under which its other kernels are drawn.
/// Each is the median of several runs.
///
/// @param copyBytesPerSecond device memory, read and written in equal parts; both count
/// @param readBytesPerSecond device memory, read only
/// @param fp32FlopPerSecond fp32 multiply-adds outside the tensor cores, two operations each
/// @param bufferBytes how much memory each run read
public record DeviceCeilings(double copyBytesPerSecond, double readBytesPerSecond, double fp32FlopPerSecond,
        long bufferBytes) {}
