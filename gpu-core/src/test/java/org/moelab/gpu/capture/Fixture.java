package org.moelab.gpu.capture;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.gpu.engine.Operation;

/// CUPTI's structures as `make_records.c` wrote them, and what they point to.
public final class Fixture {
    /// Sizes of the records of each file, in order, by `sizeof` in C.
    private static final Map<Integer, List<Integer>> SIZES = Map.of(12,
            List.of(24, 24, 40, 208, 24, 40, 88, 40, 88, 24, 24, 40, 208, 40, 40, 48, 56, 56), 13,
            List.of(24, 24, 40, 216, 24, 40, 96, 40, 88, 32, 24, 40, 216, 40, 56, 56, 56, 56));

    static final ActivityReader.Names NAMES = new ActivityReader.Names() {
        @Override
        public String text(long address) {
            return switch ((int) address) {
                case 0 -> "";
                case 0x1001 -> "gemv_bf16_out_t1";
                case 0x1002 -> "attention_decode";
                case 0x2001 -> "warm up";
                case 0x2002 -> "NCCL";
                default -> throw new IllegalArgumentException("address " + Long.toHexString(address));
            };
        }

        @Override
        public String call(Api api, int callbackId) {
            return api == Api.RUNTIME
                    ? "runtime call " + callbackId
                    : Map.of(307, "cuLaunchKernel", 277, "cuMemcpyHtoDAsync_v2").getOrDefault(callbackId,
                            "call " + callbackId);
        }
    };

    private Fixture() {
    }

    /// The bytes of a file as memory that CUPTI could have filled.
    public static MemorySegment memory(int cudaVersion, Arena arena) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                Fixture.class.getResourceAsStream("activity-" + cudaVersion + ".bin"))) {
            byte[] bytes = in.readAllBytes();
            MemorySegment memory = arena.allocate(bytes.length, 8);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
            return memory;
        }
    }

    /// Where each record of a file begins.
    public static List<Long> offsets(int cudaVersion) {
        List<Long> offsets = new ArrayList<>();
        long offset = 0;
        for (int size : Objects.requireNonNull(SIZES.get(cudaVersion))) {
            offsets.add(offset);
            offset += size;
        }
        return offsets;
    }

    static List<ActivityRecord> records(int cudaVersion) throws IOException {
        List<ActivityRecord> records = new ArrayList<>();
        ActivityReader reader = new ActivityReader(NAMES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = memory(cudaVersion, arena);
            for (long offset : offsets(cudaVersion)) {
                reader.read(memory.asSlice(offset)).ifPresent(records::add);
            }
        }
        return records;
    }

    static Operation operation(String name, String kind) {
        return new Operation(name, kind, "a kernel", List.of(), _ -> 0, _ -> 0, true, (_, _) -> {
        });
    }
}
