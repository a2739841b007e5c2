package org.moelab.gpu.engine;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

import org.moelab.gpu.model.MoeConfig;

/// The model once more, in double precision and without a cache: every position is computed from all tokens before it, by
/// the formulas of the model's description and nothing shared with the engines but the unpacked weights.
record PlainModel(CpuWeights weights) {
    /// Logits of each position, (tokens, vocabulary).
    double[][] logits(int[] tokens) {
        return logits(tokens, Optional.empty());
    }

    /// The same where each token of each layer sees the experts given, (layers, tokens, chosen).
    double[][] logits(int[] tokens, Optional<int[][][]> given) {
        MoeConfig c = weights.config();
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = row(weights.embedding(), tokens[t], c.hidden());
        }
        for (int l = 0; l < c.layers(); l++) {
            CpuWeights.Layer layer = weights.layers().get(l);
            double[][] attended = attention(normed(x, layer.attentionNorm()), layer, c.window(l));
            for (int t = 0; t < x.length; t++) {
                add(x[t], 1, attended[t]);
                double[] seen = norm(x[t], layer.moeNorm());
                double[] logits = routerLogits(seen, layer);
                int layerIndex = l;
                int token = t;
                add(x[t], 1, experts(seen, layer, logits,
                        given.map(g -> g[layerIndex][token]).orElseGet(() -> best(logits))));
            }
        }
        double[][] logits = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            logits[t] = product(weights.unembedding(), 0, c.vocabulary(), norm(x[t], weights.norm()));
        }
        return logits;
    }

    private double[][] attention(double[][] x, CpuWeights.Layer layer, int window) {
        MoeConfig c = weights.config();
        int size = c.headSize();
        double[][] qkv = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            qkv[t] = product(layer.qkv(), 0, c.qkvWidth(), x[t]);
            add(qkv[t], 1, row(layer.qkvBias(), 0, c.qkvWidth()));
            for (int head = 0; head < c.queryHeads() + c.kvHeads(); head++) {
                rotate(qkv[t], head * size, t);
            }
        }
        double[][] out = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] mixed = new double[c.queryWidth()];
            for (int head = 0; head < c.queryHeads(); head++) {
                int key = c.queryWidth() + head * c.kvHeads() / c.queryHeads() * size;
                int value = key + c.kvWidth();
                double sum = Math.exp(layer.sinks()[head]);
                double[] weighted = new double[size];
                for (int k = 0; k <= t; k++) {
                    if (window > 0 && t - k >= window) {
                        continue;
                    }
                    double score = 0;
                    for (int d = 0; d < size; d++) {
                        score += qkv[t][head * size + d] * qkv[k][key + d];
                    }
                    double e = Math.exp(score / Math.sqrt(size));
                    sum += e;
                    add(weighted, e, Arrays.copyOfRange(qkv[k], value, value + size));
                }
                for (int d = 0; d < size; d++) {
                    mixed[head * size + d] = weighted[d] / sum;
                }
            }
            out[t] = product(layer.out(), 0, c.hidden(), mixed);
            add(out[t], 1, row(layer.outBias(), 0, c.hidden()));
        }
        return out;
    }

    private void rotate(double[] x, int head, int position) {
        MoeConfig c = weights.config();
        int half = c.headSize() / 2;
        float[] frequencies = c.rope().inverseFrequencies(c.headSize());
        for (int i = 0; i < half; i++) {
            double cosine = Math.cos(position * (double) frequencies[i]) * c.rope().concentration();
            double sine = Math.sin(position * (double) frequencies[i]) * c.rope().concentration();
            double a = x[head + i];
            double b = x[head + half + i];
            x[head + i] = a * cosine - b * sine;
            x[head + half + i] = b * cosine + a * sine;
        }
    }

    private double[] routerLogits(double[] x, CpuWeights.Layer layer) {
        double[] logits = product(layer.router(), 0, weights.config().experts(), x);
        add(logits, 1, row(layer.routerBias(), 0, weights.config().experts()));
        return logits;
    }

    private int[] best(double[] logits) {
        double[] falling = logits.clone();
        Arrays.sort(falling);
        double least = falling[logits.length - weights.config().chosen()];
        return IntStream.range(0, logits.length).filter(e -> logits[e] >= least).toArray();
    }

    private double[] experts(double[] x, CpuWeights.Layer layer, double[] logits, int[] chosen) {
        double sum = Arrays.stream(chosen).mapToDouble(e -> Math.exp(logits[e])).sum();
        double[] out = new double[weights.config().hidden()];
        for (int e : chosen) {
            add(out, Math.exp(logits[e]) / sum, expert(x, layer, e));
        }
        return out;
    }

    private double[] expert(double[] x, CpuWeights.Layer layer, int e) {
        MoeConfig c = weights.config();
        int inner = c.intermediate();
        double[] gateUp = product(layer.gateUp(), e * 2 * inner, 2 * inner, x);
        add(gateUp, 1, row(layer.gateUpBias(), e, 2 * inner));
        double[] h = new double[inner];
        for (int j = 0; j < inner; j++) {
            double gate = Math.min(gateUp[2 * j], c.swigluLimit());
            double up = Math.clamp(gateUp[2 * j + 1], -c.swigluLimit(), c.swigluLimit());
            h[j] = gate / (1 + Math.exp(-1.702 * gate)) * (up + 1);
        }
        double[] y = product(layer.down(), e * c.hidden(), c.hidden(), h);
        add(y, 1, row(layer.downBias(), e, c.hidden()));
        return y;
    }

    private double[][] normed(double[][] x, float[] weight) {
        return Arrays.stream(x).map(row -> norm(row, weight)).toArray(double[][]::new);
    }

    private double[] norm(double[] x, float[] weight) {
        double scale = 1 / Math.sqrt(Arrays.stream(x).map(v -> v * v).average().orElseThrow()
                + weights.config().epsilon());
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] * scale * weight[i];
        }
        return out;
    }

    private static double[] product(float[] matrix, int firstRow, int rows, double[] x) {
        double[] out = new double[rows];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < x.length; i++) {
                out[r] += matrix[(firstRow + r) * x.length + i] * x[i];
            }
        }
        return out;
    }

    private static double[] row(float[] matrix, int row, int width) {
        double[] out = new double[width];
        for (int i = 0; i < width; i++) {
            out[i] = matrix[row * width + i];
        }
        return out;
    }

    private static void add(double[] x, double factor, double[] delta) {
        for (int i = 0; i < x.length; i++) {
            x[i] += factor * delta[i];
        }
    }
}
