package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.engine.Operation.Cost;
import org.moelab.gpu.engine.Operation.Launch;
import org.moelab.gpu.kernels.KernelLibrary;
import org.moelab.kernels.Variant;

/// One operation of a plan before it has met a GPU: all that follows from the model's sizes and the techniques alone, and
/// how to launch it where there is one.
///
/// @param name where in the model it stands: `layer 3/attention/qkv`
/// @param kind the family of work: `attention`, `expert matmul` …
/// @param implementation the kernel by its name in the manifest, or `cublasLt`
/// @param techniques the techniques that it applies, by id
/// @param bytes the fewest bytes it must move through device memory; analytic
/// @param flops the floating-point operations it does; analytic
/// @param steady whether its launch is the same in every step, see [Operation]
/// @param binding how it is launched
record Draft(String name, String kind, String implementation, List<String> techniques, Cost bytes, Cost flops,
        boolean steady, Binding binding) {
    /// The library that does the products that no kernel of ours does.
    static final String LIBRARY = "cublasLt";

    Draft {
        techniques = List.copyOf(techniques);
    }

    /// What a plan runs on.
    ///
    /// @param resources the session's
    /// @param techniques the techniques that are on, by id: kernels leave out what is not
    record Gpu(Resources resources, Set<String> techniques) {
        DeviceModel model() {
            return resources.model();
        }

        KernelLibrary kernels() {
            return resources.kernels();
        }

        Products products() {
            return resources.products();
        }

        Workspace w() {
            return resources.workspace();
        }

        BlockSizing sizing() {
            return resources.sizing();
        }
    }

    /// Prepares the launch of an operation.
    sealed interface Binding {
        /// Of one of our kernels, given as the variant that the techniques ask for.
        @FunctionalInterface
        non-sealed interface Kernel extends Binding {
            Launch launch(Gpu gpu, CudaFunction function);
        }

        /// Of what is not a single kernel.
        @FunctionalInterface
        non-sealed interface Calls extends Binding {
            Launch launch(Gpu gpu);
        }
    }

    /// A kernel whose cost and launch are the same in each step.
    static Draft kernel(String name, String kind, String kernel, List<String> techniques, long bytes, long flops,
            Binding.Kernel binding) {
        return new Draft(name, kind, kernel, techniques, _ -> bytes, _ -> flops, true, binding);
    }

    /// The operation on a GPU, by the name of the very variant that runs.
    Operation on(Gpu gpu) {
        return switch (binding) {
            case Binding.Kernel kernel -> {
                Variant variant = gpu.kernels().variant(implementation, gpu.techniques(),
                        KernelSizes.of(gpu.model().config()));
                CudaFunction function = gpu.kernels().function(implementation, variant, gpu.techniques());
                List<String> applied = new ArrayList<>(techniques);
                if (function.beginsEarly()) {
                    applied.add("dependent-launch");
                }
                if (!variant.sizes().isEmpty()) {
                    applied.add(KernelLibrary.GENERATED);
                }
                yield new Operation(name, kind, function.name(), applied, bytes, flops, steady,
                        kernel.launch(gpu, function));
            }
            case Binding.Calls calls -> new Operation(name, kind, implementation, techniques, bytes, flops, steady,
                    calls.launch(gpu));
        };
    }
}
