// The fifth generation's tensor cores (sm_100a): products whose sums stay in a multiprocessor's tensor memory, 128 lanes of 512 columns
// of 32 bits. One thread issues them; operands lie in shared memory, brought there by tensor copies. Compiled, not run: no such chip
// was at hand. Layouts and orders are those of the PTX ISA 9.0, see docs/decisions/0020-blackwell-kernels.md.
#pragma once

#include "cluster.cuh"

using uint64 = unsigned long long;

/// How a matrix lies in device memory and how copies take pieces of it, as the driver's cuTensorMapEncodeTiled makes it.
struct __align__(64) TensorMap {
    uint64 words[16];
};
static_assert(sizeof(TensorMap) == 128, "the driver writes 128 bytes");

namespace tensor {

/// Rows of the left matrix that one multiprocessor's share of a product has: one a lane of tensor memory.
constexpr int kLanes = 128;
/// Bytes of a row in shared memory: the inner dimension in pieces that the 128-byte swizzle permutes.
constexpr int kRowBytes = 128;
/// Bytes of the inner dimension that one instruction multiplies, of any type here.
constexpr int kInstructionBytes = 32;

// Of a shared memory descriptor (PTX ISA, tcgen05, "Shared memory descriptor"), all but the address.
/// Rows of 128 bytes, swizzled by 128 bytes, along the inner dimension: eight rows every 1024 bytes. The leading dimension is not used.
constexpr uint64 kSwizzledRows = 0x4000404000010000ull;
/// Scales for `copy_scales`: rows of 16 bytes without swizzle, eight every 128 bytes.
constexpr uint64 kScaleRows = 0x0000400800000000ull;

// Of an instruction descriptor (PTX ISA, tcgen05, "Instruction descriptor"), all but the sizes.
/// bf16 times bf16 into fp32.
constexpr uint32 kBf16Types = 0x00000490u;
/// E2M1 times E2M1 with scales of UE4M3.
constexpr uint32 kNvfp4Types = 0x00000480u;
/// E2M1 times E2M1 with scales of UE8M0.
constexpr uint32 kMxfp4Types = 0x00800480u;
/// Where the number of columns stands, in eights.
constexpr int kColumnsShift = 17;
/// Where the number of rows stands, in sixteens.
constexpr int kRowsShift = 24;
/// Where it stands which two or four bytes of a word of scales are meant, for the left and the right matrix.
constexpr int kLeftScaleShift = 29;
constexpr int kRightScaleShift = 4;

/// A product of `rows` rows with `columns` columns.
__host__ __device__ constexpr uint32 sizes(int rows, int columns) {
    return static_cast<uint32>(columns / 8) << kColumnsShift | static_cast<uint32>(rows / 16) << kRowsShift;
}

/// A descriptor for what lies at an address of shared memory, which is a multiple of 16.
__device__ __forceinline__ uint64 described(uint64 layout, uint32 address) {
    return layout | (address & 0x3FFFFu) >> 4;
}

}  // namespace tensor

#ifdef __CUDA_ARCH_FEAT_SM100_ALL

/// Whether this is the one lane that a converged warp chooses.
__device__ __forceinline__ bool chosen_lane() {
    uint32 chosen;
    asm volatile("{\n.reg .pred p;\nelect.sync _|p, 0xFFFFFFFF;\nselp.u32 %0, 1, 0, p;\n}" : "=r"(chosen));
    return chosen != 0;
}

// --- barriers in shared memory, by their address

__device__ __forceinline__ void barrier_prepare(uint32 barrier, int arrivals) {
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

/// Lets the cluster's threads and copies see the barriers that this thread prepared, after a synchronisation.
__device__ __forceinline__ void barriers_prepared() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

/// Waits until the phase of this parity has ended. A fresh barrier's phase before the first counts as ended, with parity 1.
__device__ __forceinline__ void barrier_wait(uint32 barrier, uint32 parity) {
    asm volatile(
        "{\n.reg .pred done;\nAGAIN:\nmbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 done, [%0], %1;\n@!done bra AGAIN;\n}" ::"r"(
            barrier),
        "r"(parity)
        : "memory");
}

/// Arrives at a barrier of this block and lets its phase wait for so many bytes.
__device__ __forceinline__ void barrier_expect(uint32 barrier, uint32 bytes) {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

/// Arrives at a barrier of this block, or of either block of a pair, by its address there.
template <int kBlocks>
__device__ __forceinline__ void barrier_arrive(uint32 barrier) {
    if constexpr (kBlocks == 1) {
        asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
    } else {
        asm volatile("mbarrier.arrive.release.cluster.shared::cluster.b64 _, [%0];" ::"r"(barrier) : "memory");
    }
}

/// The address at which the first block of a pair has what this block has at `address`; that itself where there is no pair.
template <int kBlocks>
__device__ __forceinline__ uint32 address_of_first(uint32 address) {
    if constexpr (kBlocks == 1) {
        return address;
    }
    uint32 there;
    asm("mapa.shared::cluster.u32 %0, %1, 0;" : "=r"(there) : "r"(address));
    return there;
}

/// All threads of the block, or of both blocks of a pair.
template <int kBlocks>
__device__ __forceinline__ void synchronise() {
    if constexpr (kBlocks == 1) {
        __syncthreads();
    } else {
        __syncwarp();
        asm volatile("barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;" ::: "memory");
    }
}

// --- copies into shared memory

/// Asks for the box of a matrix at (column, row), of 128 bytes by as many rows as its map says; the bytes are counted by `barrier`,
/// which may be that of the pair's first block. What lies outside the matrix arrives as zeros and is counted.
template <int kBlocks>
__device__ __forceinline__ void copy_box(uint32 to, const TensorMap& map, int column, int row, uint32 barrier) {
    if constexpr (kBlocks == 1) {
        asm volatile("cp.async.bulk.tensor.2d.shared::cta.global.tile.mbarrier::complete_tx::bytes [%0], [%1, {%2, %3}], [%4];" ::"r"(to),
                     "l"(&map), "r"(column), "r"(row), "r"(barrier)
                     : "memory");
    } else {
        asm volatile(
            "cp.async.bulk.tensor.2d.shared::cluster.global.tile.mbarrier::complete_tx::bytes.cta_group::2 [%0], [%1, {%2, %3}], "
            "[%4];" ::"r"(to),
            "l"(&map), "r"(column), "r"(row), "r"(barrier)
            : "memory");
    }
}

/// Asks for bytes that follow each other, a multiple of 16.
__device__ __forceinline__ void copy_bytes(uint32 to, const unsigned char* from, uint32 bytes, uint32 barrier) {
    asm volatile("cp.async.bulk.shared::cta.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::"r"(to), "l"(from), "r"(bytes),
                 "r"(barrier)
                 : "memory");
}

/// Asks for a map itself, which the first copy would wait for.
__device__ __forceinline__ void prefetch_map(const TensorMap& map) {
    asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
}

// --- tensor memory

/// Takes columns of tensor memory, a power of two from 32 on, for a whole warp (of each block of a pair); their address is written
/// to shared memory. Nothing more will be taken by this block.
template <int kBlocks>
__device__ __forceinline__ void take_columns(uint32 addressOfAddress, uint32 columns) {
    if constexpr (kBlocks == 1) {
        asm volatile("tcgen05.alloc.cta_group::1.sync.aligned.shared::cta.b32 [%0], %1;" ::"r"(addressOfAddress), "r"(columns) : "memory");
        asm volatile("tcgen05.relinquish_alloc_permit.cta_group::1.sync.aligned;" ::: "memory");
    } else {
        asm volatile("tcgen05.alloc.cta_group::2.sync.aligned.shared::cta.b32 [%0], %1;" ::"r"(addressOfAddress), "r"(columns) : "memory");
        asm volatile("tcgen05.relinquish_alloc_permit.cta_group::2.sync.aligned;" ::: "memory");
    }
}

/// Gives them back, by the same warp.
template <int kBlocks>
__device__ __forceinline__ void give_columns(uint32 address, uint32 columns) {
    if constexpr (kBlocks == 1) {
        asm volatile("tcgen05.dealloc.cta_group::1.sync.aligned.b32 %0, %1;" ::"r"(address), "r"(columns) : "memory");
    } else {
        asm volatile("tcgen05.dealloc.cta_group::2.sync.aligned.b32 %0, %1;" ::"r"(address), "r"(columns) : "memory");
    }
}

/// Keeps this thread's operations on tensor memory before a synchronisation of threads that follows.
__device__ __forceinline__ void before_synchronising() {
    asm volatile("tcgen05.fence::before_thread_sync;" ::: "memory");
}

/// Keeps those that follow behind a synchronisation before.
__device__ __forceinline__ void after_synchronising() {
    asm volatile("tcgen05.fence::after_thread_sync;" ::: "memory");
}

/// sums (+)= left · rightᵀ in bf16, 16 numbers of the inner dimension. The pair's first block issues it for both.
template <int kBlocks>
__device__ __forceinline__ void multiply_bf16(uint32 sums, uint64 left, uint64 right, uint32 instruction, bool adds) {
    if constexpr (kBlocks == 1) {
        asm volatile("{\n.reg .pred adds;\nsetp.ne.u32 adds, %4, 0;\ntcgen05.mma.cta_group::1.kind::f16 [%0], %1, %2, %3, adds;\n}" ::"r"(sums),
                     "l"(left), "l"(right), "r"(instruction), "r"(static_cast<uint32>(adds))
                     : "memory");
    } else {
        asm volatile("{\n.reg .pred adds;\nsetp.ne.u32 adds, %4, 0;\ntcgen05.mma.cta_group::2.kind::f16 [%0], %1, %2, %3, adds;\n}" ::"r"(sums),
                     "l"(left), "l"(right), "r"(instruction), "r"(static_cast<uint32>(adds))
                     : "memory");
    }
}

/// sums (+)= left · rightᵀ in E2M1, 64 numbers of the inner dimension, each 16 with a UE4M3 scale.
__device__ __forceinline__ void multiply_nvfp4(uint32 sums, uint64 left, uint64 right, uint32 instruction, uint32 leftScales,
                                               uint32 rightScales, bool adds) {
    asm volatile(
        "{\n.reg .pred adds;\nsetp.ne.u32 adds, %6, 0;\n"
        "tcgen05.mma.cta_group::1.kind::mxf4nvf4.block_scale.scale_vec::4X [%0], %1, %2, %3, [%4], [%5], adds;\n}" ::"r"(sums),
        "l"(left), "l"(right), "r"(instruction), "r"(leftScales), "r"(rightScales), "r"(static_cast<uint32>(adds))
        : "memory");
}

/// The same, each 32 with a UE8M0 scale.
__device__ __forceinline__ void multiply_mxfp4(uint32 sums, uint64 left, uint64 right, uint32 instruction, uint32 leftScales,
                                               uint32 rightScales, bool adds) {
    asm volatile(
        "{\n.reg .pred adds;\nsetp.ne.u32 adds, %6, 0;\n"
        "tcgen05.mma.cta_group::1.kind::mxf4.block_scale.scale_vec::2X [%0], %1, %2, %3, [%4], [%5], adds;\n}" ::"r"(sums),
        "l"(left), "l"(right), "r"(instruction), "r"(leftScales), "r"(rightScales), "r"(static_cast<uint32>(adds))
        : "memory");
}

/// Copies 32 rows of 16 bytes into four columns of tensor memory, for each 32 lanes anew. Products issued after it see them.
__device__ __forceinline__ void copy_scales(uint32 columns, uint64 from) {
    asm volatile("tcgen05.cp.cta_group::1.32x128b.warpx4 [%0], %1;" ::"r"(columns), "l"(from) : "memory");
}

/// Arrives at a barrier, in both blocks of a pair, as soon as all products and copies of scales that this thread issued are done.
template <int kBlocks>
__device__ __forceinline__ void arrive_when_done(uint32 barrier) {
    if constexpr (kBlocks == 1) {
        asm volatile("tcgen05.commit.cta_group::1.mbarrier::arrive::one.shared::cluster.b64 [%0];" ::"r"(barrier) : "memory");
    } else {
        asm volatile("tcgen05.commit.cta_group::2.mbarrier::arrive::one.shared::cluster.multicast::cluster.b64 [%0], %1;" ::"r"(barrier),
                     "h"(static_cast<unsigned short>(3))
                     : "memory");
    }
}

/// 32 columns of the lanes that this warp may read (those from 32 * (warp % 4) on), a lane's in each thread.
__device__ __forceinline__ void load_columns(float (&v)[32], uint32 address) {
    asm volatile(
        "tcgen05.ld.sync.aligned.32x32b.x32.b32 "
        "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
        "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}, [%32];"
        : "=f"(v[0]), "=f"(v[1]), "=f"(v[2]), "=f"(v[3]), "=f"(v[4]), "=f"(v[5]), "=f"(v[6]), "=f"(v[7]), "=f"(v[8]), "=f"(v[9]),
          "=f"(v[10]), "=f"(v[11]), "=f"(v[12]), "=f"(v[13]), "=f"(v[14]), "=f"(v[15]), "=f"(v[16]), "=f"(v[17]), "=f"(v[18]),
          "=f"(v[19]), "=f"(v[20]), "=f"(v[21]), "=f"(v[22]), "=f"(v[23]), "=f"(v[24]), "=f"(v[25]), "=f"(v[26]), "=f"(v[27]),
          "=f"(v[28]), "=f"(v[29]), "=f"(v[30]), "=f"(v[31])
        : "r"(address)
        : "memory");
}

/// Waits for this thread's loads. The compiler may use what they load only behind it, hence the operands.
__device__ __forceinline__ void await_columns(float (&v)[32]) {
    asm volatile("tcgen05.wait::ld.sync.aligned;" ::: "memory");
#pragma unroll
    for (int i = 0; i < 32; i++) {
        asm volatile("" : "+f"(v[i]));
    }
}

#endif
