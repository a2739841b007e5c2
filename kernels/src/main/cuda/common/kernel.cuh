// Names of kernels whose source can leave techniques out.
#pragma once

#ifndef MOELAB_VARIANT
#define MOELAB_VARIANT
#endif

#define MOELAB_PASTE(name, variant) name##variant
#define MOELAB_EXPAND_AND_PASTE(name, variant) MOELAB_PASTE(name, variant)

/// A kernel's name with the suffix of the variant being compiled: nothing where every technique is on.
#define KERNEL_NAME(name) MOELAB_EXPAND_AND_PASTE(name, MOELAB_VARIANT)
