package org.moelab.traces.stats;

import java.util.List;
import java.util.regex.Pattern;

import org.moelab.traces.model.EventKind;

/// Tells from its name what a kernel is. The rules are those of HolisticTraceAnalysis 0.6.1 (`hta/common/types.py`); they
/// miss kernels that exchange data under other names, such as DeepEP's dispatch and combine, for which a user adds
/// patterns.
///
/// @param communication further patterns; a kernel in whose name one of them is found is communication
public record KernelClassifier(List<Pattern> communication) {
    /// The rules as they are, without further patterns.
    public static final KernelClassifier HTA = new KernelClassifier(List.of());

    private static final Pattern COMMUNICATION = Pattern.compile("nccl|hip|hccl|.*ncclKernel");
    private static final Pattern MEMORY = Pattern.compile("(?:hip)?Memcpy|(?:hip)?Memset|dma");
    private static final Pattern NO_COMPUTATION = Pattern.compile(
            ".*(?:Memcpy|Memset|dma|Sync)|Stream Wait Event|cuda.*LaunchKernel|runFunction|job_exe|packet|pe_exe"
                    + "|cpum_exe_subgraph|collective_subgraph_execution");

    public KernelClassifier {
        communication = List.copyOf(communication);
    }

    /// What the kernel of this name is.
    public KernelType of(String name) {
        if (communication.stream().anyMatch(p -> p.matcher(name).find())
                || COMMUNICATION.matcher(name).lookingAt()) {
            return KernelType.COMMUNICATION;
        }
        if (MEMORY.matcher(name).lookingAt()) {
            return KernelType.MEMORY;
        }
        return NO_COMPUTATION.matcher(name).lookingAt() ? KernelType.OTHER : KernelType.COMPUTATION;
    }

    /// What device work of this name and kind is, for recordings that tell copies and fills from kernels by more than a
    /// name: Nsight Systems writes `[CUDA memcpy Host-to-Device]`, which no rule above knows.
    public KernelType of(String name, EventKind kind) {
        return kind == EventKind.MEMCPY || kind == EventKind.MEMSET ? KernelType.MEMORY : of(name);
    }
}
