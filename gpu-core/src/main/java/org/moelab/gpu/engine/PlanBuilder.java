package org.moelab.gpu.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.moelab.gpu.engine.Draft.Gpu;

/// Turns a model and a set of techniques into the list of operations of one step on a GPU.
///
/// A step runs `added` new tokens of each of `sequences` sequences, row by row. What a step consists of is [StepPlan]'s.
final class PlanBuilder {
    private final StepPlan plan;
    private final Gpu gpu;

    PlanBuilder(Resources resources, Set<String> techniques, int sequences, int added, int capacity) {
        StepShape shape = new StepShape(resources.model().config(), techniques, sequences, added, capacity);
        gpu = new Gpu(resources, techniques);
        plan = new StepPlan(shape, tile(shape));
    }

    private OptionalInt tile(StepShape shape) {
        Optional<Tuner> tuner = gpu.resources().tuner();
        return tuner.isPresent() && GroupedExperts.serve(shape)
                ? OptionalInt.of(GroupedExperts.tuned(shape, gpu, tuner.get()))
                : OptionalInt.empty();
    }

    /// The whole step, up to the hidden state of every token.
    List<Operation> forward() {
        return bound(plan.forward());
    }

    /// What chooses each sequence's next token after such a step, and keeps it.
    List<Operation> choice() {
        return bound(plan.choice());
    }

    /// Logits of the first `count` rows of `w.normed`.
    List<Operation> logits(int count) {
        return bound(plan.logits(count));
    }

    private List<Operation> bound(List<Draft> drafts) {
        return drafts.stream().map(draft -> draft.on(gpu)).toList();
    }
}
