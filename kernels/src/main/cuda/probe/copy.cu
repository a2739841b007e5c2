// The ceiling of device memory for a kernel that reads as much as it writes.

constexpr int kThreads = 256;
constexpr int kVectorsPerThread = 4;

/// Copies an array with 16-byte loads and stores. Each block moves one tile of 1024 vectors and each thread has four
/// loads under way before its first store, which keeps enough bytes in flight to cover the latency of the memory.
/// Grid: one block a tile, the last tile may be cut.
/// @techniques vectorised-loads, coalesced-access, ilp, launch-bounds
/// @bytes 2 * 16 * count
/// @flops 0
/// @floor bytes / bandwidth of the device memory; what it reaches is that bandwidth
extern "C" __global__ void __launch_bounds__(kThreads, 8)
    probe_copy(float4* __restrict__ target, const float4* __restrict__ source, long long count) {
    const long long tile = static_cast<long long>(blockIdx.x) * (kThreads * kVectorsPerThread);
    const long long first = tile + threadIdx.x;
    if (tile + kThreads * kVectorsPerThread <= count) {
        float4 held[kVectorsPerThread];
#pragma unroll
        for (int i = 0; i < kVectorsPerThread; i++) {
            held[i] = __ldcs(source + first + i * kThreads);
        }
#pragma unroll
        for (int i = 0; i < kVectorsPerThread; i++) {
            __stcs(target + first + i * kThreads, held[i]);
        }
    } else {
#pragma unroll 1
        for (long long at = first; at < count; at += kThreads) {
            target[at] = source[at];
        }
    }
}
