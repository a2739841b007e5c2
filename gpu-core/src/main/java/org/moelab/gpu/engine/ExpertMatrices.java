package org.moelab.gpu.engine;

import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// Gives one expert's matrix in bf16, row by row, to a product that comes next in the stream.
@FunctionalInterface
interface ExpertMatrices {
    /// The matrix's address. It holds until the next one is asked for.
    ///
    /// @param codes which matrix, by the name of its codes
    long at(WeightTensor codes, int layer, int expert, CudaStream stream);

    /// Those that the model keeps in bf16.
    static ExpertMatrices kept(DeviceModel model) {
        MoeConfig c = model.config();
        return (codes, layer, expert, _) -> model.address(codes, layer)
                + expert * (4 * codes.count(c) / c.experts()); // two codes a byte become two bf16 numbers
    }

    /// Those that the model keeps packed, unpacked into one buffer as they are asked for.
    ///
    /// @param room holds [#bytes]
    static ExpertMatrices unpacked(DeviceModel model, KernelLibrary kernels, DeviceBuffer room) {
        int blocks = 2048;
        int threads = 256;
        return (codes, layer, expert, stream) -> {
            DeviceModel.PackedMatrices packed = model.packed(codes, layer);
            Launcher.of(kernels, "unpack_mxfp4_tiles", blocks, threads).pointer(room.address())
                    .pointer(packed.codes() + expert * packed.tiles().codeBytes())
                    .pointer(packed.scales() + expert * packed.tiles().scaleBytes()).int32(packed.tiles().rows())
                    .int32(packed.tiles().columns()).int32(packed.tiles().paired() ? 1 : 0).run(stream);
            return room.address();
        };
    }

    /// Bytes that an expert's matrices move through memory for one product each: read in bf16; or read packed, written and
    /// read in bf16.
    static long moved(MoeConfig c, boolean packed) {
        long numbers = 3L * c.intermediate() * c.hidden();
        return packed ? ExpertForm.MXFP4.bytes(c) / c.experts() / c.layers() + 4 * numbers : 2 * numbers;
    }

    /// Bytes of one expert's larger matrix in bf16.
    static long bytes(MoeConfig c) {
        return 4L * c.intermediate() * c.hidden();
    }
}
