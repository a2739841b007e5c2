package org.moelab.gpu.bench;

import java.util.Optional;

/// What a device reached in kernels that do one thing only, measured: the roofs under which its other kernels are drawn.
/// Each is the median of several runs.
///
/// @param copyBytesPerSecond device memory, read and written in equal parts; both count
/// @param readBytesPerSecond device memory, read only
/// @param fp32FlopPerSecond fp32 multiply-adds outside the tensor cores, two operations each
/// @param bf16FlopPerSecond a product of two bf16 matrices of 8192 by 8192 on the tensor cores, by cuBLASLt, two operations a
///                           multiply-add; absent where the library was not at hand
/// @param bufferBytes how much memory each run read
public record DeviceCeilings(double copyBytesPerSecond, double readBytesPerSecond, double fp32FlopPerSecond,
        Optional<Double> bf16FlopPerSecond, long bufferBytes) {}
