// y = W x + b for up to eight tokens with weights in FP8 that come by asynchronous copies: a block a tile of sixteen rows, all of it
// under way before the kernel waits for x.

#ifndef SIZE_HIDDEN
#define SIZE_HIDDEN 0
#endif
#ifndef SIZE_QUERY_WIDTH
#define SIZE_QUERY_WIDTH 0
#endif

#include "../common/async.cuh"
#include "../common/dependent.cuh"
#include "../common/kernel.cuh"
#include "../common/numeric.cuh"
#include "../common/sizes.cuh"
#include "../common/weight_tiles.cuh"

constexpr int kWarps = 8;
constexpr int kThreads = kWarps * kWarpSize;
constexpr int kTokens = 8;
/// 16-byte vectors of a tile's step.
constexpr int kStepVectors = 32 * Fp8Tiles::kVectors;
/// Steps whose activations a lane has under way.
constexpr int kBatch = 4;

/// What a block needs of a product beside its kind.
struct Product {
    float* out;
    const uint4* weights;
    const float* rowScales;
    const unsigned short* bias;
    int tokens;
    int rows;
    int inner;
    int outStride;
};

/// Asks for the warp's steps of the block's tile, lets `prepare()` wait for the activations, and multiplies. `load(unit)` gives eight
/// activations of the token of the lane's group, zeros past the end.
template <bool kAdds, typename Prepare, typename Load>
__device__ __forceinline__ void dense(const Product& p, uint4* held, Prepare prepare, Load load) {
    __shared__ float shares[kWarps][kTokens][kTileRows];
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int tile = blockIdx.x;
    const int steps = step_count<Fp8Tiles>(p.inner);
    const int first = warp * steps / kWarps;
    const int last = (warp + 1) * steps / kWarps;
    copy_weights_async(held + first * kStepVectors, p.weights + (static_cast<long long>(tile) * steps + first) * kStepVectors,
                       (last - first) * kStepVectors, read_once());
    // what the thread that gives a sum needs
    const int row = tile * kTileRows + threadIdx.x % kTileRows;
    const int token = threadIdx.x / kTileRows;
    const bool gives = token < p.tokens && row < p.rows;
    const float scale = gives ? p.rowScales[row] : 0.0f;
    const float b = gives && p.bias != nullptr ? __uint_as_float(static_cast<unsigned int>(p.bias[row]) << 16) : 0.0f;
    prepare();
    uint4 xs[kBatch][2];
#pragma unroll
    for (int i = 0; i < kBatch; i++) {
#pragma unroll
        for (int turn = 0; turn < 2; turn++) {
            xs[i][turn] = load((first + i) * 8 + turn * 4 + lane % 4);
        }
    }
    float& at = p.out[static_cast<long long>(token) * p.outStride + row];
    const float before = kAdds && gives ? at : 0.0f;
    await_copies();
    float sums[4] = {};
    for (int from = first; from < last; from += kBatch) {
#pragma unroll
        for (int i = 0; i < kBatch; i++) {
            const int step = from + i;
            if (step < last) {
                const uint4 pieces[2] = {held[step * kStepVectors + lane], held[step * kStepVectors + 32 + lane]};
#pragma unroll
                for (int turn = 0; turn < 2; turn++) {
                    uint32 upper[4];
                    uint32 lower[4];
                    Fp8Tiles::pairs(upper, lower, pieces, turn, 0);
                    mma_bf16(sums, upper[0], lower[0], upper[1], lower[1], xs[i][turn].x, xs[i][turn].y);
                    mma_bf16(sums, upper[2], lower[2], upper[3], lower[3], xs[i][turn].z, xs[i][turn].w);
                }
            }
            if (step + kBatch < last) {
#pragma unroll
                for (int turn = 0; turn < 2; turn++) {
                    xs[i][turn] = load((step + kBatch) * 8 + turn * 4 + lane % 4);
                }
            }
        }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        shares[warp][lane % 4 * 2 + i % 2][lane / 4 + i / 2 * 8] = sums[i];
    }
    __syncthreads();
    if (threadIdx.x < kTileRows * kTokens && gives) {
        float sum = 0.0f;
#pragma unroll
        for (int w = 0; w < kWarps; w++) {
            sum += shares[w][token][threadIdx.x % kTileRows];
        }
        at = before + fmaf(sum, scale, b);
    }
}

/// out = scale * (W x) + b in fp32, written (`float`) or added (`residual`), for up to 8 tokens, the weights packed by `pack_fp8_tiles`.
/// What is written is of the hidden width inside (queries, keys and values; unembedding), what is added of the queries' (output).
/// `bias` may be null. Grid: ceil(rows / 16), 256 threads; dynamic shared memory: ceil(inner / 64) * 1024 bytes; `inner` is a multiple of 8.
/// @kernel dense_async_fp8_float, dense_async_fp8_residual
/// @techniques fp8, async-pipeline, dependent-launch
/// @bytes rows * inner + tokens * (inner * 2 + rows * 4), twice the last for `residual`
/// @flops 2 * tokens * rows * inner
/// @floor bytes / bandwidth
#define DENSE(TARGET, ADDS, INNER)                                                                                                          \
    extern "C" __global__ void __launch_bounds__(kThreads, 4) KERNEL_NAME(dense_async_fp8_##TARGET)(                                        \
        float* __restrict__ out, const uint4* __restrict__ weights, const float* __restrict__ rowScales,                                    \
        const unsigned short* __restrict__ bias, const uint4* __restrict__ x, int tokens, int rows, int inner, int outStride) {             \
        extern __shared__ __align__(128) uint4 held[];                                                                                      \
        inner = sized<INNER>(inner);                                                                                                        \
        const int units = inner / 8;                                                                                                        \
        const uint4* mine = nullptr;                                                                                                        \
        dense<ADDS>(                                                                                                                        \
            {out, weights, rowScales, bias, tokens, rows, inner, outStride}, held,                                                          \
            [&] {                                                                                                                           \
                wait_for_previous();                                                                                                        \
                let_next_begin();                                                                                                           \
                mine = given(x) + static_cast<long long>(min(static_cast<int>(threadIdx.x) % 32 / 4, tokens - 1)) * units;                  \
            },                                                                                                                              \
            [&](int unit) { return unit < units ? mine[unit] : make_uint4(0, 0, 0, 0); });                                                  \
    }

DENSE(float, false, SIZE_HIDDEN)
DENSE(residual, true, SIZE_QUERY_WIDTH)

/// out = scale * (W norm(x)) + b in fp32 for one token, whose fp32 hidden state each block norms by itself: cheaper than a launch that
/// does it once. Grid: ceil(rows / 16), 256 threads; dynamic shared memory: ceil(inner / 64) * (1024 + 128) bytes; `inner` is a multiple
/// of 8 and at most 4096.
/// @techniques fp8, async-pipeline, custom-fusion, dependent-launch
/// @bytes rows * inner + inner * 6 + rows * 4
/// @flops 2 * rows * inner + 4 * inner
/// @floor bytes / bandwidth
extern "C" __global__ void __launch_bounds__(kThreads, 4)
    KERNEL_NAME(dense_async_fp8_normed)(float* __restrict__ out, const uint4* __restrict__ weights,
                                        const float* __restrict__ rowScales, const unsigned short* __restrict__ bias,
                                        const float4* __restrict__ x, const uint2* __restrict__ gains, int rows, int inner,
                                        float epsilon) {
    constexpr int kQuads = 4;
    inner = sized<SIZE_HIDDEN>(inner);
    extern __shared__ __align__(128) uint4 held[];
    __shared__ float scratch[kWarps];
    const int steps = step_count<Fp8Tiles>(inner);
    uint4* normed = held + steps * kStepVectors;
    dense<false>(
        {out, weights, rowScales, bias, 1, rows, inner, rows}, held,
        [&] {
            uint2 gain[kQuads];
#pragma unroll
            for (int q = 0; q < kQuads; q++) {
                const int i = q * kThreads + threadIdx.x;
                gain[q] = i * 4 < inner ? __ldg(gains + i) : make_uint2(0, 0);
            }
            wait_for_previous();
            let_next_begin();
            const float4* row = given(x);
            float4 numbers[kQuads];
            float square = 0.0f;
#pragma unroll
            for (int q = 0; q < kQuads; q++) {
                const int i = q * kThreads + threadIdx.x;
                numbers[q] = i * 4 < inner ? row[i] : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
                square = fmaf(numbers[q].x, numbers[q].x, fmaf(numbers[q].y, numbers[q].y,
                              fmaf(numbers[q].z, numbers[q].z, fmaf(numbers[q].w, numbers[q].w, square))));
            }
            square = warp_sum(square);
            if (threadIdx.x % kWarpSize == 0) {
                scratch[threadIdx.x / kWarpSize] = square;
            }
            __syncthreads();
            float all = 0.0f;
#pragma unroll
            for (int w = 0; w < kWarps; w++) {
                all += scratch[w];
            }
            const float scale = rsqrtf(all / inner + epsilon);
#pragma unroll
            for (int q = 0; q < kQuads; q++) {
                const int i = q * kThreads + threadIdx.x;
                const float2 low = unpack_pair(gain[q].x);
                const float2 high = unpack_pair(gain[q].y);
                if (i < steps * 16) {
                    reinterpret_cast<uint2*>(normed)[i] =
                        make_uint2(pack_pair(numbers[q].x * scale * low.x, numbers[q].y * scale * low.y),
                                   pack_pair(numbers[q].z * scale * high.x, numbers[q].w * scale * high.y));
                }
            }
            __syncthreads();
        },
        [&](int unit) { return unit < steps * 8 ? normed[unit] : make_uint4(0, 0, 0, 0); });
}
