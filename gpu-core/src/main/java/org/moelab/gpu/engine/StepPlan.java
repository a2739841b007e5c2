package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Binding.Rows;
import org.moelab.gpu.kernels.FusedGroup;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// A step of a model as drafts: which operations, by which kernels and techniques. Needs no GPU.
///
/// Where a technique has nothing to offer for the step's shape, the plain operation stands in its place.
final class StepPlan {
    private static final String ELEMENTWISE = "norm and elementwise";
    private static final int FUSED_NORM_THREADS = 1024;
    private static final int MANY_ROWS_THREADS = 256;
    /// Numbers of a row that a thread of the fused norm can hold.
    private static final int FUSED_NORM_NUMBERS = 32;

    private final StepShape shape;
    private final MoeConfig c;
    private final int tokens;
    private final AttentionDrafts attention;
    private final ExpertDrafts experts;
    private final ChoiceDrafts choice;

    StepPlan(StepShape shape) {
        this(shape, OptionalInt.empty());
    }

    /// @param tile the most tokens of a tile of [GroupedExperts], where that was chosen by timing
    StepPlan(StepShape shape, OptionalInt tile) {
        ProductDrafts products = new ProductDrafts(shape);
        this.shape = shape;
        this.c = shape.config();
        this.tokens = shape.tokens();
        this.attention = new AttentionDrafts(shape, products);
        this.experts = new ExpertDrafts(shape, products, tile);
        this.choice = new ChoiceDrafts(shape, products);
    }

    /// The whole step, up to the hidden state of every token.
    List<Draft> forward() {
        List<Draft> drafts = new ArrayList<>(List.of(embedding()));
        for (int l = 0; l < c.layers(); l++) {
            String at = "layer " + l + "/attention/";
            if (!shape.normInProduct()) {
                drafts.add(norm(at + "norm", WeightTensor.ATTENTION_NORM, l));
            }
            drafts.addAll(attention.layer(at, l));
            at = "layer " + l + "/experts/";
            if (!shape.clusterRouting()) {
                drafts.add(shape.residualWaits()
                        ? addingNorm(at + "norm", l)
                        : norm(at + "norm", WeightTensor.MOE_NORM, l));
            }
            drafts.addAll(experts.layer(at, l));
        }
        return shape.on(FusedGroup.TECHNIQUE) ? FusedGroups.in(drafts, c) : drafts;
    }

    /// What chooses each sequence's next token after such a step, and keeps it.
    List<Draft> choice() {
        return choice.all();
    }

    /// Logits of the first `count` rows of the normed hidden states.
    List<Draft> logits(int count) {
        return List.of(choice.logits(count));
    }

    private Draft embedding() {
        return Draft.rows("embedding", ELEMENTWISE, "embed_tokens", shape.sized(), 6L * tokens * c.hidden(), 0,
                new Rows(tokens, c.hidden(), Rows.Place.FIRST,
                        gpu -> gpu.sizing().rows("embed_tokens", tokens, c.hidden()),
                        (gpu, launch) -> launch.pointer(gpu.w().hidden.address())
                                .pointer(gpu.model().address(WeightTensor.EMBEDDING)).pointer(gpu.w().ids.address())
                                .int32(c.hidden())));
    }

    private Draft norm(String name, WeightTensor weight, int l) {
        long count = (long) tokens * c.hidden();
        return Draft.rows(name, ELEMENTWISE, "rms_norm", shape.sized(), 6 * count + 2L * c.hidden(), 4 * count,
                new Rows(tokens, c.hidden(), Rows.Place.BEHIND,
                        gpu -> gpu.sizing().rows("rms_norm", tokens, c.hidden()),
                        (gpu, launch) -> launch.pointer(gpu.w().normed.address()).pointer(gpu.w().hidden.address())
                                .pointer(gpu.model().address(weight, l)).int32(c.hidden()).float32(c.epsilon())));
    }

    /// Large blocks are done with a row soonest; where there are rows enough for every multiprocessor, small ones leave fewer
    /// threads without work.
    private int fusedNormThreads(Draft.Gpu gpu) {
        boolean many = tokens >= 2 * gpu.w().multiprocessors();
        return many && c.hidden() <= FUSED_NORM_NUMBERS * MANY_ROWS_THREADS ? MANY_ROWS_THREADS : FUSED_NORM_THREADS;
    }

    /// The norm before the experts, adding the attention's output first.
    private Draft addingNorm(String name, int l) {
        long count = (long) tokens * c.hidden();
        return Draft.kernel(name, ELEMENTWISE, "add_rms_norm", List.of("fused-add-norm"),
                14 * count + 4L * c.hidden(), 6 * count,
                (gpu, function) -> Launcher.of(function, LaunchShape.of(tokens, fusedNormThreads(gpu)))
                        .pointer(gpu.w().normed.address()).pointer(gpu.w().hidden.address())
                        .pointer(gpu.w().delta.address()).pointer(gpu.model().address(WeightTensor.OUT_BIAS, l))
                        .pointer(gpu.model().address(WeightTensor.MOE_NORM, l)).int32(c.hidden())
                        .float32(c.epsilon()).prepared(gpu.w().arena));
    }
}
