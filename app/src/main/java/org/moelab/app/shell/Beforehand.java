package org.moelab.app.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.moelab.app.expectation.Expectations;
import org.moelab.app.run.StoredRun;
import org.moelab.app.theme.Fonts;
import org.moelab.gpu.technique.Catalogue;

/// What the window is made of and can be read while the toolkit starts, which takes as long.
final class Beforehand {
    /// How long a run that is nearly read is waited for: a window laid out without it and then again with it takes longer.
    private static final long PATIENCE_MS = 200;
    private static final Map<Path, FutureTask<StoredRun>> RUNS = new ConcurrentHashMap<>();

    /// Not of the class around it, which the main thread begins with.
    private static final class Read {
        private static final Catalogue CATALOGUE = Catalogue.load();
    }

    private Beforehand() {
    }

    /// What is told of layers and techniques.
    static Catalogue catalogue() {
        return Read.CATALOGUE;
    }

    /// Begins to read, also the first of the files if it is a run.
    static void begin(List<Path> files) {
        files.stream().limit(1).filter(StoredRun::isRun).forEach(file -> {
            FutureTask<StoredRun> reading = new FutureTask<>(() -> StoredRun.read(file));
            RUNS.put(file, reading);
            Thread.ofPlatform().daemon().name("run beforehand").start(reading);
        });
        Thread.ofPlatform().daemon().name("beforehand").start(Beforehand::read);
    }

    private static void read() {
        catalogue();
        // each is kept where it belongs
        Expectations.bundled();
        Fonts.text(1);
    }

    /// The run that was read; empty for any other file, and where reading takes long or fails. Once for each file.
    static Optional<StoredRun> run(Path file) {
        FutureTask<StoredRun> reading = RUNS.remove(file);
        if (reading == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.get(PATIENCE_MS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException _) {
            return Optional.empty(); // the window reads it once more, and tells what is wrong with it
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
