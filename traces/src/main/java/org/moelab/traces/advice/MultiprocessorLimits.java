package org.moelab.traces.advice;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

import org.moelab.traces.model.DeviceInfo;
import org.moelab.traces.model.LaunchConfig;

/// What a device's multiprocessors hold, as a recording tells it: Nsight Systems and the PyTorch profiler name it differently.
///
/// @param multiprocessors how many there are
/// @param warps that one holds; empty where unknown
/// @param registers of one; empty where unknown
/// @param sharedBytes shared memory of one; empty where unknown
record MultiprocessorLimits(int multiprocessors, OptionalInt warps, OptionalInt registers, OptionalInt sharedBytes) {
    private static final int WARP = 32;
    /// Registers are given to a warp in such portions (CUDA C++ Programming Guide, compute capabilities; Nsight Compute's
    /// occupancy calculator).
    private static final int REGISTER_PORTION = 256;
    /// Shared memory that the driver takes of each block from compute capability 8.0 on (same guide).
    private static final int RESERVED_SHARED_BYTES = 1024;

    /// The limits of a device; empty where the recording does not tell how many multiprocessors it has.
    static Optional<MultiprocessorLimits> of(DeviceInfo device) {
        Map<String, String> facts = device.properties();
        OptionalInt threads = number(facts, "maxThreadsPerMultiprocessor");
        OptionalInt warps = number(facts, "maxWarpsPerSm", "maxWarpsPerMultiprocessor");
        OptionalInt count = number(facts, "smCount", "numSms", "numMultiprocessors");
        return count.isEmpty()
                ? Optional.empty()
                : Optional.of(new MultiprocessorLimits(count.getAsInt(),
                        warps.isEmpty() && threads.isPresent() ? OptionalInt.of(threads.getAsInt() / WARP) : warps,
                        number(facts, "maxRegistersPerSm", "regsPerMultiprocessor"),
                        number(facts, "maxShmemPerSm", "sharedMemPerMultiprocessor")));
    }

    private static OptionalInt number(Map<String, String> facts, String... names) {
        return Stream.of(names).map(n -> facts.getOrDefault(n, "")).filter(v -> v.matches("[1-9][0-9]{0,8}"))
                .mapToInt(Integer::parseInt).findFirst();
    }

    private static int warpsOf(LaunchConfig config) {
        return (config.threadsPerBlock() + WARP - 1) / WARP;
    }

    /// Blocks that one multiprocessor holds at the same time, by threads, registers and shared memory.
    private long blocksOnOne(LaunchConfig config) {
        int blockWarps = Math.max(1, warpsOf(config));
        long blocks = warps.orElse(0) / blockWarps;
        if (registers.isPresent() && config.registersPerThread() > 0) {
            long warpRegisters = Math.ceilDiv(config.registersPerThread() * WARP, REGISTER_PORTION)
                    * (long) REGISTER_PORTION;
            blocks = Math.min(blocks, registers.getAsInt() / (warpRegisters * blockWarps));
        }
        long shared = (long) config.staticSharedBytes() + config.dynamicSharedBytes();
        if (sharedBytes.isPresent() && shared > 0) {
            blocks = Math.min(blocks, sharedBytes.getAsInt() / (shared + RESERVED_SHARED_BYTES));
        }
        return blocks;
    }

    /// Blocks that the device holds at the same time.
    long resident(LaunchConfig config) {
        return blocksOnOne(config) * multiprocessors;
    }

    /// Warps resident over those that fit, 0 to 1; NaN where the recording tells too little, or where no block would fit by
    /// what it tells.
    double occupancy(LaunchConfig config) {
        long blocks = blocksOnOne(config);
        return warps.isEmpty() || blocks == 0 || config.registersPerThread() == 0
                ? Double.NaN
                : Math.min(1, (double) blocks * warpsOf(config) / warps.getAsInt());
    }
}
