package org.moelab.gpu.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.moelab.gpu.RequiresGpu;
import org.moelab.gpu.cuda.CudaContext;
import org.moelab.gpu.cuda.CudaStream;
import org.moelab.gpu.cuda.CudaUnavailableException;
import org.moelab.gpu.cuda.DeviceBuffer;
import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.cuda.PinnedBuffer;
import org.moelab.gpu.host.Host;
import org.moelab.gpu.model.Checkpoint;
import org.moelab.gpu.model.CheckpointLayout;
import org.moelab.gpu.model.CheckpointWeights;
import org.moelab.gpu.model.CheckpointWriter;
import org.moelab.gpu.model.MoeConfig;
import org.moelab.gpu.model.RandomWeights;
import org.moelab.gpu.model.WeightContent;
import org.moelab.gpu.technique.Catalogue;
import org.moelab.traces.model.ImportMonitor;

/// However a checkpoint's bytes get onto the device, they are the file's.
@RequiresGpu
class UploadsGpuTest {
    /// More than two stages, and no whole number of them.
    private static final int COUNT = 11 << 20;

    @TempDir
    private Path folder;

    static List<Set<String>> techniques() {
        Catalogue catalogue = Catalogue.load();
        return List.of(Set.of(), catalogue.alone("async-copies"), catalogue.alone("stream-events"));
    }

    @ParameterizedTest
    @MethodSource("techniques")
    void upload_ofMoreThanTheStages_arrivesWhole(Set<String> techniques) throws CudaUnavailableException {
        try (Arena arena = Arena.ofConfined(); CudaContext context = RequiresGpu.Condition.open()) {
            MemorySegment numbers = arena.allocate(4L * COUNT, 4);
            for (int i = 0; i < COUNT; i++) {
                numbers.setAtIndex(ValueLayout.JAVA_INT, i, 31 * i);
            }
            MemorySegment back = arena.allocate(4L * COUNT, 4);
            try (CudaStream kernels = context.stream();
                    DeviceBuffer device = context.allocate("test", 4L * COUNT + 256);
                    Uploads uploads = Uploads.of(context, kernels, techniques)) {
                device.fill((byte) 0xFF, kernels);
                kernels.synchronize();
                uploads.upload(device, 256, numbers);
                uploads.handOver();
                device.download(back, 256, kernels);
                kernels.synchronize();
            }
            assertThat(back.mismatch(numbers)).isEqualTo(-1);
            assertThat(context.hostLedger().outstanding()).isEqualTo("nothing");
        }
    }

    /// Downloads in the stream of the kernels stand for kernels that read a room.
    @ParameterizedTest
    @MethodSource("techniques")
    void rooms_takenInTurns_areReadBeforeTheyAreFilledAnew(Set<String> techniques) throws CudaUnavailableException {
        int experts = 9;
        long bytes = 5L << 20;
        try (Arena arena = Arena.ofConfined();
                CudaContext context = RequiresGpu.Condition.open();
                CudaStream kernels = context.stream();
                PinnedBuffer read = context.pinned("test", experts * bytes);
                DeviceBuffer first = context.allocate("test", bytes);
                DeviceBuffer second = context.allocate("test", bytes);
                Uploads uploads = Uploads.of(context, kernels, techniques)) {
            MemorySegment codes = arena.allocate(bytes);
            for (int e = 0; e < experts; e++) {
                int turn = e % uploads.rooms();
                DeviceBuffer room = turn == 0 ? first : second;
                codes.fill((byte) (e + 1));
                uploads.claim(turn);
                uploads.upload(room, 0, codes);
                uploads.handOver();
                room.download(read.segment().asSlice(e * bytes, bytes), 0, kernels);
                uploads.release(turn);
            }
            kernels.synchronize();
            for (int e = 0; e < experts; e++) {
                codes.fill((byte) (e + 1));
                assertThat(read.segment().asSlice(e * bytes, bytes).mismatch(codes)).as("expert %s", e).isEqualTo(-1);
            }
        }
    }

    @Test
    void logits_ofACheckpoint_areTheSameHoweverItWasLoaded() throws Exception {
        RandomWeights random = new RandomWeights(MoeConfig.tiny(), "tiny", 20);
        CheckpointWriter.write(folder, random.config(), CheckpointLayout.HUGGING_FACE, Long.MAX_VALUE,
                new WeightContent(random, CheckpointLayout.HUGGING_FACE), ImportMonitor.NONE);
        for (Set<String> form : List.of(Set.<String>of(), Set.of("mxfp4"))) {
            String plain = logits(form);
            for (Set<String> techniques : techniques()) {
                Set<String> on = new HashSet<>(form);
                on.addAll(techniques);
                assertThat(logits(on)).as("%s", on).isEqualTo(plain);
            }
        }
    }

    /// Every bit of them, as text.
    private String logits(Set<String> techniques) throws Exception {
        try (CheckpointWeights weights = new CheckpointWeights(Checkpoint.open(folder));
                CudaContext context = RequiresGpu.Condition.open();
                CudaEngine engine = CudaEngine.load(context, LibraryFinder.of(Host.current()), weights, techniques);
                Session session = engine.open(1, 8)) {
            return Arrays.deepToString(session.append(new int[][] { { 5, 7, 9, 11 } }, Session.Scope.ALL));
        }
    }
}
