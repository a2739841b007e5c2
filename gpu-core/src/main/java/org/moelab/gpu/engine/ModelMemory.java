package org.moelab.gpu.engine;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.Mxfp4Tiles;
import org.moelab.gpu.model.WeightTensor;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.gpu.technique.Layer;
import org.moelab.traces.model.Unit;

/// What a model's weights take of a device, and what follows of it for the layers: arithmetic only.
///
/// @param model what people call the model
public record ModelMemory(String model, MoeConfig config) {
    /// Numbers that the model has learnt, two packed ones to a byte.
    public long parameters() {
        return Stream.of(WeightTensor.values()).mapToLong(tensor -> {
            long count = switch (tensor) {
                case GATE_UP_CODES, DOWN_CODES -> 2 * tensor.count(config); // two to a byte
                case GATE_UP_SCALES, DOWN_SCALES -> 0;
                default -> tensor.count(config);
            };
            return tensor.isPerLayer() ? count * config.layers() : count;
        }).sum();
    }

    /// Bytes of all that is not an expert's matrix.
    public long dense() {
        return Stream.of(WeightTensor.values()).filter(tensor -> !tensor.isPacked())
                .mapToLong(tensor -> tensor.bytes(config) * (tensor.isPerLayer() ? config.layers() : 1)).sum();
    }

    /// Bytes of all weights that a set of techniques computes with.
    public long weights(Set<String> techniques) {
        return dense() + WeightForms.of(techniques, config).bytes(config);
    }

    /// Whether the weights for these techniques can be loaded into so much free memory.
    public boolean fits(Set<String> techniques, long freeBytes) {
        return hasRoom(weights(techniques), freeBytes);
    }

    /// Whether so many bytes of weights can be loaded into memory that is free beside the rest of the model.
    boolean hasRoom(long bytes, long freeBytes) {
        return bytes + loading() <= freeBytes;
    }

    /// Bytes that loading takes on top: two rooms for one expert's larger matrix, packed.
    private long loading() {
        return 2 * Stream.of(Mxfp4Tiles.gateUp(config), Mxfp4Tiles.down(config))
                .mapToLong(tiles -> tiles.codeBytes() + tiles.scaleBytes()).max().orElseThrow();
    }

    /// Why a model cannot be loaded for some techniques, and which layers could do with the memory that there is.
    public String refusal(Set<String> techniques, String gpu, long freeBytes, Catalogue catalogue) {
        WeightForms forms = WeightForms.of(techniques, config);
        String line = model + " with its " + forms.text() + " takes " + text(weights(techniques)) + " and " + gpu
                + " has " + text(freeBytes) + " free";
        List<Layer> packing = layers(catalogue, ExpertForm.MXFP4);
        if (forms.experts() == ExpertForm.MXFP4 || packing.isEmpty()) {
            return line;
        }
        boolean one = packing.size() == 1;
        long packed = weights(catalogue.upTo(packing.getFirst()));
        return line + "; layers " + text(layers(catalogue, ExpertForm.BF16)) + " need that, "
                + (one ? "layer " : "layers ") + text(packing) + (one ? " keeps" : " keep") + " them packed ("
                + text(packed) + (hasRoom(packed, freeBytes) ? ")" : ", too much as well)");
    }

    /// Why weights cannot be loaded in other forms, too.
    ///
    /// @param missing bytes of what is not there of them
    String refusal(WeightForms forms, long missing, String gpu, long freeBytes) {
        return model + " is loaded, but its " + forms.text() + " take " + text(missing) + " more and " + gpu + " has "
                + text(freeBytes)
                + " free; run the layers that need them on their own";
    }

    /// The built layers that compute with experts in one form.
    private static List<Layer> layers(Catalogue catalogue, ExpertForm form) {
        return catalogue.layers().stream()
                .filter(layer -> catalogue.isBuilt(layer) && ExpertForm.of(catalogue.upTo(layer)) == form).toList();
    }

    /// Layers that follow each other, for people: `baseline to 2`.
    private static String text(List<Layer> layers) {
        String first = layers.isEmpty() ? "" : layers.getFirst().id();
        return layers.size() < 2 ? first : first + " to " + layers.getLast().id();
    }

    private static String text(long bytes) {
        return Unit.BYTES.format((double) bytes);
    }
}
