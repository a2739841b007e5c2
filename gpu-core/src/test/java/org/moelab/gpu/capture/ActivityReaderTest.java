package org.moelab.gpu.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.moelab.gpu.capture.ActivityRecord.Call;
import org.moelab.gpu.capture.ActivityRecord.Call.Api;
import org.moelab.gpu.capture.ActivityRecord.Copy;
import org.moelab.gpu.capture.ActivityRecord.External;
import org.moelab.gpu.capture.ActivityRecord.Fill;
import org.moelab.gpu.capture.ActivityRecord.Kernel;
import org.moelab.gpu.capture.ActivityRecord.Marker;
import org.moelab.gpu.capture.ActivityRecord.Overhead;
import org.moelab.gpu.capture.ActivityRecord.Place;
import org.moelab.gpu.capture.ActivityRecord.Wait;
import org.moelab.traces.model.LaunchConfig;

class ActivityReaderTest {
    private static final Place STREAM = new Place(1, 2, 7);
    private static final LaunchConfig LAUNCH = new LaunchConfig(720, 2, 3, 256, 4, 5, 40_000, 1024, 2048);

    @ParameterizedTest
    @ValueSource(ints = { 12, 13 })
    void records_ofEachVersionOfCuda_areReadAlike(int version) throws IOException {
        assertThat(Fixture.records(version)).containsExactly(new External(2, 101),
                new Call(Api.DRIVER, 1000, 1050, "cuLaunchKernel", 4242, 101, 0),
                new Kernel(1500, 1800, STREAM, 101, 0, "gemv_bf16_out_t1", LAUNCH),
                new External(3, 102), new Call(Api.DRIVER, 1100, 1150, "cuMemcpyHtoDAsync_v2", 4242, 102, 0),
                new Copy(2000, 2100, STREAM, 102, 0, 1, 5_000_000_000L),
                new Call(Api.DRIVER, 1200, 1250, "call 216", 4242, 103, 0), new Fill(2200, 2210, STREAM, 103, 0, 640),
                new External(4, 105), new Call(Api.DRIVER, 1300, 1350, "call 514", 4242, 105, 0),
                new Kernel(3000, 3300, STREAM, 105, 0x1_0000_0005L, "attention_decode", LAUNCH),
                new Call(Api.DRIVER, 3400, 3450, "call 17", 4242, 104, 719), new Wait(3400, 3420, 4, 104, 2, -1),
                new Overhead(5000, 5010, 1 << 16),
                new Marker(900, 9, Marker.Shape.BEGIN, 4242, "warm up", "NCCL"),
                new Marker(950, 9, Marker.Shape.END, 4242, "", ""));
    }

    @Test
    void record_ofTheRuntime_isReadAsTheDriversAndNamedApart() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment record = Fixture.memory(13, arena).asSlice(Fixture.offsets(13).get(2), 40);
            ActivityReader reader = new ActivityReader(Fixture.NAMES);
            ActivityRecord driver = reader.read(record).orElseThrow();
            record.set(ValueLayout.JAVA_INT, 0, ActivityReader.RUNTIME);
            assertThat(driver).isEqualTo(new Call(Api.DRIVER, 1000, 1050, "cuLaunchKernel", 4242, 101, 0));
            assertThat(reader.read(record))
                    .contains(new Call(Api.RUNTIME, 1000, 1050, "runtime call 307", 4242, 101, 0));
        }
    }

    @Test
    void record_ofAnotherKind_isPassedOver() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(new ActivityReader(Fixture.NAMES).read(arena.allocateFrom(ValueLayout.JAVA_INT, 3, 0, 0)))
                    .isEmpty();
        }
    }
}
