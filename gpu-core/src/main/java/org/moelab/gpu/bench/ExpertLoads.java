package org.moelab.gpu.bench;

import java.util.List;
import java.util.Optional;

/// How many tokens each expert of each of the model's layers was sent in one run of the workload: a run of its own, as
/// telling them costs time.
///
/// @param layer the layer of the ladder that ran, by its name in the report
/// @param prefill over the whole prompts
/// @param decode over the decode steps that were counted; absent without them
public record ExpertLoads(String layer, Phase prefill, Optional<Phase> decode) {
    /// The loads of one phase, its steps taken together: what a single step sends to its experts is more uneven.
    ///
    /// @param steps how many were counted: pieces of the prompts, or decode steps
    /// @param tokens fed in these steps, over all sequences; each is counted once for each expert that it is sent to
    /// @param counts tokens that an expert was sent, (layers of the model, experts)
    public record Phase(int steps, long tokens, List<List<Long>> counts) {
        /// @throws IllegalArgumentException where the counts cannot be those of one model: a layer of other sizes, counts
        /// below 0, layers that were sent different numbers of tokens, or none
        public Phase {
            counts = counts.stream().map(List::copyOf).toList();
            if (steps < 1 || tokens < 1 || counts.isEmpty()) {
                throw new IllegalArgumentException("expert loads of " + steps + " steps, " + tokens + " tokens and "
                        + counts.size() + " layers");
            }
            List<Long> first = counts.getFirst();
            for (List<Long> layer : counts) {
                if (layer.size() != first.size() || sum(layer) != sum(first) || sum(layer) < 1
                        || layer.stream().anyMatch(count -> count < 0)) {
                    throw new IllegalArgumentException("expert loads of layer " + counts.indexOf(layer) + ": "
                            + sum(layer) + " over " + layer.size() + " experts, and " + sum(first) + " over "
                            + first.size() + " in the first layer");
                }
            }
        }

        /// How uneven each layer of the model is: the tokens of its fullest expert over those of the mean expert, 1 where
        /// all are equal. Where experts lie apart, a layer waits this much longer than it would with an even load.
        public List<Double> imbalances() {
            return counts.stream()
                    .map(layer -> layer.stream().mapToLong(Long::longValue).max().orElseThrow() * (double) layer.size()
                            / sum(layer))
                    .toList();
        }

        /// The mean over the layers of the model.
        public double meanImbalance() {
            return imbalances().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        /// The layer of the model that is the most uneven, from 0; the first of equals.
        public int worstLayer() {
            List<Double> all = imbalances();
            int worst = 0;
            for (int l = 1; l < all.size(); l++) {
                if (all.get(l) > all.get(worst)) {
                    worst = l;
                }
            }
            return worst;
        }

        private static long sum(List<Long> layer) {
            return layer.stream().mapToLong(Long::longValue).sum();
        }
    }
}
