package org.moelab.gpu.bench;

import java.util.List;
import java.util.Optional;

/// What a run directory's `run.json` says: `docs/schema/run.schema.json` describes the file. What was not measured is
/// absent.
///
/// @param version of the file's form
/// @param asked what was asked for
/// @param machine where it ran
/// @param versions of what ran
/// @param model the model's sizes
/// @param loadSeconds from the start of loading to the model being ready, by the host's clock
/// @param layers what each layer did
public record RunReport(int version, Asked asked, Machine machine, Versions versions, Model model, double loadSeconds,
        List<LayerResult> layers) {
    /// The form that this build writes. A reader accepts forms up to the one it knows, and fields that it does not know.
    public static final int VERSION = 1;

    public RunReport {
        layers = List.copyOf(layers);
    }

    /// What the command line asked for.
    ///
    /// @param device auto, cuda or cpu
    public record Asked(String model, List<String> layers, int batch, int prompt, int generate, int repeats,
            String device) {
        public Asked {
            layers = List.copyOf(layers);
        }
    }

    /// The machine.
    ///
    /// @param system the operating system and its version
    /// @param architecture the processor's
    /// @param processors processors that this process may use
    /// @param device what the model ran on
    /// @param gpu the GPU, where one was used
    public record Machine(String system, String architecture, int processors, String device, Optional<Gpu> gpu) {}

    /// A GPU, as its driver describes it.
    ///
    /// @param capability compute capability, such as `9.0`
    /// @param clockKhz the highest clock of its multiprocessors
    public record Gpu(String name, String capability, long memoryBytes, int multiprocessors, long l2Bytes,
            int clockKhz) {}

    /// Versions, as the things themselves tell them.
    ///
    /// @param cuda the version of CUDA that the driver supports, where a GPU was used
    /// @param cublasLt where a GPU was used
    public record Versions(String moelab, String java, Optional<String> cuda, Optional<String> cublasLt) {}

    /// The model's sizes.
    public record Model(String name, int layers, int experts, int chosen, int hidden, int intermediate, int vocabulary,
            int queryHeads, int kvHeads, int headSize) {}

    /// What one layer did.
    ///
    /// @param layer its id
    /// @param techniques those that were on, by id
    /// @param promptStep the most tokens of a prompt that one step fed: longer prompts were fed in pieces
    /// @param ttftMs time to first token of the whole batch
    /// @param tpotMs time per output token of a run; absent without decode steps
    /// @param interTokenMs times of the single decode steps; absent without them
    /// @param prefillTokensPerSecond prompt tokens of the whole batch a second, at the median TTFT
    /// @param decodeTokensPerSecond new tokens of the whole batch a second, at the median TPOT
    /// @param energyJoules what the GPU used in all runs that count, by NVML
    /// @param check the numerical check; absent where the reference itself ran
    /// @param prefill the operations of the whole prompt; absent where there is no plan
    /// @param decode the operations of one decode step; absent where there is no plan
    /// @param memory device memory while the batch was open; empty where there is no device
    public record LayerResult(String layer, List<String> techniques, int promptStep, Spread ttftMs,
            Optional<Spread> tpotMs, Optional<Spread> interTokenMs, double prefillTokensPerSecond,
            Optional<Double> decodeTokensPerSecond, Optional<Double> energyJoules, Optional<Check> check,
            Optional<PhaseCost> prefill, Optional<PhaseCost> decode, List<MemoryUse> memory) {
        public LayerResult {
            techniques = List.copyOf(techniques);
            memory = List.copyOf(memory);
        }
    }

    /// The layer's logits on a small model against the reference's, with random weights.
    ///
    /// @param reference what computed the reference
    /// @param prefillError relative L2 error over all prompt positions
    /// @param decodeError relative L2 error over the steps that followed
    public record Check(String reference, String model, int batch, int prompt, double prefillError,
            double decodeError) {}

    /// What the operations of a phase must move and compute.
    ///
    /// @param basis `analytic`: from the shapes, not measured
    /// @param length tokens that each sequence held before the phase
    /// @param operations by name, layers and sequences of the batch taken together
    public record PhaseCost(String basis, int length, List<OperationCost> operations) {
        public PhaseCost {
            operations = List.copyOf(operations);
        }
    }

    /// What operations of one name must move and compute, together.
    ///
    /// @param name without the layer's number: `attention/qkv`
    /// @param kind the family of work
    /// @param implementation a kernel's name, or `cublasLt`
    /// @param techniques the techniques that they apply, by id
    /// @param count how many there are
    /// @param bytes the fewest bytes through device memory
    /// @param flops floating-point operations
    public record OperationCost(String name, String kind, String implementation, List<String> techniques, int count,
            long bytes, long flops) {
        public OperationCost {
            techniques = List.copyOf(techniques);
        }
    }

    /// Device memory held for a purpose.
    public record MemoryUse(String purpose, long bytes) {}
}
