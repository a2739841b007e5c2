package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Draft.Binding;
import org.moelab.gpu.engine.Draft.Gpu;
import org.moelab.gpu.engine.ProductDrafts.Product;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.WeightTensor;

/// The attention of a layer, from the normed hidden state to what is added to the residual stream.
final class AttentionDrafts {
    /// The switches of the attention kernel.
    static final List<String> SWITCHES = List.of("coalesced-access", "ilp", "vectorised-loads");
    private static final String KIND = "attention";
    private static final String MATMUL = "dense matmul";
    private static final int THREADS = 256;
    private static final int TILE = 16;
    private static final int FLASH_QUERIES = 64;
    /// Heads of a block that rotates.
    private static final int ROTATED_HEADS = 8;
    private static final int FLASH_THREADS = 128;
    /// Which parameter of the kernels of plain attention is the number of keys.
    private static final List<String> FLASH_SWITCHES = List.of("async-pipeline", "bank-conflicts", "double-buffering",
            "warp-shuffle");
    /// The technique by which a cluster has all query heads of a key head.
    private static final String TOGETHER = "gqa";
    private static final List<String> CLUSTER_TECHNIQUES = List.of("cooperative-groups", "fused-attention",
            "fused-rope-kv", TOGETHER, "warp-shuffle");
    /// Blocks of the cluster that shares out the keys of a key head.
    private static final int CLUSTER_BLOCKS = 8;
    /// The addresses of plain attention, which knows bf16 only, in their order.
    private static final int KEYS = 0;
    private static final int VALUES = 1;
    private static final int SCORES_SEEN = 4;
    private static final int SOFTMAX_SEEN = 3;
    private static final int VALUES_SEEN = 4;

    private final StepShape shape;
    private final MoeConfig c;
    private final ProductDrafts products;
    private final int tokens;
    private final int added;
    private final CacheForm cache;

    AttentionDrafts(StepShape shape, ProductDrafts products) {
        this.shape = shape;
        this.c = shape.config();
        this.products = products;
        this.tokens = shape.tokens();
        this.added = shape.added();
        this.cache = shape.cache();
    }

    /// All of layer `l`, `at` being where it stands in the model.
    List<Draft> layer(String at, int l) {
        List<Draft> drafts = new ArrayList<>(projections(at, l));
        if (shape.clusterAttention()) {
            drafts.add(clusters(at, l));
            drafts.addAll(output(at, l));
            return drafts;
        }
        drafts.addAll(positions(at, l));
        if (shape.fusedAttention()) {
            drafts.add(fused(at, l));
        } else if (shape.flashAttention()) {
            drafts.add(flash(at, l));
        } else {
            for (int s = 0; s < shape.sequences(); s++) {
                drafts.addAll(plain(at, l, s));
            }
        }
        drafts.addAll(output(at, l));
        return drafts;
    }

    /// The techniques of a kernel that touches the cache.
    private List<String> touching(List<String> techniques) {
        List<String> all = new ArrayList<>(cache.applied(techniques));
        if (shape.paged()) {
            all.add(PagedCache.TECHNIQUE);
        }
        return all;
    }

    /// Queries, keys and values: (tokens, qkvWidth) in fp32.
    private List<Draft> projections(String at, int l) {
        int q = c.queryWidth();
        int kv = c.kvWidth();
        ToLongFunction<Gpu> bias = gpu -> gpu.model().address(WeightTensor.QKV_BIAS, l);
        Product all = projection(at + "qkv", l, 0, c.qkvWidth());
        if (shape.normInProduct()) {
            return List.of(Fp8Products.normed(projection(at + "norm and qkv", l, 0, c.qkvWidth()), l, c.epsilon()));
        }
        if (shape.fp8()) {
            return List.of(Fp8Products.draft(all, shape.on("async-pipeline"), WeightTensor.QKV, l, bias, true, false));
        }
        if (shape.vectors()) {
            return List.of(products.vectors(all, bias, true, false));
        }
        if (shape.on("custom-fusion")) {
            return List.of(products.library(all, List.of("custom-fusion")));
        }
        return List.of(products.library(projection(at + "q", l, 0, q)),
                products.library(projection(at + "k", l, q, kv)),
                products.library(projection(at + "v", l, q + kv, kv)));
    }

    private Product projection(String name, int l, int firstRow, int rows) {
        return new Product(name, MATMUL, tokens, rows, c.hidden(), c.qkvWidth(),
                gpu -> gpu.w().qkv.address() + 4L * firstRow, gpu -> gpu.w().normed.address(),
                gpu -> gpu.model().address(WeightTensor.QKV, l) + 2L * firstRow * c.hidden());
    }

    /// Bias where the products have left it out, rotation and cache.
    private List<Draft> positions(String at, int l) {
        boolean biased = shape.ownProducts();
        if (shape.on("fused-rope-kv")) {
            return List.of(fusedPositions(at, l, biased));
        }
        List<Draft> drafts = new ArrayList<>();
        if (!biased) {
            long count = (long) tokens * c.qkvWidth();
            drafts.add(Draft.kernel(at + "bias", "norm and elementwise", "add_bias", shape.sized(),
                    8 * count + 2L * c.qkvWidth(), count,
                    (gpu, function) -> Launcher
                            .of(function, gpu.sizing().rows("add_bias", tokens, c.qkvWidth()))
                            .pointer(gpu.w().qkv.address()).pointer(gpu.model().address(WeightTensor.QKV_BIAS, l))
                            .int32(c.qkvWidth()).int32(c.qkvWidth()).prepared(gpu.w().arena)));
        }
        drafts.add(rope(at + "rope of q", 0, c.queryHeads()));
        drafts.add(rope(at + "rope of k", c.queryHeads(), c.kvHeads()));
        drafts.add(Draft.kernel(at + "cache", KIND, "kv_append", shape.sized(), 12L * tokens * c.kvWidth(), 0,
                (gpu, function) -> Launcher.of(function, gpu.sizing().rows("kv_append", tokens, c.kvWidth()))
                        .pointers(gpu.w().cache.addresses(l))
                        .pointer(gpu.w().qkv.address()).pointer(gpu.w().positions.address())
                        .pointer(gpu.w().sequences.address()).int32(shape.capacity()).int32(c.qkvWidth())
                        .int32(c.queryWidth()).int32(c.kvWidth()).prepared(gpu.w().arena)));
        return drafts;
    }

    private Draft fusedPositions(String at, int l, boolean biased) {
        long bytes = tokens * (8L * c.queryWidth() + 8L * c.kvWidth() + cache.tokenBytes(c))
                + (biased ? 0 : 2L * c.qkvWidth());
        long flops = 3L * tokens * (c.queryWidth() + c.kvWidth()) + (biased ? 0 : (long) tokens * c.qkvWidth());
        return Draft.kernel(at + "rope and cache", KIND, cache.kernel("rope_kv_append"),
                touching(List.of("fused-rope-kv")), bytes, flops,
                (gpu, function) -> Launcher
                        .of(function, rotation(gpu))
                        .pointer(gpu.w().qkv.address())
                        .pointer(biased ? 0 : gpu.model().address(WeightTensor.QKV_BIAS, l))
                        .pointers(gpu.w().cache.addresses(l))
                        .pointer(gpu.w().positions.address()).pointer(gpu.w().sequences.address())
                        .pointer(gpu.w().inverseFrequencies.address()).float32(c.rope().concentration())
                        .and(gpu.w().cache::room).int32(c.queryHeads()).int32(c.kvHeads()).int32(c.headSize())
                        .prepared(gpu.w().arena));
    }

    /// A few heads a block, or all of a token's where there are tokens enough for every multiprocessor: then each angle is
    /// worked out once.
    private LaunchShape rotation(Gpu gpu) {
        int heads = c.queryHeads() + c.kvHeads();
        boolean together = tokens >= 2 * gpu.w().multiprocessors();
        return new LaunchShape(tokens, together ? 1 : Math.ceilDiv(heads, ROTATED_HEADS), 1, c.headSize() / 2,
                ROTATED_HEADS, 1, 0);
    }

    private Draft rope(String name, int firstHead, int heads) {
        long count = (long) tokens * heads * c.headSize();
        return Draft.kernel(name, KIND, "rope", List.of(), 8 * count, 3 * count,
                (gpu, function) -> Launcher.of(function, new LaunchShape(tokens, heads, 1, c.headSize() / 2, 1, 1, 0))
                        .pointer(gpu.w().qkv.address()).pointer(gpu.w().positions.address())
                        .pointer(gpu.w().inverseFrequencies.address()).float32(c.rope().concentration())
                        .int32(firstHead).int32(c.qkvWidth()).int32(c.headSize()).prepared(gpu.w().arena));
    }

    private Draft fused(String at, int l) {
        int window = c.window(l);
        return new Draft(at + "attention", KIND, cache.kernel("attention_decode"),
                touching(shape.applied("fused-attention", SWITCHES)), length -> wholeBytes(length, window),
                length -> 4L * shape.sequences() * pairs(length, window) * c.queryWidth(), true,
                (Binding.Kernel) (gpu, function) -> Launcher
                        .of(function, new LaunchShape(c.queryHeads(), tokens, 1, THREADS, 1, 1, 0))
                        .pointer(gpu.w().mixed.address()).pointer(gpu.w().qkv.address())
                        .pointers(gpu.w().cache.addresses(l))
                        .pointer(gpu.model().address(WeightTensor.SINKS, l)).pointer(gpu.w().positions.address())
                        .pointer(gpu.w().sequences.address()).and(gpu.w().cache::room).int32(window).float32(scale())
                        .int32(c.qkvWidth()).int32(c.queryHeads()).int32(c.kvHeads()).prepared(gpu.w().arena));
    }

    /// Rotation, cache and attention of one new token by clusters of blocks: one a key head, or one a query head, of which
    /// those of a key head then read the same keys and values, all but the first from the level-2 cache.
    private Draft clusters(String at, int l) {
        int window = c.window(l);
        int clusters = shape.on(TOGETHER) ? c.kvHeads() : c.queryHeads();
        return new Draft(at + "rope and attention", KIND, cache.kernel("attention_cluster"),
                touching(shape.on(CLUSTER_TECHNIQUES)),
                length -> wholeBytes(length, window) + tokens * (8L * c.kvWidth() + cache.tokenBytes(c)),
                length -> 4L * shape.sequences() * pairs(length, window) * c.queryWidth()
                        + 3L * tokens * (c.queryWidth() + c.kvWidth()),
                true, (Binding.Kernel) (gpu, function) -> Launcher
                        .of(function,
                                new LaunchShape(CLUSTER_BLOCKS * clusters, tokens, 1, THREADS, 1, 1, 0)
                                        .inClustersOf(CLUSTER_BLOCKS))
                        .pointer(gpu.w().mixed.address()).pointer(gpu.w().qkv.address())
                        .pointers(gpu.w().cache.addresses(l)).pointer(gpu.model().address(WeightTensor.SINKS, l))
                        .pointer(gpu.w().positions.address()).pointer(gpu.w().sequences.address())
                        .pointer(gpu.w().inverseFrequencies.address()).float32(c.rope().concentration())
                        .and(gpu.w().cache::room).int32(window).float32(scale()).int32(c.queryHeads())
                        .int32(c.kvHeads()).prepared(gpu.w().arena));
    }

    /// Attention of many new tokens by tiles of queries and keys.
    private Draft flash(String at, int l) {
        int window = c.window(l);
        return new Draft(at + "attention", KIND, cache.kernel("attention_flash"),
                touching(shape.applied("flash-attention", FLASH_SWITCHES)), length -> wholeBytes(length, window),
                length -> 4L * shape.sequences() * pairs(length, window) * c.queryWidth(),
                true, (Binding.Kernel) (gpu, function) -> Launcher
                        .of(function,
                                new LaunchShape(Math.ceilDiv(added, FLASH_QUERIES), c.queryHeads(),
                                        shape.sequences(), FLASH_THREADS, 1, 1, 0))
                        .pointer(gpu.w().mixed.address()).pointer(gpu.w().qkv.address())
                        .pointers(gpu.w().cache.addresses(l))
                        .pointer(gpu.model().address(WeightTensor.SINKS, l)).pointer(gpu.w().positions.address())
                        .pointer(gpu.w().sequences.address()).int32(added).and(gpu.w().cache::room).int32(window)
                        .float32(scale()).int32(c.qkvWidth()).int32(c.queryHeads()).int32(c.kvHeads())
                        .prepared(gpu.w().arena));
    }

    /// Scores, softmax and weighted values of one sequence; shapes and the number of keys follow the context.
    private List<Draft> plain(String at, int l, int s) {
        String of = shape.sequences() == 1 ? "" : " of sequence " + s;
        int group = c.queryHeads() / c.kvHeads();
        int window = c.window(l);
        long before = 2L * s * shape.capacity() * c.kvWidth(); // bytes of the sequences before: plain kernels know bf16
        Operation.Cost all = length -> (long) c.queryHeads() * added * (length + added);
        Operation.Cost flops = length -> 2L * pairs(length, window) * c.queryWidth();
        Operation.Cost kept = length -> 2L * keys(length, window) * c.kvWidth();
        Binding.Kernel scores = (gpu, function) -> {
            Launcher.Repeated launch = Launcher.of(function).pointer(gpu.w().scores.address())
                    .pointer(gpu.w().qkv.address() + 4L * s * added * c.qkvWidth())
                    .pointer(gpu.w().cache.addresses(l)[KEYS] + before).int32(added).int32(0).int32(window)
                    .float32(scale()).int32(c.qkvWidth()).int32(c.headSize()).int32(group).int32(c.kvHeads())
                    .repeated(gpu.w().arena);
            return (stream, step) -> {
                launch.parameters().setInt(SCORES_SEEN, step.length() + added);
                launch.run(tiles(step.length() + added), stream);
            };
        };
        Binding.Kernel softmax = (gpu, function) -> {
            Launcher.Repeated launch = Launcher.of(function).pointer(gpu.w().scores.address())
                    .pointer(gpu.model().address(WeightTensor.SINKS, l)).int32(added).int32(0)
                    .repeated(gpu.w().arena);
            return (stream, step) -> {
                launch.parameters().setInt(SOFTMAX_SEEN, step.length() + added);
                launch.run(new LaunchShape(added, c.queryHeads(), 1, THREADS, 1, 1, 0), stream);
            };
        };
        Binding.Kernel values = (gpu, function) -> {
            Launcher.Repeated launch = Launcher.of(function)
                    .pointer(gpu.w().mixed.address() + 2L * s * added * c.queryWidth())
                    .pointer(gpu.w().scores.address()).pointer(gpu.w().cache.addresses(l)[VALUES] + before).int32(added)
                    .int32(0).int32(c.queryHeads()).int32(c.headSize()).int32(group).int32(c.kvHeads())
                    .repeated(gpu.w().arena);
            return (stream, step) -> {
                launch.parameters().setInt(VALUES_SEEN, step.length() + added);
                launch.run(tiles(c.headSize()), stream);
            };
        };
        return List.of(
                new Draft(at + "scores" + of, KIND, "attention_scores", List.of(),
                        length -> kept.at(length) + 4L * added * c.queryWidth() + 4 * all.at(length), flops, false,
                        scores),
                new Draft(at + "softmax" + of, KIND, "attention_softmax", List.of(), length -> 8 * all.at(length),
                        length -> 4 * all.at(length), false, softmax),
                new Draft(at + "values" + of, KIND, "attention_values", List.of(),
                        length -> kept.at(length) + 2L * added * c.queryWidth() + 4 * all.at(length), flops, false,
                        values));
    }

    /// The attention's output, added to the hidden state now or by the next norm.
    private List<Draft> output(String at, int l) {
        boolean adds = shape.ownProducts();
        Product product = new Product(at + "out", MATMUL, tokens, c.hidden(), c.queryWidth(), c.hidden(),
                gpu -> adds ? gpu.w().hidden.address() : gpu.w().delta.address(), gpu -> gpu.w().mixed.address(),
                gpu -> gpu.model().address(WeightTensor.OUT, l));
        ToLongFunction<Gpu> bias = gpu -> gpu.model().address(WeightTensor.OUT_BIAS, l);
        if (shape.fp8()) {
            return List
                    .of(Fp8Products.draft(product, shape.on("async-pipeline"), WeightTensor.OUT, l, bias, true, true));
        }
        if (shape.vectors()) {
            return List.of(products.vectors(product, bias, true, true));
        }
        if (shape.residualWaits()) {
            return List.of(products.library(product));
        }
        long count = (long) tokens * c.hidden();
        return List.of(products.library(product), Draft.rows(at + "residual", "norm and elementwise", "add_residual",
                shape.sized(), 12 * count + 2L * c.hidden(), 2 * count,
                new Binding.Rows(tokens, c.hidden(), Binding.Rows.Place.FIRST,
                        gpu -> gpu.sizing().rows("add_residual", tokens, c.hidden()),
                        (gpu, launch) -> launch.pointer(gpu.w().hidden.address()).pointer(gpu.w().delta.address())
                                .pointer(gpu.model().address(WeightTensor.OUT_BIAS, l)).int32(c.hidden()))));
    }

    /// What attention in one kernel must move: keys and values once, queries and what comes of them.
    private long wholeBytes(int length, int window) {
        return cache.tokenBytes(c) * shape.sequences() * keys(length, window) + 6L * tokens * c.queryWidth();
    }

    /// Keys that the new tokens of one sequence see between them.
    private long keys(int length, int window) {
        return window == 0 ? (long) length + added : Math.min(length + added, window + added - 1);
    }

    /// Pairs of a new token and a key that it sees, of one sequence.
    private long pairs(int length, int window) {
        long pairs = 0;
        for (int t = 1; t <= added; t++) {
            pairs += window == 0 ? length + t : Math.min(length + t, window);
        }
        return pairs;
    }

    private float scale() {
        return (float) (1 / Math.sqrt(c.headSize()));
    }

    private LaunchShape tiles(int columns) {
        return new LaunchShape((columns + TILE - 1) / TILE, (added + TILE - 1) / TILE, c.queryHeads(), TILE, TILE, 1,
                0);
    }
}
