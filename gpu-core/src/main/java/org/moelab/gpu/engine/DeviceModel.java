package org.moelab.gpu.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomNumbers;
import org.moelab.gpu.model.Tensor;
import org.moelab.gpu.model.TensorData;
import org.moelab.gpu.model.TensorType;
import org.moelab.gpu.model.WeightSource;
import org.moelab.gpu.model.WeightTensor;

/// A model's weights on the device. The expert matrices, packed in the checkpoint, are unpacked to bf16: the layers below
/// the precision chapter compute with those.
final class DeviceModel implements AutoCloseable {
    private static final int BLOCK_CODES = 16;
    private static final int FILL_BLOCKS = 2048;
    private static final int FILL_THREADS = 256;

    private final MoeConfig config;
    private final List<Map<WeightTensor, DeviceBuffer>> layers = new ArrayList<>();
    private final Map<WeightTensor, DeviceBuffer> shared = new EnumMap<>(WeightTensor.class);

    private DeviceModel(MoeConfig config) {
        this.config = config;
    }

    /// Bytes that a model takes on the device in this form.
    static long bytes(MoeConfig c) {
        long bytes = 0;
        for (WeightTensor tensor : WeightTensor.values()) {
            long each = switch (tensor) {
                case GATE_UP_CODES, DOWN_CODES -> tensor.count(c) * 4; // two codes a byte become two bf16 numbers
                case GATE_UP_SCALES, DOWN_SCALES -> 0;
                default -> tensor.bytes(c);
            };
            bytes += tensor.isPerLayer() ? each * c.layers() : each;
        }
        return bytes;
    }

    /// Loads every tensor.
    static DeviceModel load(WeightSource source, CudaContext context, KernelLibrary kernels, CudaStream stream) {
        DeviceModel model = new DeviceModel(source.config());
        Loader loader = new Loader(source, context, kernels, stream);
        for (int l = 0; l < source.config().layers(); l++) {
            Map<WeightTensor, DeviceBuffer> tensors = new EnumMap<>(WeightTensor.class);
            for (WeightTensor tensor : WeightTensor.values()) {
                if (tensor.isPerLayer() && !tensor.isPacked()) {
                    tensors.put(tensor, loader.plain(tensor, l));
                }
            }
            tensors.put(WeightTensor.GATE_UP_CODES,
                    loader.unpacked(WeightTensor.GATE_UP_CODES, WeightTensor.GATE_UP_SCALES, l));
            tensors.put(WeightTensor.DOWN_CODES, loader.unpacked(WeightTensor.DOWN_CODES, WeightTensor.DOWN_SCALES, l));
            model.layers.add(tensors);
        }
        for (WeightTensor tensor : WeightTensor.values()) {
            if (!tensor.isPerLayer()) {
                model.shared.put(tensor, loader.plain(tensor, 0));
            }
        }
        stream.synchronize();
        return model;
    }

    MoeConfig config() {
        return config;
    }

    /// Address of a layer's tensor; the expert matrices in bf16 go by the names of their codes.
    long address(WeightTensor tensor, int layer) {
        return require(layers.get(layer).get(tensor)).address();
    }

    /// Address of a tensor that the model has once.
    long address(WeightTensor tensor) {
        return require(shared.get(tensor)).address();
    }

    private static DeviceBuffer require(@Nullable DeviceBuffer buffer) {
        if (buffer == null) {
            throw new IllegalArgumentException("the model keeps no such tensor on the device");
        }
        return buffer;
    }

    @Override
    public void close() {
        layers.forEach(tensors -> tensors.values().forEach(DeviceBuffer::close));
        shared.values().forEach(DeviceBuffer::close);
    }

    private record Loader(WeightSource source, CudaContext context, KernelLibrary kernels, CudaStream stream) {
        DeviceBuffer plain(WeightTensor tensor, int layer) {
            DeviceBuffer buffer = context.allocate("weights", tensor.bytes(source.config()));
            fill(buffer, source.data(tensor, layer));
            return buffer;
        }

        DeviceBuffer unpacked(WeightTensor codes, WeightTensor scales, int layer) {
            MoeConfig c = source.config();
            DeviceBuffer out = context.allocate("weights", codes.count(c) * 4);
            try (DeviceBuffer packed = context.allocate("loading", codes.bytes(c));
                    DeviceBuffer factors = context.allocate("loading", scales.bytes(c))) {
                fill(packed, source.data(codes, layer));
                fill(factors, source.data(scales, layer));
                Launcher.of(kernels, "unpack_mxfp4", FILL_BLOCKS, FILL_THREADS).pointer(out.address())
                        .pointer(packed.address())
                        .pointer(factors.address()).int64(packed.bytes() / BLOCK_CODES).run(stream);
                stream.synchronize();
            }
            return out;
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

        private void fill(DeviceBuffer buffer, TensorData data) {
            switch (data) {
                case TensorData.Host(List<Tensor> pieces) -> {
                    long at = 0;
                    for (Tensor piece : pieces) {
                        MemorySegment content = piece.type().floating() ? bf16(piece) : piece.data();
                        buffer.upload(content, at, stream);
                        stream.synchronize();
                        at += content.byteSize();
                    }
                }
                case TensorData.RandomBf16 r -> Launcher.of(kernels, "random_bf16", FILL_BLOCKS, FILL_THREADS)
                        .pointer(buffer.address()).int64(r.seed())
                        .float32(r.mean()).float32(r.deviation()).int64(buffer.bytes() / 2).run(stream);
                case TensorData.RandomBytes r ->
                    Launcher.of(kernels, "random_bytes", FILL_BLOCKS, FILL_THREADS).pointer(buffer.address())
                            .int64(r.seed()).int64(buffer.bytes()).run(stream);
                case TensorData.RandomScales r ->
                    Launcher.of(kernels, "random_scales", FILL_BLOCKS, FILL_THREADS).pointer(buffer.address())
                            .int64(r.seed()).int32(r.base()).int32(r.mask()).int64(buffer.bytes()).run(stream);
            }
        }
    }
}
