package org.moelab.traces.model;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// One profiled launch of a kernel, or several launches profiled as one. Its metrics are in the report's [MetricTable], by
/// [#index].
///
/// @param index position in the report, from 0
/// @param workload what was profiled as one
/// @param name what it is called
/// @param launch how and where it ran
/// @param createdEpochS when its record was made, in seconds since 1970 UTC; 0 where unknown
/// @param nvtx the NVTX ranges open around its launch, outermost first for each kind and domain
/// @param callStack the host calls that launched it, innermost first
/// @param pythonStack the Python calls that launched it, innermost first
/// @param module id of the [KernelModule] that holds its code
/// @param sections the analysis sections collected for it
/// @param rules what Nsight Compute's rules found
/// @param complete false where the file ends within the kernel's record, so that metrics, sections or rules may lack
public record ProfiledKernel(int index, Workload workload, Name name, Launch launch, long createdEpochS,
        List<NvtxRange> nvtx, List<StackFrame> callStack, List<StackFrame> pythonStack, OptionalLong module,
        List<AnalysisSection> sections, List<RuleResult> rules, boolean complete) {
    public ProfiledKernel {
        nvtx = List.copyOf(nvtx);
        callStack = List.copyOf(callStack);
        pythonStack = List.copyOf(pythonStack);
        sections = List.copyOf(sections);
        rules = List.copyOf(rules);
    }

    /// What was profiled as one.
    public enum Workload {
        KERNEL,
        /// The launches between two calls.
        RANGE,
        /// The nodes of a CUDA graph.
        GRAPH
    }

    /// A kernel's names, each empty where the report lacks it.
    ///
    /// @param function the function's name alone
    /// @param mangled the name in the module's symbol table
    /// @param demangled with template arguments and parameters
    public record Name(String function, String mangled, String demangled) {
        /// The fullest readable name.
        public String display() {
            return !demangled.isEmpty() ? demangled : !function.isEmpty() ? function : mangled;
        }
    }

    /// How and where a kernel ran.
    ///
    /// @param grid blocks
    /// @param block threads in a block
    /// @param device the device's id in [RecordingInfo#devices()]
    /// @param context CUDA context, -1 where unknown
    /// @param stream CUDA stream, -1 where unknown
    /// @param process the profiled process
    /// @param thread the operating system's id of the launching thread, -1 where unknown
    public record Launch(Extent grid, Extent block, OptionalInt device, long context, long stream,
            ProcessInfo process, long thread) {}

    /// An NVTX range that was open at the launch.
    ///
    /// @param kind how it was opened
    /// @param domain the domain's name as Nsight Compute writes it
    /// @param thread the thread that opened it
    /// @param text the range's message
    public record NvtxRange(Kind kind, String domain, long thread, String text) {
        /// How a range is opened and closed.
        public enum Kind {
            PUSH_POP, START_END
        }
    }

    /// A host call.
    ///
    /// @param module the executable or library
    /// @param function empty where unknown
    /// @param file source file, empty where unknown
    /// @param line source line, 0 where unknown
    /// @param address of the instruction
    public record StackFrame(String module, String function, String file, int line, long address) {}
}
