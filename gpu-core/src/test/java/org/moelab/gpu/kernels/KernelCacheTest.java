package org.moelab.gpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.moelab.gpu.host.FakeMachine;

class KernelCacheTest {
    private static final String KEY = "0123456789abcdef";
    private static final byte[] CODE = "code of a kernel".getBytes(StandardCharsets.UTF_8);

    private final List<String> warnings = new ArrayList<>();

    @TempDir
    Path root;

    @Test
    void folder_variables_theLabsOwnGoesFirst() {
        assertThat(KernelCache.folder(new FakeMachine(root).variable("HOME", "/home/me").host()))
                .contains(root.resolve("home/me/.cache/moelab/kernels"));
        assertThat(KernelCache.folder(
                new FakeMachine(root).variable("HOME", "/home/me").variable("XDG_CACHE_HOME", "/caches").host()))
                .contains(root.resolve("caches/moelab/kernels"));
        assertThat(KernelCache.folder(
                new FakeMachine(root).variable("XDG_CACHE_HOME", "/caches").variable("MOELAB_CACHE", "/lab").host()))
                .contains(root.resolve("lab/kernels"));
    }

    @Test
    void folder_relativeCachesAndNoHome_isNone() {
        assertThat(KernelCache.folder(new FakeMachine(root).variable("XDG_CACHE_HOME", "caches").host())).isEmpty();
    }

    @Test
    void find_whatWasKept_isTheSameInAnotherCacheOfTheFolder() {
        cache(root.resolve("new/kernels")).keep(KEY, CODE);

        assertThat(cache(root.resolve("new/kernels")).find(KEY)).contains(CODE);
        assertThat(cache(root.resolve("new/kernels")).find("another")).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void find_damagedFile_isNoneUntilItIsKeptAgain() throws IOException {
        KernelCache cache = cache(root);
        cache.keep(KEY, CODE);
        byte[] whole = Files.readAllBytes(root.resolve(KEY));
        byte[] changed = whole.clone();
        changed[whole.length - 1]++;

        for (byte[] damaged : List.of(changed, Arrays.copyOf(whole, whole.length - 1),
                Arrays.copyOf(whole, 32), new byte[0])) {
            Files.write(root.resolve(KEY), damaged);
            assertThat(cache.find(KEY)).isEmpty();
        }
        cache.keep(KEY, CODE);
        assertThat(cache.find(KEY)).contains(CODE);
    }

    @Test
    void keep_manyWritersOfOneKey_readersSeeWholeCodeAndNothingIsLeftBehind() throws Exception {
        byte[] large = new byte[1 << 20];
        int writers = 8;
        CountDownLatch start = new CountDownLatch(writers);
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<Optional<byte[]>>> found = Stream.generate(() -> threads.submit(() -> {
                KernelCache cache = cache(root);
                start.countDown();
                start.await();
                Optional<byte[]> last = Optional.empty();
                for (int i = 0; i < 10; i++) {
                    cache.keep(KEY, large);
                    last = cache.find(KEY);
                    assertThat(last).isPresent();
                }
                return last;
            })).limit(writers).toList();
            for (Future<Optional<byte[]>> one : found) {
                assertThat(one.get()).contains(large);
            }
        }
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).containsExactly(root.resolve(KEY));
        }
    }

    @Test
    void keep_folderThatCannotBeMade_warnsOnceAndGoesOn() throws IOException {
        Files.writeString(root.resolve("file"), "in the way");
        KernelCache cache = cache(root.resolve("file/kernels"));

        cache.keep(KEY, CODE);
        cache.keep(KEY, CODE);

        assertThat(cache.find(KEY)).isEmpty();
        assertThat(warnings).singleElement().asString().startsWith("compiled kernels are not kept, because ")
                .contains("file/kernels").doesNotContain("\n");
    }

    @Test
    void keep_readOnlyFolder_warnsAndLeavesNothing() throws IOException {
        Path folder = Files.createDirectory(root.resolve("read-only"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(folder), "whoever runs this test may write anywhere");

        cache(folder).keep(KEY, CODE);

        assertThat(warnings).hasSize(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void keep_noFolder_keepsNothing() {
        KernelCache cache = new KernelCache(Optional.empty(), warnings::add);

        cache.keep(KEY, CODE);

        assertThat(cache.find(KEY)).isEmpty();
        assertThat(warnings).isEmpty();
    }

    private KernelCache cache(Path folder) {
        return new KernelCache(Optional.of(folder), warnings::add);
    }
}
