package org.moelab.gpu.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JcudaNativesTest {
    /// The first bytes of a program of this system.
    private static final byte[] ELF = { 0x7f, 'E', 'L', 'F' };

    @TempDir
    private Path folder = Path.of("");

    private static List<Path> files(Path folder) {
        try (var list = Files.list(folder)) {
            return list.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void lay_intoAFolderThatIsNotThere_leavesTheLibraryAlone() throws IOException {
        JcudaNatives.lay(folder.resolve("new"));

        Path library = files(folder.resolve("new")).getFirst();
        assertThat(files(folder.resolve("new"))).hasSize(1);
        assertThat(library.getFileName().toString()).startsWith("libJCudaDriver-").endsWith(".so");
        assertThat(Files.readAllBytes(library)).startsWith(ELF);
    }

    @Test
    void lay_overHalfALibrary_replacesItWhole() throws IOException {
        JcudaNatives.lay(folder);
        Path library = files(folder).getFirst();
        byte[] whole = Files.readAllBytes(library);
        Files.write(library, Arrays.copyOf(whole, whole.length / 2));

        JcudaNatives.lay(folder);

        assertThat(Files.readAllBytes(library)).isEqualTo(whole);
        assertThat(files(folder)).hasSize(1);
    }

    @Test
    void lay_byManyAtOnce_isNeverSeenInPart() throws Exception {
        JcudaNatives.lay(folder.resolve("one"));
        long size = Files.size(files(folder.resolve("one")).getFirst());
        Path shared = Files.createDirectories(folder.resolve("shared"));
        Path library = shared.resolve(files(folder.resolve("one")).getFirst().getFileName());
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Long>> seen = new ArrayList<>();
        try (ExecutorService processes = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                Callable<Long> process = () -> {
                    start.await();
                    JcudaNatives.lay(shared);
                    return Files.size(library);
                };
                seen.add(processes.submit(process));
            }
            start.countDown();
            for (Future<Long> found : seen) {
                assertThat(found.get()).isEqualTo(size);
            }
        }
        assertThat(files(shared)).containsExactly(library);
    }
}
