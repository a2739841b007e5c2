// Logits of a few tokens from an unembedding in MXFP4, bound by reading it: each warp streams tiles of its own from memory into registers,
// with no barrier on the way, while the tokens lie in shared memory.

#include "../common/dependent.cuh"
#include "../common/numeric.cuh"
#include "../common/streamed.cuh"

using namespace mxfp4;

/// Keeps tokens in shared memory as `keep_tokens` does, lifted (mxfp4_tile.cuh).
__device__ __forceinline__ void keep_lifted(uint4* shared, const uint4* x, int count, int units, int stride, int threads) {
    constexpr uint32 kLiftPair = 0x71807180u; // kLift twice
    for (int i = threadIdx.x; i < count * stride; i += threads) {
        const int token = i / stride;
        const int unit = i % stride;
        uint4 v = make_uint4(0, 0, 0, 0);
        if (unit < units) {
            v = x[static_cast<long long>(token) * units + unit];
            v = make_uint4(multiply_bf16_pairs(v.x, kLiftPair), multiply_bf16_pairs(v.y, kLiftPair), multiply_bf16_pairs(v.z, kLiftPair),
                           multiply_bf16_pairs(v.w, kLiftPair));
        }
        shared[token_place(token, stride, unit / 4, unit % 4)] = v;
    }
}

/// Adds the products of one block of 32 columns, whose scales are those of its two rows.
template <int kNTiles>
__device__ __forceinline__ void add_block(float (&sums)[kNTiles][4], uint32 upperCodes, uint32 lowerCodes, float upperScale,
                                          float lowerScale, const uint4* const (&x)[kNTiles]) {
    uint32 upper[4];
    uint32 lower[4];
    expand(upperCodes, upper);
    expand(lowerCodes, lower);
#pragma unroll
    for (int n = 0; n < kNTiles; n++) {
        const uint4 b = *x[n];
        float d[4] = {};
        mma_bf16(d, upper[0], lower[0], upper[1], lower[1], b.x, b.y);
        mma_bf16(d, upper[2], lower[2], upper[3], lower[3], b.z, b.w);
        sums[n][0] = fmaf(upperScale, d[0], sums[n][0]);
        sums[n][1] = fmaf(upperScale, d[1], sums[n][1]);
        sums[n][2] = fmaf(lowerScale, d[2], sums[n][2]);
        sums[n][3] = fmaf(lowerScale, d[3], sums[n][3]);
    }
}

/// logits[token][row] = W[row] · x[token], the tiles shared out among all warps, each of which has kAhead steps under way. kNTiles x 8
/// tokens, of which blockIdx.y says the first.
template <int kNTiles, int kThreads, int kAhead>
__device__ __forceinline__ void coarse_logits(float* __restrict__ logits, const uint4* __restrict__ codes,
                                              const uint32* __restrict__ scales, const uint4* __restrict__ x, int tokens, int rows,
                                              int inner) {
    extern __shared__ uint4 shared[];
    constexpr int kTokens = 8 * kNTiles;
    const int steps = step_count<Mxfp4Tiles>(inner);
    const int stride = token_stride<Mxfp4Tiles>(steps);
    const int firstToken = blockIdx.y * kTokens;
    const int count = min(kTokens, tokens - firstToken);
    const int lane = threadIdx.x % kWarpSize;
    const int g = lane / 4;
    const int t = lane % 4;
    const int tiles = rows / mxfp4::kTileRows;
    const int walkers = gridDim.x * (kThreads / kWarpSize);
    // the warps of a multiprocessor take tiles far apart, so that each multiprocessor has the same share
    const int walker = threadIdx.x / kWarpSize * gridDim.x + blockIdx.x;
    uint4 held[kAhead];
    uint32 heldScales[kAhead];
    int loadTile = walker;
    int loadStep = 0;
    const uint4* source = codes + static_cast<long long>(walker) * steps * kPieces + lane;
    const uint32* sourceScales = scales + static_cast<long long>(walker) * steps * kScaleWords + g;
    const long long skip = static_cast<long long>(walkers - 1) * steps;
    const auto load = [&](int slot) {
        if (loadTile < tiles) {
            held[slot] = __ldcs(source);
            heldScales[slot] = __ldcs(sourceScales);
            source += kPieces;
            sourceScales += kScaleWords;
            if (++loadStep == steps) {
                loadStep = 0;
                loadTile += walkers;
                source += skip * kPieces;
                sourceScales += skip * kScaleWords;
            }
        }
    };
#pragma unroll
    for (int a = 0; a < kAhead; a++) {
        load(a);
    }
    wait_for_previous();
    let_next_begin();
    keep_lifted(shared, given(x) + static_cast<long long>(firstToken) * (inner / 8), count, inner / 8, stride, kThreads);
    __syncthreads();
    const uint4* first[kNTiles]; // of this lane's column of each eight: its unit of a step's first block
    const uint4* second[kNTiles];
    const auto rewind = [&] {
#pragma unroll
        for (int n = 0; n < kNTiles; n++) {
            const int token = min(8 * n + g, count - 1);
            first[n] = shared + token_place(token, stride, 0, t);
            second[n] = shared + token_place(token, stride, 1, t);
        }
    };
    rewind();
    float sums[kNTiles][4] = {};
    int tile = walker;
    int step = 0;
    while (tile < tiles) {
#pragma unroll
        for (int a = 0; a < kAhead; a++) {
            if (tile < tiles) {
                const uint4 c = held[a];
                const uint32 s = heldScales[a];
                load(a);
                add_block(sums, c.x, c.y, scale<0>(s), scale<1>(s), first);
                add_block(sums, c.z, c.w, scale<2>(s), scale<3>(s), second);
#pragma unroll
                for (int n = 0; n < kNTiles; n++) {
                    first[n] += 8;
                    second[n] += 8;
                }
                if (++step == steps) {
#pragma unroll
                    for (int n = 0; n < kNTiles; n++) {
#pragma unroll
                        for (int i = 0; i < 4; i++) {
                            const int token = 8 * n + 2 * t + i % 2;
                            if (token < count) {
                                logits[static_cast<long long>(firstToken + token) * rows + tile * mxfp4::kTileRows + i / 2 * 8 + g] =
                                    sums[n][i] * kLower;
                            }
                            sums[n][i] = 0.0f;
                        }
                    }
                    rewind();
                    step = 0;
                    tile += walkers;
                }
            }
        }
    }
}

/// Logits (tokens, rows) in fp32 of the tokens' normed hidden states in bf16, by weights that `round_mxfp4_tiles` has rounded. `rows` is a
/// multiple of 16, `inner` of 32. Grid: multiprocessors x ceil(tokens / 8) or / 16; dynamic shared memory: ceil(inner / 64) * 128 bytes for
/// each of the 8 or 16 tokens of a block.
/// @kernel coarse_logits_n8, coarse_logits_n16
/// @techniques dynamic-precision, dependent-launch
/// @bytes rows * inner * 17 / 32 + tokens * (inner * 2 + rows * 4)
/// @flops 2 * tokens * rows * inner
/// @floor bytes / bandwidth
#define COARSE_LOGITS(TOKENS, THREADS, AHEAD)                                                                                       \
    extern "C" __global__ void __launch_bounds__(THREADS, 1) coarse_logits_n##TOKENS(                                               \
        float* __restrict__ logits, const uint4* __restrict__ codes, const uint32* __restrict__ scales, const uint4* __restrict__ x, \
        int tokens, int rows, int inner) {                                                                                          \
        coarse_logits<TOKENS / 8, THREADS, AHEAD>(logits, codes, scales, x, tokens, rows, inner);                                   \
    }

COARSE_LOGITS(8, 768, 7)
COARSE_LOGITS(16, 512, 8)
