package org.moelab.traces.stats.hta;

import java.util.Set;
import java.util.stream.IntStream;

/// The calls that HolisticTraceAnalysis holds for launches.
final class Launches {
    private static final Set<String> CUDA = Set.of("cudaLaunchKernel", "cudaLaunchKernelExC", "cudaMemcpyAsync",
            "cudaMemsetAsync", "runFunction - job_prep_and_submit_for_execution");
    private static final Set<String> CUDA_DRIVER = Set.of("cuLaunchKernel", "cuLaunchKernelEx");
    private static final Set<String> HIP = Set.of("hipLaunchKernel", "hipExtModuleLaunchKernel", "hipMemsetAsync",
            "hipMemcpyAsync", "hipMemcpyWithStream");

    private Launches() {
    }

    /// Launches for statistics of launches: those of the CUDA runtime. That tool has none for AMD, where those of
    /// [#queueing] serve.
    static int[] timed(RankRows rows) {
        int[] cuda = named(rows, CUDA);
        return cuda.length > 0 ? cuda : named(rows, HIP);
    }

    /// Launches that lengthen a stream's queue.
    static int[] queueing(RankRows rows) {
        return IntStream.of(rows.host()).filter(e -> {
            String call = rows.facts().call(e);
            return CUDA.contains(call) || CUDA_DRIVER.contains(call) || HIP.contains(call);
        }).toArray();
    }

    private static int[] named(RankRows rows, Set<String> names) {
        return IntStream.of(rows.host()).filter(e -> names.contains(rows.facts().call(e))).toArray();
    }
}
