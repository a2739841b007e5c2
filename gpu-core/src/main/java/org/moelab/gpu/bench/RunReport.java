package org.moelab.gpu.bench;

import java.util.List;
import java.util.Optional;

import org.moelab.gpu.engine.TunedChoice;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a run directory's `run.json` says: `docs/schema/run.schema.json` describes the file. What was not measured is
/// absent.
///
/// @param version of the file's form
/// @param complete whether the run came to its end; a file that says no holds what was measured until then
/// @param started when the run began, ISO 8601 with the offset
/// @param finished when this was written
/// @param asked what was asked for
/// @param machine where it ran
/// @param versions of what ran
/// @param model the model's sizes
/// @param loadSeconds from the start of loading to the model being ready, by the host's clock
/// @param startToFirstTokenSeconds from the start of the process to the first token chosen, by the host's clock
/// @param ceilings what the GPU reached in kernels that do one thing only, in this run
/// @param layers what each layer did
/// @param expertLoads which experts the tokens were sent to, in the last of these layers; absent where it was not told
/// @param tuning what was chosen by timing, with what each candidate took; absent where nothing was
/// @param failures the layers that gave no result
/// @param notes what else a reader should know: what could not be measured, and why
/// @param profiles what profilers recorded of single layers, or why they did not; absent where none were asked for
public record RunReport(int version, boolean complete, Optional<String> started, Optional<String> finished, Asked asked,
        Machine machine, Versions versions, Model model, double loadSeconds,
        Optional<Double> startToFirstTokenSeconds, Optional<DeviceCeilings> ceilings, List<LayerResult> layers,
        Optional<ExpertLoads> expertLoads, Optional<List<TunedChoice>> tuning, List<LayerFailure> failures,
        List<String> notes, Optional<List<Profile>> profiles) {
    /// The form that this build writes. A reader accepts forms up to the one it knows, and fields that it does not know.
    public static final int VERSION = 2;

    public RunReport {
        layers = List.copyOf(layers);
        tuning = tuning.map(List::copyOf);
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
        profiles = profiles.map(List::copyOf);
    }

    /// A report without profiles.
    public RunReport(int version, boolean complete, Optional<String> started, Optional<String> finished, Asked asked,
            Machine machine, Versions versions, Model model, double loadSeconds,
            Optional<Double> startToFirstTokenSeconds, Optional<DeviceCeilings> ceilings, List<LayerResult> layers,
            Optional<ExpertLoads> expertLoads, Optional<List<TunedChoice>> tuning, List<LayerFailure> failures,
            List<String> notes) {
        this(version, complete, started, finished, asked, machine, versions, model, loadSeconds,
                startToFirstTokenSeconds, ceilings, layers, expertLoads, tuning, failures, notes, Optional.empty());
    }

    /// What the command line asked for.
    ///
    /// @param device auto, cuda or cpu
    /// @param profile what to record beside the times, as `--profile` names it
    public record Asked(String model, List<String> layers, int batch, int prompt, int generate, int repeats,
            String device, Optional<String> profile) {
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
    /// @param found what NVML told when the run began
    public record Gpu(String name, String capability, long memoryBytes, int multiprocessors, long l2Bytes,
            int clockKhz, Optional<GpuState> found) {}

    /// A GPU as it was found. What it does not tell is absent.
    ///
    /// @param driver the driver's version
    /// @param smClockMhz the clock of the multiprocessors then
    /// @param maxSmClockMhz its highest
    /// @param memoryClockMhz the clock of the memory then
    /// @param powerMilliwatts the power drawn then
    /// @param powerLimitMilliwatts the limit on it
    /// @param freeMemoryBytes memory that nobody held then
    public record GpuState(Optional<String> driver, Optional<Long> smClockMhz, Optional<Long> maxSmClockMhz,
            Optional<Long> memoryClockMhz, Optional<Long> powerMilliwatts, Optional<Long> powerLimitMilliwatts,
            Optional<Long> freeMemoryBytes) {}

    /// Versions, as the things themselves tell them.
    ///
    /// @param cuda the version of CUDA that the driver supports, where a GPU was used
    /// @param cublasLt where a GPU was used
    /// @param commit of the source that the build was made from, where git knew it
    /// @param cupti where timelines were captured, as the library numbers itself
    public record Versions(String moelab, String java, Optional<String> cuda, Optional<String> cublasLt,
            Optional<String> commit, Optional<String> cupti) {}

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
    /// @param timeline the captured run that the times of the operations are from; absent where none was captured
    public record LayerResult(String layer, List<String> techniques, int promptStep, Spread ttftMs,
            Optional<Spread> tpotMs, Optional<Spread> interTokenMs, double prefillTokensPerSecond,
            Optional<Double> decodeTokensPerSecond, Optional<Double> energyJoules, Optional<Check> check,
            Optional<PhaseCost> prefill, Optional<PhaseCost> decode, List<MemoryUse> memory,
            Optional<Timeline> timeline) {
        public LayerResult {
            techniques = List.copyOf(techniques);
            memory = List.copyOf(memory);
        }
    }

    /// The layer's logits on a small model against the reference's, with random weights; the reference is held to the experts
    /// that the layer chose, see [Verification].
    ///
    /// @param reference what computed the reference
    /// @param prefillError relative L2 error over all prompt positions
    /// @param decodeError relative L2 error over the steps that followed
    /// @param unheldError the larger of the two against the reference that chooses its experts itself; absent, as are those
    ///                    that follow, in reports of older builds, whose errors were these
    /// @param rerouted choices of experts that are not the reference's
    /// @param tokenLayers choices in all: one for each token in each layer
    /// @param largestGap by how much the worst of the former is no tie, see [org.moelab.gpu.engine.Rerouting]
    public record Check(String reference, String model, int batch, int prompt, double prefillError,
            double decodeError, Optional<Double> unheldError, Optional<Long> rerouted, Optional<Long> tokenLayers,
            Optional<Double> largestGap) {
        static Check of(Verification v, String reference, String model) {
            return new Check(reference, model, v.batch(), v.prompt(), v.prefill(), v.decode(), Optional.of(v.unheld()),
                    Optional.of(v.rerouting().rerouted()), Optional.of(v.rerouting().tokenLayers()),
                    Optional.of(v.rerouting().largestGap()));
        }
    }

    /// A layer that gave no result.
    ///
    /// @param reason in one line
    public record LayerFailure(String layer, List<String> techniques, String reason) {
        public LayerFailure {
            techniques = List.copyOf(techniques);
        }
    }

    /// A run that was captured apart from those that were timed: one prompt and some decode steps.
    ///
    /// @param file the timeline's name within the run directory
    /// @param steps decode steps that were captured
    /// @param decodeMs time a decode step while it was captured; absent without steps
    /// @param decodeMsUncaptured the median of the timed runs; the difference is what capturing costs
    /// @param droppedRecords records that found no room: where there are any, the operations' times are too small
    public record Timeline(String file, int steps, Optional<Double> decodeMs, Optional<Double> decodeMsUncaptured,
            long droppedRecords) {}

    /// What the operations of a phase must move and compute, and what they took.
    ///
    /// @param basis `analytic`: bytes and operations are from the shapes, not measured
    /// @param length tokens that each sequence held before the phase
    /// @param steps how often the phase ran: one prompt, or so many decode steps; all figures are sums over them
    /// @param device how busy the device was, captured
    /// @param operations by name, layers and sequences of the batch taken together
    public record PhaseCost(String basis, int length, int steps, Optional<DeviceUse> device,
            List<OperationCost> operations) {
        public PhaseCost {
            operations = List.copyOf(operations);
        }
    }

    /// How busy the device was in a captured phase.
    ///
    /// @param kernels how many ran
    /// @param extentUs from the first piece of work to the end of the last
    /// @param busyUs of it, when any work ran
    /// @param idleUs of it, when none ran
    /// @param longestGapUs the longest time when none ran
    public record DeviceUse(long kernels, double extentUs, double busyUs, double idleUs, double longestGapUs) {}

    /// What operations of one name must move and compute, and took, together.
    ///
    /// @param name without the layer's number: `attention/qkv`
    /// @param kind the family of work
    /// @param implementation a kernel's name, or `cublasLt`
    /// @param techniques the techniques that they apply, by id
    /// @param count how many there are
    /// @param bytes the fewest bytes through device memory
    /// @param flops floating-point operations
    /// @param kernels how many kernels they ran, captured
    /// @param timeUs by how much their kernels, copies and fills made the device busy for longer, captured: their durations where
        ///               nothing overlaps
    public record OperationCost(String name, String kind, String implementation, List<String> techniques, int count,
            long bytes, long flops, Optional<Long> kernels, Optional<Double> timeUs) {
        public OperationCost {
            techniques = List.copyOf(techniques);
        }
    }

    /// Device memory held for a purpose.
    public record MemoryUse(String purpose, long bytes) {}

    /// What a profiler recorded of a layer in a run of its own, or why it did not.
    ///
    /// @param kind which of the profiles it is: `nsys`, `ncu`, `roofline`, `deep_dive`, `hta`, `differences`
    /// @param layer the layer's id
    /// @param tool the program that recorded it
    /// @param version of the tool
    /// @param command how the tool was started, with names in place of the machine's paths; empty where it was not
    /// @param files what it left, by name within the run directory, the first is the recording; empty where it left none
    /// @param reason why there is none, in one line; absent where there is
    /// @param remedy how to get it, where that is known
    public record Profile(String kind, String layer, Optional<String> tool, Optional<String> version,
            List<String> command, List<String> files, ProfileState state, Optional<String> reason,
            Optional<String> remedy) {
        public Profile {
            command = List.copyOf(command);
            files = List.copyOf(files);
        }
    }

    /// What became of a profile.
    public enum ProfileState {
        /// It was recorded, and its files have been opened once.
        @JsonProperty("done")
        DONE,
        /// The machine has not what it takes: the program, the right to read counters, a GPU.
        @JsonProperty("left out")
        LEFT_OUT,
        /// The program ran and gave nothing that opens.
        @JsonProperty("failed")
        FAILED
    }

    /// The same report with these profiles.
    public RunReport withProfiles(List<Profile> recorded) {
        return with(complete, finished, Optional.of(recorded));
    }

    /// The same report, as it stands at a time.
    ///
    /// @param now when that is, ISO 8601 with the offset
    public RunReport as(boolean whole, String now) {
        return with(whole, Optional.of(now), profiles);
    }

    private RunReport with(boolean whole, Optional<String> now, Optional<List<Profile>> recorded) {
        return new RunReport(version, whole, started, now, asked, machine, versions, model, loadSeconds,
                startToFirstTokenSeconds, ceilings, layers, expertLoads, tuning, failures, notes, recorded);
    }

    /// A report to begin with: nothing has been measured yet.
    public static RunReport begun(String started, Asked asked, Machine machine, Versions versions, Model model,
            double loadSeconds) {
        return new RunReport(VERSION, false, Optional.of(started), Optional.empty(), asked, machine, versions, model,
                loadSeconds, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
                List.of(), List.of());
    }
}
