package org.moelab.gpu.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.moelab.gpu.cuda.CudaFunction;
import org.moelab.gpu.cuda.LaunchShape;
import org.moelab.gpu.engine.Operation.Cost;
import org.moelab.gpu.engine.Operation.Launch;
import org.moelab.gpu.kernels.FusedGroup;
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

        /// Of a row-wise kernel of ours, a block a row, which may become part of a group ([FusedGroups]).
        ///
        /// @param rows rows of numbers in fp32
        /// @param width numbers of a row
        /// @param place where it can stand in a group
        /// @param shape how the kernel is launched by itself
        /// @param parameters adds the kernel's parameters to a launch
        record Rows(int rows, int width, Place place, Function<Gpu, LaunchShape> shape,
                BiFunction<Gpu, Launcher, Launcher> parameters) implements Binding {
            /// What a row-wise kernel does to the hidden state.
            enum Place {
                /// Writes each row, so that others can take it from the registers that hold it.
                FIRST,
                /// Reads each row that was written before, and writes another thing.
                BEHIND
            }

            Launch launch(Gpu gpu, CudaFunction function) {
                return parameters.apply(gpu, Launcher.of(function, shape.apply(gpu))).prepared(gpu.w().arena);
            }
        }

        /// Of a kernel that is composed of row-wise ones.
        ///
        /// @param kernel what it is composed of, for a GPU
        /// @param launch its launch
        record Group(Function<Gpu, FusedGroup> kernel, Kernel launch) implements Binding {}

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

    /// A row-wise kernel.
    static Draft rows(String name, String kind, String kernel, List<String> techniques, long bytes, long flops,
            Binding.Rows binding) {
        return new Draft(name, kind, kernel, techniques, _ -> bytes, _ -> flops, true, binding);
    }

    /// The operation on a GPU, by the name of the very variant that runs.
    Operation on(Gpu gpu) {
        return switch (binding) {
            case Binding.Kernel kernel -> variant(gpu, kernel);
            case Binding.Rows rows -> variant(gpu, rows::launch);
            case Binding.Group group ->
                operation(gpu, gpu.kernels().function(group.kernel.apply(gpu), gpu.techniques()), techniques,
                        group.launch);
            case Binding.Calls calls -> new Operation(name, kind, implementation, techniques, bytes, flops, steady,
                    calls.launch(gpu));
        };
    }

    private Operation variant(Gpu gpu, Binding.Kernel kernel) {
        Variant variant = gpu.kernels().variant(implementation, gpu.techniques(),
                KernelSizes.of(gpu.model().config()));
        List<String> applied = new ArrayList<>(techniques);
        if (!variant.sizes().isEmpty()) {
            applied.add(KernelLibrary.GENERATED);
        }
        return operation(gpu, gpu.kernels().function(implementation, variant, gpu.techniques()), applied, kernel);
    }

    private Operation operation(Gpu gpu, CudaFunction function, List<String> applied, Binding.Kernel kernel) {
        List<String> all = new ArrayList<>(applied);
        if (function.beginsEarly()) {
            all.add("dependent-launch");
        }
        return new Operation(name, kind, function.name(), all, bytes, flops, steady, kernel.launch(gpu, function));
    }
}
