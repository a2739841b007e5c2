// Where the tokens of a sequence lie in the key-value cache: in a stretch of its own, or in pages that a table finds.
#pragma once

#ifndef TECHNIQUE_PAGED_ATTENTION
#define TECHNIQUE_PAGED_ATTENTION 0
#endif

constexpr int kPageTokens = 64;

#if TECHNIQUE_PAGED_ATTENTION

/// The page table: first how many pages a sequence can have, then for each page of each sequence how many bytes it lies behind the page
/// that the addresses of keys, values and scales are in. A page has its tokens in all layers. The host writes it between launches,
/// so that it is read without regard to the kernel before.
using Room = const long long*;

/// Finds the tokens of a sequence in an array of the cache.
class Tokens {
    const long long* pages;

public:
    __device__ __forceinline__ Tokens(Room room, int sequence) : pages(room + 1 + sequence * __ldg(room)) {
    }

    /// The row that rows are counted from.
    static __device__ __forceinline__ long long first(Room, int) {
        return 0;
    }

    /// A token's row, of its page or of all.
    __device__ __forceinline__ int row(int position) const {
        return position % kPageTokens;
    }

    /// Where the rows with a token's begin.
    template <typename T>
    __device__ __forceinline__ T* in(T* array, int position) const {
        return reinterpret_cast<T*>(reinterpret_cast<unsigned long long>(array) + __ldg(pages + position / kPageTokens));
    }
};

#else

/// The tokens that each sequence has room for.
using Room = int;

class Tokens {
public:
    __device__ __forceinline__ Tokens(Room, int) {
    }

    static __device__ __forceinline__ long long first(Room room, int sequence) {
        return static_cast<long long>(sequence) * room;
    }

    __device__ __forceinline__ int row(int position) const {
        return position;
    }

    template <typename T>
    __device__ __forceinline__ T* in(T* array, int) const {
        return array;
    }
};

#endif
