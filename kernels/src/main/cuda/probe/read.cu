// The ceiling of device memory for a kernel that only reads, as a matrix-vector product does.

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kVectorsPerThread = 8;

/// Sums an array of float4 into one float a block, `sums[blockIdx.x]`; the host adds those. Blocks stride over tiles of
/// 2048 vectors, each thread with eight 16-byte loads under way, and each thread adds in four independent chains.
/// Grid: any, as many blocks as the device holds at once is best.
/// @techniques vectorised-loads, coalesced-access, ilp, read-only-cache, warp-shuffle, launch-bounds
/// @bytes 16 * count + 4 * blocks
/// @flops 4 * count
/// @floor bytes / bandwidth of the device memory; what it reaches is that bandwidth for reading
extern "C" __global__ void __launch_bounds__(kThreads, 4)
    probe_read(float* __restrict__ sums, const float4* __restrict__ source, long long count) {
    constexpr int kTile = kThreads * kVectorsPerThread;
    float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    const long long stride = static_cast<long long>(gridDim.x) * kTile;
    for (long long tile = static_cast<long long>(blockIdx.x) * kTile; tile < count; tile += stride) {
        const long long first = tile + threadIdx.x;
        if (tile + kTile <= count) {
            float4 held[kVectorsPerThread];
#pragma unroll
            for (int i = 0; i < kVectorsPerThread; i++) {
                held[i] = __ldcs(source + first + i * kThreads);
            }
#pragma unroll
            for (int i = 0; i < kVectorsPerThread; i++) {
                sum.x += held[i].x;
                sum.y += held[i].y;
                sum.z += held[i].z;
                sum.w += held[i].w;
            }
        } else {
#pragma unroll 1
            for (long long at = first; at < count; at += kThreads) {
                const float4 held = source[at];
                sum.x += held.x;
                sum.y += held.y;
                sum.z += held.z;
                sum.w += held.w;
            }
        }
    }

    float mine = (sum.x + sum.y) + (sum.z + sum.w);
#pragma unroll
    for (int lane = 16; lane > 0; lane >>= 1) {
        mine += __shfl_down_sync(0xffffffffu, mine, lane);
    }
    __shared__ float warps[kWarps];
    if (threadIdx.x % 32 == 0) {
        warps[threadIdx.x / 32] = mine;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        float all = 0.0f;
#pragma unroll
        for (int warp = 0; warp < kWarps; warp++) {
            all += warps[warp];
        }
        sums[blockIdx.x] = all;
    }
}
