package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.moelab.gpu.cuda.DeviceSlice;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.ProductDrafts.Product;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// What turns hidden states into the next tokens: the last norm, the unembedding and the choice.
final class ChoiceDrafts {
    private static final String KIND = "unembedding and sampling";
    private static final List<String> SIZED = List.of("architecture-sizing");
    private static final int THREADS = 256;
    private static final int CHOICE_THREADS = 1024;
    private static final int BLOCKS_A_MULTIPROCESSOR = 2;
    private static final int FEWEST_A_PART = 256;

    private final StepShape shape;
    private final MoeConfig c;
    private final ProductDrafts products;

    ChoiceDrafts(StepShape shape, ProductDrafts products) {
        this.shape = shape;
        this.c = shape.config();
        this.products = products;
    }

    /// From the hidden states of a step to the tokens kept.
    List<Draft> all() {
        List<Draft> drafts = new ArrayList<>(norms());
        if (shape.coarseChoice()) {
            drafts.addAll(coarseChoice());
        } else {
            drafts.add(logits(shape.sequences()));
            drafts.addAll(shape.on("architecture-sizing") ? choiceByParts() : List.of(choice()));
        }
        int sequences = shape.sequences();
        drafts.add(Draft.kernel("keep choice", KIND, "keep_choice", List.of(), 16L * sequences, 0,
                (gpu, function) -> Launcher
                        .of(function, LaunchShape.of((sequences + THREADS - 1) / THREADS, THREADS))
                        .pointer(gpu.w().chosen.address()).pointer(gpu.w().positions.address())
                        .pointer(gpu.w().ids.address()).int32(sequences).prepared(gpu.w().arena)));
        return drafts;
    }

    /// Logits of the first `count` rows of the normed hidden states.
    Draft logits(int count) {
        Product product = unembedding(count);
        if (shape.fp8Unembedding(count)) {
            return Fp8Products.draft(product, shape.on("async-pipeline"), WeightTensor.UNEMBEDDING, 0, _ -> 0, false,
                    false);
        }
        return shape.vectors(count) ? products.vectors(product, _ -> 0, false, false) : products.library(product);
    }

    private Product unembedding(int count) {
        return new Product("unembedding", KIND, count, c.vocabulary(), c.hidden(), c.vocabulary(),
                gpu -> gpu.w().logits.address(), gpu -> gpu.w().normed.address(),
                gpu -> gpu.model().address(WeightTensor.UNEMBEDDING));
    }

    private List<Draft> norms() {
        int sequences = shape.sequences();
        int added = shape.added();
        int together = added == 1 ? sequences : 1; // only then do the last tokens lie side by side
        List<Draft> drafts = new ArrayList<>();
        for (int s = 0; s < sequences; s += together) {
            int first = s;
            long last = (long) s * added + added - 1;
            drafts.add(Draft.kernel("final norm" + (together == sequences ? "" : " of sequence " + s),
                    "norm and elementwise", "rms_norm", shape.sized(), (6L * together + 2) * c.hidden(),
                    4L * together * c.hidden(),
                    (gpu, function) -> Launcher
                            .of(function, gpu.sizing().rows("rms_norm", together, c.hidden()))
                            .pointer(gpu.w().normed.address() + 2L * first * c.hidden())
                            .pointer(gpu.w().hidden.address() + 4L * last * c.hidden())
                            .pointer(gpu.model().address(WeightTensor.FINAL_NORM)).int32(c.hidden())
                            .float32(c.epsilon()).prepared(gpu.w().arena)));
        }
        return drafts;
    }

    private Draft choice() {
        long count = (long) shape.sequences() * c.vocabulary();
        return Draft.kernel("choice", KIND, "argmax", List.of(), 4 * count, count,
                (gpu, function) -> Launcher.of(function, LaunchShape.of(shape.sequences(), CHOICE_THREADS))
                        .pointer(gpu.w().ids.address()).pointer(gpu.w().logits.address()).int32(c.vocabulary())
                        .prepared(gpu.w().arena));
    }

    /// The choice by all multiprocessors: each looks at a part of the logits, then one at what they found.
    private List<Draft> choiceByParts() {
        return List.of(bestOfParts(), choiceOfParts(w -> w.partValues, w -> w.partIndices));
    }

    /// The choice from logits of few bits, of which all that may be the largest are worked out again from the weights in bf16.
    private List<Draft> coarseChoice() {
        int sequences = shape.sequences();
        long count = (long) sequences * c.vocabulary();
        return List.of(
                CoarseUnembedding.draft(unembedding(sequences)),
                bestOfParts(),
                Draft.kernel("rescoring", KIND, "rescore_nearest", List.of(CoarseUnembedding.TECHNIQUE), 8 * count,
                        2 * count,
                        (gpu, function) -> Launcher.of(function, partsShape(gpu))
                                .pointer(gpu.w().exactPartValues.address()).pointer(gpu.w().exactPartIndices.address())
                                .pointer(gpu.w().partValues.address()).pointer(gpu.w().logits.address())
                                .pointer(gpu.model().coarse().errors())
                                .pointer(gpu.model().address(WeightTensor.UNEMBEDDING))
                                .pointer(gpu.w().normed.address()).int32(c.vocabulary()).int32(c.hidden())
                                .prepared(gpu.w().arena)),
                choiceOfParts(w -> w.exactPartValues, w -> w.exactPartIndices));
    }

    private Draft bestOfParts() {
        long count = (long) shape.sequences() * c.vocabulary();
        return Draft.kernel("choice of parts", KIND, "argmax_parts", SIZED, 4 * count, count,
                (gpu, function) -> Launcher.of(function, partsShape(gpu))
                        .pointer(gpu.w().partValues.address()).pointer(gpu.w().partIndices.address())
                        .pointer(gpu.w().logits.address()).int32(c.vocabulary()).prepared(gpu.w().arena));
    }

    private Draft choiceOfParts(Function<Workspace, DeviceSlice> values, Function<Workspace, DeviceSlice> indices) {
        int sequences = shape.sequences();
        return Draft.kernel("choice", KIND, "argmax_of_parts", SIZED, 4L * sequences, 0,
                (gpu, function) -> Launcher.of(function, LaunchShape.of(sequences, THREADS))
                        .pointer(gpu.w().ids.address()).pointer(values.apply(gpu.w()).address())
                        .pointer(indices.apply(gpu.w()).address()).int32(parts(gpu.w().multiprocessors()))
                        .int32(c.vocabulary()).prepared(gpu.w().arena));
    }

    private LaunchShape partsShape(Draft.Gpu gpu) {
        return new LaunchShape(parts(gpu.w().multiprocessors()), shape.sequences(), 1, THREADS, 1, 1, 0);
    }

    /// Parts of each row of logits: enough for all multiprocessors, and none so small that its block has nothing to do.
    private int parts(int multiprocessors) {
        int wanted = (BLOCKS_A_MULTIPROCESSOR * multiprocessors + shape.sequences() - 1) / shape.sequences();
        int useful = (c.vocabulary() + FEWEST_A_PART - 1) / FEWEST_A_PART;
        return Math.min(Math.min(wanted, useful), Workspace.MAX_PARTS);
    }
}
