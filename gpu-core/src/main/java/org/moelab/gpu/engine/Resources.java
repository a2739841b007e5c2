package org.moelab.gpu.engine;

import java.util.Optional;

import org.moelab.gpu.cuda.Cublas;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.kernels.KernelLibrary;

/// What a session works with. Model and kernels are the engine's, the rest is the session's own.
///
/// @param held gives the session's own back
/// @param products products through cuBLASLt
/// @param batches batches of products, where a technique has them
/// @param sizing how blocks are sized
/// @param copies a queue for copies beside the stream, where techniques have it
/// @param window what the level-2 cache keeps, where a technique has it
/// @param tuner chooses by timing, where a technique does
record Resources(Held held, CudaContext context, DeviceModel model, KernelLibrary kernels, CudaStream stream,
        Optional<CopyQueue> copies, Products products, Optional<Cublas.Queue> batches, Workspace workspace,
        BlockSizing sizing, Optional<CacheWindow> window, Optional<Tuner> tuner) {}
