package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;

/// A model's weights on the device: all but the experts' matrices in bf16, and those in bf16, packed, or both; where it was
/// asked for, attention and unembedding in FP8 and the unembedding in MXFP4, too.
final class DeviceModel implements AutoCloseable {
    private static final List<WeightTensor> MATRICES = List.of(WeightTensor.GATE_UP_CODES, WeightTensor.DOWN_CODES);

    private final MoeConfig config;
    private final List<Map<WeightTensor, DeviceBuffer>> layers = new ArrayList<>();
    private final Map<WeightTensor, DeviceBuffer> shared = new EnumMap<>(WeightTensor.class);
    /// The experts' matrices of each layer in each form that was loaded: codes in bf16 by the names of the codes, packed
    /// ones by those of codes and scales.
    private final Map<ExpertForm, List<Map<WeightTensor, DeviceBuffer>>> experts = new EnumMap<>(ExpertForm.class);
    private Optional<Fp8Weights> fp8 = Optional.empty();
    private Optional<CoarseUnembedding> coarse = Optional.empty();

    /// Where a layer's packed matrices begin, expert by expert.
    ///
    /// @param tiles how one expert's lies
    record PackedMatrices(long codes, long scales, Mxfp4Tiles tiles) {}

    private DeviceModel(MoeConfig config) {
        this.config = config;
    }

    /// Loads every tensor, some in the forms asked for. Where that fails, nothing stays allocated.
    static DeviceModel load(WeightLoader loader, WeightForms forms) {
        DeviceModel model = new DeviceModel(loader.config());
        boolean loaded = false;
        try {
            model.loadDense(loader);
            model.add(forms, loader);
            loaded = true;
            return model;
        } finally {
            if (!loaded) {
                model.close();
            }
        }
    }

    private void loadDense(WeightLoader loader) {
        for (int l = 0; l < config().layers(); l++) {
            Map<WeightTensor, DeviceBuffer> tensors = new EnumMap<>(WeightTensor.class);
            layers.add(tensors);
            for (WeightTensor tensor : WeightTensor.values()) {
                if (tensor.isPerLayer() && !tensor.isPacked()) {
                    loader.plain(take(tensors, tensor, "weights", tensor.bytes(config), loader), tensor, l);
                }
            }
        }
        for (WeightTensor tensor : WeightTensor.values()) {
            if (!tensor.isPerLayer()) {
                loader.plain(take(shared, tensor, "weights", tensor.bytes(config), loader), tensor, 0);
            }
        }
    }

    /// Bytes of what is not there of some forms; 0 where all is.
    long missing(WeightForms forms) {
        return (experts.containsKey(forms.experts()) ? 0 : forms.experts().bytes(config()))
                + (forms.fp8() && fp8.isEmpty() ? Fp8Weights.bytes(config()) : 0)
                + (forms.coarse() && coarse.isEmpty() ? CoarseUnembedding.bytes(config()) : 0);
    }

    /// Loads what is not there of some forms. Where that fails, the model is as before.
    void add(WeightForms forms, WeightLoader loader) {
        try (Held added = new Held()) {
            Optional<Fp8Weights> rounded = forms.fp8() && fp8.isEmpty()
                    ? Optional.of(added.take(Fp8Weights.of(this, loader), Fp8Weights::close))
                    : Optional.empty();
            Optional<CoarseUnembedding> coarser = forms.coarse() && coarse.isEmpty()
                    ? Optional.of(added.take(CoarseUnembedding.of(this, loader), CoarseUnembedding::close))
                    : Optional.empty();
            add(forms.experts(), loader);
            added.release();
            fp8 = fp8.or(() -> rounded);
            coarse = coarse.or(() -> coarser);
        }
    }

    private void add(ExpertForm form, WeightLoader loader) {
        if (experts.containsKey(form)) {
            return;
        }
        List<Map<WeightTensor, DeviceBuffer>> added = new ArrayList<>();
        boolean loaded = false;
        try {
            for (int l = 0; l < config().layers(); l++) {
                added.add(new EnumMap<>(WeightTensor.class));
                for (WeightTensor codes : MATRICES) {
                    addMatrices(added.getLast(), codes, form, l, loader);
                }
            }
            loader.stream().synchronize();
            experts.put(form, added);
            loaded = true;
        } finally {
            if (!loaded) {
                close(added);
            }
        }
    }

    private void addMatrices(Map<WeightTensor, DeviceBuffer> to, WeightTensor codes, ExpertForm form, int layer,
            WeightLoader loader) {
        WeightTensor scales = WeightLoader.scalesOf(codes);
        switch (form) {
            case BF16 -> loader.unpack(take(to, codes, form.purpose(), 4 * codes.count(config), loader), codes, scales,
                    layer); // two codes a byte become two bf16 numbers
            case MXFP4 -> {
                Mxfp4Tiles tiles = tiles(codes);
                long count = config().experts();
                loader.pack(take(to, codes, form.purpose(), count * tiles.codeBytes(), loader),
                        take(to, scales, form.purpose(), count * tiles.scaleBytes(), loader), codes, scales, layer,
                        tiles);
            }
        }
    }

    private static DeviceBuffer take(Map<WeightTensor, DeviceBuffer> to, WeightTensor tensor, String purpose,
            long bytes,
            WeightLoader loader) {
        DeviceBuffer buffer = loader.context().allocate(purpose, bytes);
        to.put(tensor, buffer);
        return buffer;
    }

    private Mxfp4Tiles tiles(WeightTensor codes) {
        return codes == WeightTensor.GATE_UP_CODES ? Mxfp4Tiles.gateUp(config()) : Mxfp4Tiles.down(config());
    }

    MoeConfig config() {
        return config;
    }

    /// Address of a layer's tensor; the expert matrices in bf16 go by the names of their codes.
    long address(WeightTensor tensor, int layer) {
        return require((tensor.isPacked() ? experts(ExpertForm.BF16) : layers).get(layer).get(tensor)).address();
    }

    /// Address of a tensor that the model has once.
    long address(WeightTensor tensor) {
        return require(shared.get(tensor)).address();
    }

    /// A layer's packed expert matrices, by the name of their codes.
    PackedMatrices packed(WeightTensor codes, int layer) {
        Map<WeightTensor, DeviceBuffer> tensors = experts(ExpertForm.MXFP4).get(layer);
        return new PackedMatrices(require(tensors.get(codes)).address(),
                require(tensors.get(WeightLoader.scalesOf(codes))).address(), tiles(codes));
    }

    /// A matrix in FP8.
    ///
    /// @param layer its layer; nothing where the model has it once
    Fp8Weights.Matrix fp8(WeightTensor tensor, int layer) {
        return fp8.orElseThrow(
                () -> new IllegalStateException("the model does not keep its " + Fp8Weights.PURPOSE + " on the device"))
                .matrix(tensor, layer);
    }

    /// The unembedding in MXFP4.
    CoarseUnembedding coarse() {
        return coarse.orElseThrow(() -> new IllegalStateException(
                "the model does not keep its " + CoarseUnembedding.PURPOSE + " on the device"));
    }

    private List<Map<WeightTensor, DeviceBuffer>> experts(ExpertForm form) {
        List<Map<WeightTensor, DeviceBuffer>> tensors = experts.get(form);
        if (tensors == null) {
            throw new IllegalStateException("the model does not keep its " + form.purpose() + " on the device");
        }
        return tensors;
    }

    private static DeviceBuffer require(@Nullable DeviceBuffer buffer) {
        if (buffer == null) {
            throw new IllegalArgumentException("the model keeps no such tensor on the device");
        }
        return buffer;
    }

    @Override
    public void close() {
        close(layers);
        fp8.ifPresent(Fp8Weights::close);
        coarse.ifPresent(CoarseUnembedding::close);
        experts.values().forEach(DeviceModel::close);
        shared.values().forEach(DeviceBuffer::close);
    }

    private static void close(List<Map<WeightTensor, DeviceBuffer>> tensors) {
        tensors.forEach(layer -> layer.values().forEach(DeviceBuffer::close));
    }
}
