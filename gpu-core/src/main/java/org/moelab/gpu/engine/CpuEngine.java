package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.moelab.gpu.model.MoeConfig;

/// The reference: the whole model in fp32 on the processor, written to be read. Every other implementation is compared with
/// it.
public final class CpuEngine implements Engine {
    /// The most numbers of a model that it takes: it unpacks them to fp32.
    public static final long MOST_PARAMETERS = 2_000_000_000L;

    private final CpuWeights weights;
    private final MoeConfig config;
    private final float[] inverseFrequencies;
    private final CacheRounding rounding;

    /// What a cache of fewer bits does to a head of keys or values.
    public interface CacheRounding {
        /// Rounds numbers `first` to `first + count - 1`, one head of one token, in place.
        void round(float[] numbers, int first, int count);
    }

    /// @param weights the model, shared and never written
    public CpuEngine(CpuWeights weights) {
        this(weights, (_, _, _) -> {
            // keys and values stay as they are
        });
    }

    /// An engine that is exact but for its cache, which tells what rounding costs apart from any kernel.
    ///
    /// @param weights the model, shared and never written
    /// @param rounding what happens to keys and values once they lie in the cache
    public CpuEngine(CpuWeights weights, CacheRounding rounding) {
        this.weights = weights;
        this.rounding = rounding;
        this.config = weights.config();
        this.inverseFrequencies = config.rope().inverseFrequencies(config.headSize());
    }

    @Override
    public MoeConfig config() {
        return config;
    }

    @Override
    public String device() {
        return "CPU reference";
    }

    @Override
    public Session open(int sequences, int capacity, int longestStep) {
        return new CpuSession(sequences, capacity, ownRouter());
    }

    @Override
    public RoutedSession openRouted(int sequences, int capacity, int longestStep) {
        CpuSession session = new CpuSession(sequences, capacity, ownRouter());
        return new RoutedSession(session, () -> new StepRouting(session.routed));
    }

    /// Opens a batch whose tokens see the experts that another engine chose; before each step the follower must be given
    /// what that step is to follow.
    public Session openFollowing(int sequences, int capacity, RoutingFollower follower) {
        return new CpuSession(sequences, capacity, follower);
    }

    private Router ownRouter() {
        return (_, _, logits) -> Routing.of(logits, 0, config.experts(), config.chosen());
    }

    @Override
    public void close() {
        // plain memory, nothing to give back
    }

    /// The work is done when it returns, so that the clock of the host tells all.
    private record ClockMark(long ns) implements Session.Mark {
        @Override
        public double millisSince(Session.Mark earlier) {
            return (ns - ((ClockMark) earlier).ns) / 1e6;
        }
    }

    private final class CpuSession implements Session {
        private final int capacity;
        private final Router router;
        private final float[][][] keys; // [sequence][layer] (capacity, kvWidth)
        private final float[][][] values;
        private final float[][] hidden; // [sequence] (tokens fed last, hidden)
        private final List<int[]> choices = new ArrayList<>();
        private int[][][] routed; // [layer][token of the last step]
        private int length;
        private boolean chosen;

        CpuSession(int sequences, int capacity, Router router) {
            this.capacity = capacity;
            this.router = router;
            routed = new int[config.layers()][0][];
            keys = new float[sequences][config.layers()][capacity * config.kvWidth()];
            values = new float[sequences][config.layers()][capacity * config.kvWidth()];
            hidden = new float[sequences][0];
        }

        @Override
        public int sequences() {
            return keys.length;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public void feed(int[][] tokens) {
            Tokens.check(tokens, keys.length, length, capacity, config.vocabulary());
            int added = tokens[0].length;
            routed = new int[config.layers()][keys.length * added][];
            for (int s = 0; s < keys.length; s++) {
                hidden[s] = forward(tokens[s], s * added, keys[s], values[s]);
            }
            length += added;
            chosen = false;
        }

        @Override
        public float[][] logits(Scope scope) {
            int fed = hidden[0].length / config.hidden();
            int wanted = scope == Scope.ALL ? fed : 1;
            float[][] rows = new float[keys.length * wanted][];
            for (int s = 0; s < keys.length; s++) {
                float[] normed = norm(
                        Arrays.copyOfRange(hidden[s], (fed - wanted) * config.hidden(), hidden[s].length),
                        weights.norm());
                float[] logits = linear(normed, weights.unembedding(), 0, null, config.vocabulary(), config.hidden());
                for (int r = 0; r < wanted; r++) {
                    rows[s * wanted + r] = Arrays.copyOfRange(logits, r * config.vocabulary(),
                            (r + 1) * config.vocabulary());
                }
            }
            return rows;
        }

        @Override
        public void choose() {
            choices.add(Stream.of(logits(Scope.LAST)).mapToInt(Generation::likeliest).toArray());
            chosen = true;
        }

        @Override
        public void feedChosen() {
            if (!chosen) {
                throw new IllegalStateException("no tokens were chosen to follow the " + length + " fed");
            }
            feed(IntStream.of(choices.getLast()).mapToObj(token -> new int[] { token }).toArray(int[][]::new));
        }

        @Override
        public int[][] chosen() {
            return IntStream.range(0, keys.length)
                    .mapToObj(s -> choices.stream().mapToInt(choice -> choice[s]).toArray()).toArray(int[][]::new);
        }

        @Override
        public void clear() {
            length = 0;
            chosen = false;
            choices.clear();
        }

        @Override
        public Mark mark() {
            return new ClockMark(System.nanoTime());
        }

        /// Runs all layers over one sequence's new tokens; the result is the hidden state, (tokens, hidden).
        ///
        /// @param first number of its first token in the step
        private float[] forward(int[] tokens, int first, float[][] layerKeys, float[][] layerValues) {
            int width = config.hidden();
            float[] x = new float[tokens.length * width];
            for (int t = 0; t < tokens.length; t++) {
                System.arraycopy(weights.embedding(), tokens[t] * width, x, t * width, width);
            }
            for (int l = 0; l < config.layers(); l++) {
                CpuWeights.Layer layer = weights.layers().get(l);
                add(x, attention(norm(x, layer.attentionNorm()), layer, config.window(l), layerKeys[l],
                        layerValues[l]));
                add(x, experts(norm(x, layer.moeNorm()), l, first));
            }
            return x;
        }

        private float[] attention(float[] x, CpuWeights.Layer layer, int window, float[] cacheKeys,
                float[] cacheValues) {
            int tokens = x.length / config.hidden();
            float[] qkv = linear(x, layer.qkv(), 0, layer.qkvBias(), config.qkvWidth(), config.hidden()); // (tokens, qkvWidth)
            for (int t = 0; t < tokens; t++) {
                int row = t * config.qkvWidth();
                for (int head = 0; head < config.queryHeads() + config.kvHeads(); head++) {
                    rotate(qkv, row + head * config.headSize(), length + t);
                }
                int slot = (length + t) * config.kvWidth();
                keep(qkv, row + config.queryWidth(), cacheKeys, slot);
                keep(qkv, row + config.queryWidth() + config.kvWidth(), cacheValues, slot);
            }
            float[] mixed = new float[tokens * config.queryWidth()];
            IntStream.range(0, tokens * config.queryHeads()).parallel().forEach(i -> {
                int t = i / config.queryHeads();
                attend(qkv, t, i % config.queryHeads(), window, layer.sinks(), cacheKeys, cacheValues, mixed);
            });
            return linear(mixed, layer.out(), 0, layer.outBias(), config.hidden(), config.queryWidth());
        }

        /// Puts the keys or the values of one token into their place.
        private void keep(float[] qkv, int from, float[] cache, int slot) {
            System.arraycopy(qkv, from, cache, slot, config.kvWidth());
            for (int head = 0; head < config.kvHeads(); head++) {
                rounding.round(cache, slot + head * config.headSize(), config.headSize());
            }
        }

        /// One head of one token: softmax over the keys it sees and the head's sink, whose own value is nothing.
        private void attend(float[] qkv, int token, int head, int window, float[] sinks, float[] cacheKeys,
                float[] cacheValues, float[] out) {
            int size = config.headSize();
            int kvOffset = head / (config.queryHeads() / config.kvHeads()) * size;
            int last = length + token;
            int first = window == 0 ? 0 : Math.max(0, last - window + 1);
            float scale = (float) (1 / Math.sqrt(size));
            float[] scores = new float[last - first + 1];
            float largest = sinks[head];
            for (int k = first; k <= last; k++) {
                scores[k - first] = scale * dot(qkv, token * config.qkvWidth() + head * size, cacheKeys,
                        k * config.kvWidth() + kvOffset, size);
                largest = Math.max(largest, scores[k - first]);
            }
            float sum = (float) Math.exp(sinks[head] - largest);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) Math.exp(scores[i] - largest);
                sum += scores[i];
            }
            int to = token * config.queryWidth() + head * size;
            for (int k = first; k <= last; k++) {
                float p = scores[k - first] / sum;
                int from = k * config.kvWidth() + kvOffset;
                for (int d = 0; d < size; d++) {
                    out[to + d] += p * cacheValues[from + d];
                }
            }
        }

        /// Turns the two halves of a head against each other by the position's angles.
        private void rotate(float[] x, int head, int position) {
            int half = config.headSize() / 2;
            float concentration = config.rope().concentration();
            for (int i = 0; i < half; i++) {
                double angle = (double) position * inverseFrequencies[i];
                float cosine = (float) Math.cos(angle) * concentration;
                float sine = (float) Math.sin(angle) * concentration;
                float a = x[head + i];
                float b = x[head + half + i];
                x[head + i] = a * cosine - b * sine;
                x[head + half + i] = b * cosine + a * sine;
            }
        }

        private float[] experts(float[] x, int l, int first) {
            CpuWeights.Layer layer = weights.layers().get(l);
            int width = config.hidden();
            int inner = config.intermediate();
            int tokens = x.length / width;
            float[] logits = linear(x, layer.router(), 0, layer.routerBias(), config.experts(), width); // (tokens, experts)
            float[] out = new float[x.length];
            for (int t = 0; t < tokens; t++) {
                Routing routing = router.route(l, first + t,
                        Arrays.copyOfRange(logits, t * config.experts(), (t + 1) * config.experts()));
                routed[l][first + t] = routing.experts();
                float[] token = Arrays.copyOfRange(x, t * width, (t + 1) * width);
                for (int k = 0; k < config.chosen(); k++) {
                    int e = routing.experts()[k];
                    float[] gateUp = linear(token, layer.gateUp(), e * 2 * inner, layer.gateUpBias(), 2 * inner, width);
                    float[] h = new float[inner];
                    for (int j = 0; j < inner; j++) {
                        h[j] = swiglu(gateUp[2 * j], gateUp[2 * j + 1]);
                    }
                    float[] y = linear(h, layer.down(), e * width, layer.downBias(), width, inner);
                    for (int i = 0; i < width; i++) {
                        out[t * width + i] += routing.weights()[k] * y[i];
                    }
                }
            }
            return out;
        }

        @Override
        public void close() {
            // plain memory, nothing to give back
        }
    }

    private float swiglu(float gate, float up) {
        float g = Math.min(gate, config.swigluLimit());
        float u = Math.clamp(up, -config.swigluLimit(), config.swigluLimit());
        return (float) (g / (1 + Math.exp(-1.702 * g))) * (u + 1);
    }

    /// Every row divided by its root mean square, times the weight.
    private float[] norm(float[] x, float[] weight) {
        float[] out = new float[x.length];
        for (int row = 0; row < x.length; row += weight.length) {
            double square = 0;
            for (int i = 0; i < weight.length; i++) {
                square += (double) x[row + i] * x[row + i];
            }
            float scale = (float) (1 / Math.sqrt(square / weight.length + config.epsilon()));
            for (int i = 0; i < weight.length; i++) {
                out[row + i] = x[row + i] * scale * weight[i];
            }
        }
        return out;
    }

    /// x · Wᵀ + b over rows [firstRow, firstRow + rows) of a matrix; x is (tokens, inner), the result (tokens, rows).
    private static float[] linear(float[] x, float[] matrix, int firstRow, float @Nullable [] bias, int rows,
            int inner) {
        int tokens = x.length / inner;
        float[] out = new float[tokens * rows];
        IntStream.range(0, rows).parallel().forEach(r -> {
            int row = Math.multiplyExact(firstRow + r, inner);
            float b = bias == null ? 0 : bias[firstRow + r];
            for (int t = 0; t < tokens; t++) {
                out[t * rows + r] = dot(x, t * inner, matrix, row, inner) + b;
            }
        });
        return out;
    }

    private static void add(float[] x, float[] delta) {
        for (int i = 0; i < x.length; i++) {
            x[i] += delta[i];
        }
    }

    /// Four partial sums keep both the rounding and the wait for each addition small.
    private static float dot(float[] a, int fromA, float[] b, int fromB, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += a[fromA + i] * b[fromB + i];
            s1 += a[fromA + i + 1] * b[fromB + i + 1];
            s2 += a[fromA + i + 2] * b[fromB + i + 2];
            s3 += a[fromA + i + 3] * b[fromB + i + 3];
        }
        for (; i < n; i++) {
            s0 += a[fromA + i] * b[fromB + i];
        }
        return s0 + s1 + (s2 + s3);
    }
}
