// Sizes of a model as constants, where a source is compiled for one model.
#pragma once

/// A size of the model: the constant that the source is compiled for, or, where that is 0, what the launch says. A source
/// that takes such constants declares them, as `#ifndef SIZE_HIDDEN` / `#define SIZE_HIDDEN 0` / `#endif`.
template <int kSize>
__device__ __forceinline__ int sized(int launched) {
    return kSize > 0 ? kSize : launched;
}
