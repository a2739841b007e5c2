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
    /// Bytes of all that is not an expert's matrix.
    public long dense() {
        return Stream.of(WeightTensor.values()).filter(tensor -> !tensor.isPacked())
                .mapToLong(tensor -> tensor.bytes(config) * (tensor.isPerLayer() ? config.layers() : 1)).sum();
    }

    /// Bytes of all weights that a set of techniques computes with.
    public long weights(Set<String> techniques) {
        return weights(ExpertForm.of(techniques));
    }

    private long weights(ExpertForm form) {
        return dense() + form.bytes(config);
    }

    /// Whether the weights for these techniques can be loaded into so much free memory.
    public boolean fits(Set<String> techniques, long freeBytes) {
        return weights(techniques) + loading() <= freeBytes;
    }

    /// Whether the experts in one form can be loaded into memory that is free beside the rest of the model.
    boolean addsTo(ExpertForm form, long freeBytes) {
        return form.bytes(config) + loading() <= freeBytes;
    }

    /// Bytes that loading takes on top: one expert's larger matrix, packed.
    private long loading() {
        return Stream.of(Mxfp4Tiles.gateUp(config), Mxfp4Tiles.down(config))
                .mapToLong(tiles -> tiles.codeBytes() + tiles.scaleBytes()).max().orElseThrow();
    }

    /// Why a model cannot be loaded for some techniques, and which layers could do with the memory that there is.
    public String refusal(Set<String> techniques, String gpu, long freeBytes, Catalogue catalogue) {
        ExpertForm form = ExpertForm.of(techniques);
        String line = model + " with its experts " + (form == ExpertForm.BF16 ? "in bf16" : "packed") + " takes "
                + text(weights(form)) + " and " + gpu + " has " + text(freeBytes) + " free";
        String packing = layers(catalogue, ExpertForm.MXFP4);
        if (form == ExpertForm.MXFP4 || packing.isEmpty()) {
            return line;
        }
        boolean one = !packing.contains(" ");
        return line + "; layers " + layers(catalogue, ExpertForm.BF16) + " need that, "
                + (one ? "layer " : "layers ") + packing + (one ? " keeps" : " keep") + " them packed ("
                + text(weights(ExpertForm.MXFP4))
                + (weights(ExpertForm.MXFP4) + loading() <= freeBytes ? ")" : ", too much as well)");
    }

    /// Why the experts cannot be loaded in another form, too.
    String refusal(ExpertForm more, String gpu, long freeBytes) {
        return model + " is loaded, but its experts " + (more == ExpertForm.BF16 ? "in bf16" : "packed") + " take "
                + text(more.bytes(config)) + " more and " + gpu + " has " + text(freeBytes)
                + " free; run the layers that need them on their own";
    }

    /// The built layers that compute with experts in one form: `baseline to 2`.
    private static String layers(Catalogue catalogue, ExpertForm form) {
        List<String> ids = catalogue.layers().stream()
                .filter(layer -> catalogue.isBuilt(layer) && ExpertForm.of(catalogue.upTo(layer)) == form)
                .map(Layer::id).toList();
        return ids.size() < 2 ? String.join("", ids) : ids.getFirst() + " to " + ids.getLast();
    }

    private static String text(long bytes) {
        return Unit.BYTES.format((double) bytes);
    }
}
