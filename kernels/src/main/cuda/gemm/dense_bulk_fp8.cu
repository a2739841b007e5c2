// y = W x + b for up to eight tokens with weights in FP8 that come by bulk copies: a block a tile of sixteen rows, all of it under way
// before the kernel waits for x.

#include "../common/bulk.cuh"
#include "../common/dependent.cuh"
#include "../common/numeric.cuh"
#include "../common/weight_tiles.cuh"

constexpr int kWarps = 8;
constexpr int kThreads = kWarps * kWarpSize;
constexpr int kTokens = 8;
/// 16-byte vectors of a tile's step.
constexpr int kStepVectors = 32 * Fp8Tiles::kVectors;
/// Steps whose activations a lane has under way.
constexpr int kBatch = 4;

template <bool kAdds>
__device__ __forceinline__ void dense(float* __restrict__ out, const uint4* __restrict__ weights, const float* __restrict__ rowScales,
                                      const unsigned short* __restrict__ bias, const uint4* __restrict__ x, int tokens, int rows,
                                      int inner, int outStride) {
    extern __shared__ __align__(128) uint4 held[];
    __shared__ BulkBarrier arrived[kWarps];
    __shared__ float shares[kWarps][kTileRows][kTokens];
    const int lane = threadIdx.x % kWarpSize;
    const int warp = threadIdx.x / kWarpSize;
    const int tile = blockIdx.x;
    const int steps = step_count<Fp8Tiles>(inner);
    const int first = warp * steps / kWarps;
    const int last = (warp + 1) * steps / kWarps;
    if (lane == 0 && first < last) {
        bulk_barrier_begin(arrived + warp);
        bulk_barriers_ready();
        const unsigned int bytes = (last - first) * kStepVectors * 16;
        bulk_expect(arrived + warp, bytes);
        bulk_copy_once(held + first * kStepVectors, weights + (static_cast<long long>(tile) * steps + first) * kStepVectors, bytes,
                       arrived + warp);
    }
    // what the thread that gives a sum needs
    const int row = tile * kTileRows + threadIdx.x % kTileRows;
    const int token = threadIdx.x / kTileRows;
    const bool gives = token < tokens && row < rows;
    const float scale = gives ? rowScales[row] : 0.0f;
    const float b = gives && bias != nullptr ? __uint_as_float(static_cast<unsigned int>(bias[row]) << 16) : 0.0f;
    __syncwarp();
    wait_for_previous();
    let_next_begin();
    const int units = inner / 8;
    const uint4* mine = given(x) + static_cast<long long>(min(lane / 4, tokens - 1)) * units;
    const auto load = [&](uint4(&xs)[2], int step) {
#pragma unroll
        for (int turn = 0; turn < 2; turn++) {
            const int unit = step * 8 + turn * 4 + lane % 4;
            xs[turn] = step < last && unit < units ? mine[unit] : make_uint4(0, 0, 0, 0);
        }
    };
    uint4 xs[kBatch][2];
#pragma unroll
    for (int i = 0; i < kBatch; i++) {
        load(xs[i], first + i);
    }
    if (first < last) {
        bulk_wait(arrived + warp);
    }
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
            load(xs[i], step + kBatch);
        }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        shares[warp][lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2] = sums[i];
    }
    __syncthreads();
    if (threadIdx.x < kTileRows * kTokens && gives) {
        float sum = 0.0f;
#pragma unroll
        for (int w = 0; w < kWarps; w++) {
            sum += shares[w][threadIdx.x % kTileRows][token];
        }
        float& at = out[static_cast<long long>(token) * outStride + row];
        const float y = fmaf(sum, scale, b);
        at = kAdds ? at + y : y;
    }
}

/// out = scale * (W x) + b in fp32, written (`float`) or added (`residual`), for up to 8 tokens, the weights packed by `pack_fp8_tiles`.
/// `bias` may be null. Grid: ceil(rows / 16), 256 threads; dynamic shared memory: ceil(inner / 64) * 1024 bytes; `inner` is a multiple of 8.
/// @kernel dense_bulk_fp8_float, dense_bulk_fp8_residual
/// @techniques fp8, tma, dependent-launch
/// @bytes rows * inner + tokens * (inner * 2 + rows * 4), twice the last for `residual`
/// @flops 2 * tokens * rows * inner
/// @floor bytes / bandwidth
#define DENSE(TARGET, ADDS)                                                                                                         \
    extern "C" __global__ void __launch_bounds__(kThreads, 4) dense_bulk_fp8_##TARGET(                                             \
        float* __restrict__ out, const uint4* __restrict__ weights, const float* __restrict__ rowScales,                           \
        const unsigned short* __restrict__ bias, const uint4* __restrict__ x, int tokens, int rows, int inner, int outStride) {    \
        dense<ADDS>(out, weights, rowScales, bias, x, tokens, rows, inner, outStride);                                              \
    }

DENSE(float, false)
DENSE(residual, true)
