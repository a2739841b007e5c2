package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.Fp8Tiles;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.RandomNumbers;
import org.moelab.gpu.model.Tensor;
import org.moelab.gpu.model.TensorData;
import org.moelab.gpu.model.TensorType;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.model.WeightTensor;

/// Fills device memory with weights from a checkpoint or from a seed.
///
/// Experts come one at a time: codes and scales into a room of two small buffers, from there unpacked or put into tiles by the
/// device. All of a checkpoint's bytes go from its mapped file through [Uploads].
///
/// @param stream the one that kernels are put into
record WeightLoader(WeightSource source, CudaContext context, KernelLibrary kernels, CudaStream stream,
        Uploads uploads) {
    private static final int FILL_BLOCKS = 2048;
    private static final int FILL_THREADS = 256;
    private static final int WARP = 32;

    /// What is done with an expert's codes and scales once they are on the device.
    @FunctionalInterface
    private interface Arrival {
        void of(int expert, DeviceBuffer codes, DeviceBuffer scales);
    }

    /// Where an expert's codes and scales wait to be unpacked or packed.
    private record Room(DeviceBuffer codes, DeviceBuffer scales) {}

    MoeConfig config() {
        return source.config();
    }

    /// Fills a buffer with a tensor in bf16.
    void plain(DeviceBuffer out, WeightTensor tensor, int layer) {
        switch (source.data(tensor, layer)) {
            case TensorData.Host host -> {
                long at = 0;
                for (Tensor piece : host.pieces()) {
                    MemorySegment numbers = bf16(piece);
                    uploads.upload(out, at, numbers);
                    at += numbers.byteSize();
                }
                uploads.handOver();
            }
            case TensorData.RandomBf16 r -> fill("random_bf16").pointer(out.address()).int64(r.seed())
                    .float32(r.mean()).float32(r.deviation()).int64(out.bytes() / 2).run(stream);
            case TensorData other ->
                throw new IllegalArgumentException(tensor + " is not a tensor of numbers but " + other);
        }
    }

    /// Fills a buffer with a layer's expert matrices (experts, rows, columns) in bf16.
    void unpack(DeviceBuffer out, WeightTensor codes, WeightTensor scales, int layer) {
        long expertBytes = out.bytes() / config().experts();
        experts(codes, scales, layer, (expert, packed, factors) -> fill("unpack_mxfp4")
                .pointer(out.address() + expert * expertBytes).pointer(packed.address()).pointer(factors.address())
                .int64(factors.bytes()).run(stream));
    }

    /// Fills two buffers with a layer's expert matrices in tiles.
    void pack(DeviceBuffer tileCodes, DeviceBuffer tileScales, WeightTensor codes, WeightTensor scales, int layer,
            Mxfp4Tiles tiles) {
        experts(codes, scales, layer, (expert, packed, factors) -> fill("pack_mxfp4_tiles")
                .pointer(tileCodes.address() + expert * tiles.codeBytes())
                .pointer(tileScales.address() + expert * tiles.scaleBytes()).pointer(packed.address())
                .pointer(factors.address()).int32(tiles.rows()).int32(tiles.columns()).int32(tiles.paired() ? 1 : 0)
                .run(stream));
    }

    /// Rounds a matrix in bf16 that is on the device to FP8, a scale a row.
    ///
    /// @param numbers address of room for the tiles
    /// @param rowScales address of room for the scales
    /// @param bf16 address of the matrix
    void packFp8(long numbers, long rowScales, long bf16, Fp8Tiles tiles) {
        int rowsABlock = FILL_THREADS / WARP;
        Launcher.of(kernels, "pack_fp8_tiles", Math.ceilDiv(tiles.tiles() * Fp8Tiles.TILE_ROWS, rowsABlock),
                FILL_THREADS).pointer(numbers).pointer(rowScales).pointer(bf16).int32(tiles.rows())
                .int32(tiles.columns()).run(stream);
    }

    /// Rounds a matrix in bf16 that is on the device to MXFP4, and finds what that takes from each row.
    ///
    /// @param to room for the tiles and the rows' errors
    /// @param bf16 address of the matrix
    void roundMxfp4(CoarseUnembedding to, long bf16) {
        Mxfp4Tiles tiles = to.tiles();
        to.clearLargestError(stream);
        Launcher.of(kernels, "round_mxfp4_tiles", Math.ceilDiv(tiles.rows(), FILL_THREADS / WARP), FILL_THREADS)
                .pointer(to.codes()).pointer(to.scales()).pointer(to.errors()).pointer(bf16).int32(tiles.rows())
                .int32(tiles.columns()).run(stream);
    }

    private void experts(WeightTensor codes, WeightTensor scales, int layer, Arrival arrival) {
        int count = config().experts();
        TensorData codeData = source.data(codes, layer);
        TensorData scaleData = source.data(scales, layer);
        try (Held held = new Held()) {
            List<Room> rooms = new ArrayList<>();
            for (int i = 0; i < uploads.rooms(); i++) {
                rooms.add(new Room(room(codes, held), room(scales, held)));
            }
            for (int e = 0; e < count; e++) {
                int turn = e % rooms.size();
                Room room = rooms.get(turn);
                uploads.claim(turn);
                bytes(room.codes, codeData, e * room.codes.bytes());
                bytes(room.scales, scaleData, e * room.scales.bytes());
                uploads.handOver();
                arrival.of(e, room.codes, room.scales);
                uploads.release(turn);
            }
            stream.synchronize();
        }
    }

    private DeviceBuffer room(WeightTensor tensor, Held held) {
        return held.take(context.allocate("loading", tensor.bytes(config()) / config().experts()),
                DeviceBuffer::close);
    }

    /// Fills a buffer with a packed tensor's bytes from a place on.
    private void bytes(DeviceBuffer out, TensorData data, long from) {
        switch (data) {
            case TensorData.Host host -> uploads.upload(out, 0,
                    host.pieces().getFirst().data().asSlice(from, out.bytes())); // packed tensors come in one piece
            case TensorData.RandomBytes r -> fill("random_bytes").pointer(out.address())
                    .int64(r.seed() + from / Long.BYTES).int64(out.bytes()).run(stream);
            case TensorData.RandomScales r -> fill("random_scales").pointer(out.address()).int64(r.seed() + from)
                    .int32(r.base()).int32(r.mask()).int64(out.bytes()).run(stream);
            case TensorData.RandomBf16 r -> throw new IllegalArgumentException("not a packed tensor but " + r);
        }
    }

    private Launcher fill(String kernel) {
        return Launcher.of(kernels, kernel, FILL_BLOCKS, FILL_THREADS);
    }

    /// The tensor's numbers in bf16: as they lie in the file where that is their type.
    private static MemorySegment bf16(Tensor tensor) {
        if (tensor.type() == TensorType.BF16) {
            return tensor.data();
        }
        float[] numbers = tensor.toFloats();
        short[] rounded = new short[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            rounded[i] = RandomNumbers.toBf16(numbers[i]);
        }
        MemorySegment copy = Arena.ofAuto().allocate(2L * rounded.length, 2);
        MemorySegment.copy(rounded, 0, copy, ValueLayout.JAVA_SHORT, 0, rounded.length);
        return copy;
    }

    /// Scales that a block of codes has one of.
    static WeightTensor scalesOf(WeightTensor codes) {
        return switch (codes) {
            case GATE_UP_CODES -> WeightTensor.GATE_UP_SCALES;
            case DOWN_CODES -> WeightTensor.DOWN_SCALES;
            default -> throw new IllegalArgumentException(codes + " has no scales of blocks of " + Mxfp4.BLOCK);
        };
    }
}
