// Attention as three operations: scores, softmax with sinks, weighted values. For one sequence at a time.

#include "../common/numeric.cuh"

constexpr int kTile = 16;

/// scores[head][query][key] = q · k * scale, and -inf where the key lies after the query or outside its window.
/// The queries, in fp32, are the last `queries` of `context` tokens. Grid: key tiles x query tiles x query heads, 16 x 16 threads.
/// @techniques shared-memory
/// @bytes heads * queries * context * 4 + what the tiles read
/// @flops 2 * heads * queries * context * headSize
/// @floor flops / fp32 rate
extern "C" __global__ void attention_scores(float* __restrict__ scores, const float* __restrict__ qkv,
                                            const Bf16* __restrict__ keys, int queries, int context,
                                            int window, float scale, int rowWidth, int headSize, int group, int kvHeads) {
    __shared__ float q[kTile][kTile + 1];
    __shared__ float k[kTile][kTile + 1];
    const int head = blockIdx.z;
    const int kvHead = head / group;
    const int query = blockIdx.y * kTile + threadIdx.y;
    const int key = blockIdx.x * kTile + threadIdx.x;
    const int loadedKey = blockIdx.x * kTile + threadIdx.y;
    float sum = 0.0f;
    for (int d = 0; d < headSize; d += kTile) {
        const int at = d + threadIdx.x;
        const bool inHead = at < headSize;
        q[threadIdx.y][threadIdx.x] =
            inHead && query < queries ? qkv[static_cast<long long>(query) * rowWidth + head * headSize + at] : 0.0f;
        k[threadIdx.y][threadIdx.x] =
            inHead && loadedKey < context
                ? to_float(keys[(static_cast<long long>(loadedKey) * kvHeads + kvHead) * headSize + at])
                : 0.0f;
        __syncthreads();
#pragma unroll
        for (int i = 0; i < kTile; i++) {
            sum = fmaf(q[threadIdx.y][i], k[threadIdx.x][i], sum);
        }
        __syncthreads();
    }
    if (query < queries && key < context) {
        const int position = context - queries + query;
        const bool visible = key <= position && (window == 0 || key > position - window);
        scores[(static_cast<long long>(head) * queries + query) * context + key] = visible ? sum * scale : -kInfinity;
    }
}

/// Softmax over each row in place, with the head's sink as one more column that is dropped after it has joined the
/// denominator. Grid: queries x heads.
/// @techniques none
/// @bytes heads * queries * context * 4 * 4
/// @flops 4 * heads * queries * context
/// @floor bytes / bandwidth
extern "C" __global__ void attention_softmax(float* __restrict__ scores, const Bf16* __restrict__ sinks,
                                             int queries, int context) {
    __shared__ float scratch[kWarpSize];
    const int head = blockIdx.y;
    float* row = scores + (static_cast<long long>(head) * queries + blockIdx.x) * context;
    const float sink = to_float(sinks[head]);
    float largest = sink;
    for (int i = threadIdx.x; i < context; i += blockDim.x) {
        largest = fmaxf(largest, row[i]);
    }
    largest = block_max(largest, scratch);
    float sum = 0.0f;
    for (int i = threadIdx.x; i < context; i += blockDim.x) {
        const float e = expf(row[i] - largest);
        row[i] = e;
        sum += e;
    }
    const float inverse = 1.0f / (block_sum(sum, scratch) + expf(sink - largest));
    for (int i = threadIdx.x; i < context; i += blockDim.x) {
        row[i] *= inverse;
    }
}

/// out[query][head] = probabilities · values. Grid: head tiles x query tiles x query heads, 16 x 16 threads.
/// @techniques shared-memory
/// @bytes heads * queries * context * 4 + what the tiles read
/// @flops 2 * heads * queries * context * headSize
/// @floor flops / fp32 rate
extern "C" __global__ void attention_values(Bf16* __restrict__ out, const float* __restrict__ probabilities,
                                            const Bf16* __restrict__ values, int queries, int context,
                                            int heads, int headSize, int group, int kvHeads) {
    __shared__ float p[kTile][kTile + 1];
    __shared__ float v[kTile][kTile + 1];
    const int head = blockIdx.z;
    const int kvHead = head / group;
    const int query = blockIdx.y * kTile + threadIdx.y;
    const int dim = blockIdx.x * kTile + threadIdx.x;
    float sum = 0.0f;
    for (int from = 0; from < context; from += kTile) {
        const int key = from + threadIdx.x;
        const int loadedKey = from + threadIdx.y;
        p[threadIdx.y][threadIdx.x] =
            query < queries && key < context
                ? probabilities[(static_cast<long long>(head) * queries + query) * context + key]
                : 0.0f;
        v[threadIdx.y][threadIdx.x] =
            loadedKey < context && dim < headSize
                ? to_float(values[(static_cast<long long>(loadedKey) * kvHeads + kvHead) * headSize + dim])
                : 0.0f;
        __syncthreads();
#pragma unroll
        for (int i = 0; i < kTile; i++) {
            sum = fmaf(p[threadIdx.y][i], v[i][threadIdx.x], sum);
        }
        __syncthreads();
    }
    if (query < queries && dim < headSize) {
        out[(static_cast<long long>(query) * heads + head) * headSize + dim] = to_bf16(sum);
    }
}
