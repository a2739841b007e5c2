package org.moelab.gpu.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.moelab.gpu.model.MoeConfig;

/// Sends the reference's tokens to the experts that another engine chose, weighted by the reference's own logits, and notes
/// how far those experts are from the reference's own choice. A choice that the model does not allow is not followed.
///
/// A choice between experts is a discontinuity: where two of them are nearly tied, rounding decides, and the logits behind
/// it differ by far more than rounding. Followed, what is left of the difference is numerical error.
public final class RoutingFollower implements Router {
    private final int expertCount;
    private final int chosen;
    private final double[] squares; // of the logits about each token's mean, by layer
    private final long[] logitCounts; // by layer
    private final double[] gaps; // the largest of each layer, in units of logits
    private StepRouting next = new StepRouting(new int[0][][]);
    private long tokenLayers;
    private long rerouted;

    /// @param config the model's sizes
    public RoutingFollower(MoeConfig config) {
        expertCount = config.experts();
        chosen = config.chosen();
        squares = new double[config.layers()];
        logitCounts = new long[config.layers()];
        gaps = new double[config.layers()];
    }

    /// Sets what the steps from now on are to follow; each step has a routing of its own.
    public void follow(StepRouting routing) {
        next = routing;
    }

    /// What was found in all steps so far.
    public Rerouting rerouting() {
        double largest = 0;
        for (int l = 0; l < gaps.length; l++) {
            if (gaps[l] > 0) {
                largest = Math.max(largest, gaps[l] / Math.sqrt(squares[l] / logitCounts[l]));
            }
        }
        return new Rerouting(tokenLayers, rerouted, largest);
    }

    @Override
    public Routing route(int layer, int token, float[] logits) {
        int[] followed = followed(layer, token);
        Routing own = Routing.of(logits, 0, expertCount, chosen);
        noteSpread(layer, logits);
        tokenLayers++;
        if (!isChoice(followed)) {
            rerouted++;
            gaps[layer] = Double.POSITIVE_INFINITY;
            return own;
        }
        Routing given = Routing.among(logits, followed);
        if (!Arrays.equals(given.experts(), own.experts())) {
            rerouted++;
            gaps[layer] = Math.max(gaps[layer], gap(logits, given));
        }
        return given;
    }

    private int[] followed(int layer, int token) {
        if (token >= next.tokens()) {
            throw new IllegalStateException("a routing of " + next.tokens() + " tokens for a longer step");
        }
        return next.experts()[layer][token];
    }

    private void noteSpread(int layer, float[] logits) {
        double mean = IntStream.range(0, expertCount).mapToDouble(e -> logits[e]).average().orElseThrow();
        for (float logit : logits) {
            squares[layer] += (logit - mean) * (logit - mean);
        }
        logitCounts[layer] += expertCount;
    }

    private boolean isChoice(int[] experts) {
        return experts.length == chosen && Arrays.stream(experts).distinct().count() == chosen
                && Arrays.stream(experts).allMatch(e -> e >= 0 && e < expertCount);
    }

    /// How far the worst expert chosen lies under the best one left out; 0 where they are tied.
    private double gap(float[] logits, Routing given) {
        double worstChosen = logits[given.experts()[chosen - 1]];
        double bestLeftOut = IntStream.range(0, expertCount)
                .filter(e -> Arrays.stream(given.experts()).noneMatch(g -> g == e)).mapToDouble(e -> logits[e]).max()
                .orElseThrow();
        return bestLeftOut - worstChosen;
    }
}
