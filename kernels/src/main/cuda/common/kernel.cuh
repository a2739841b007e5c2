// Names of kernels that can be compiled with some techniques left out.
#pragma once

// What a variant's kernels are called beside their own name, such as `__without_ilp`; nothing where every technique is on.
#ifndef MOELAB_VARIANT
#define MOELAB_VARIANT
#endif

#define KERNEL_NAME_PASTE(name, variant) name##variant
#define KERNEL_NAME_EXPAND(name, variant) KERNEL_NAME_PASTE(name, variant)
/// The name of a kernel of a source that has switches: a timeline then shows which variant ran.
#define KERNEL_NAME(name) KERNEL_NAME_EXPAND(name, MOELAB_VARIANT)
