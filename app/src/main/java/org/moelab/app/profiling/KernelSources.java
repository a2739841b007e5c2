package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.moelab.kernels.KernelManifest;

/// The texts of the lab's kernels in a folder, for as long as a profiler looks for them there: what was compiled where it
/// runs has never been in a file, and what the build compiled lay on another machine.
final class KernelSources implements AutoCloseable {
    private static final String NAME = ".sources";

    private final Path folder;

    private KernelSources(Path folder) {
        this.folder = folder;
    }

    /// Lays them into a folder of the run's directory.
    ///
    /// @throws IOException where they cannot be written; nothing is left then
    static KernelSources in(Path run) throws IOException {
        KernelSources sources = new KernelSources(run.resolve(NAME));
        sources.close(); // what a killed run left
        try {
            for (Map.Entry<String, String> file : texts().entrySet()) {
                Path path = sources.folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            sources.close();
            throw e;
        }
        return sources;
    }

    private static Map<String, String> texts() {
        try {
            return KernelManifest.load().sourceTree().files();
        } catch (IOException _) {
            return Map.of(); // a build without its kernels has no text to show
        }
    }

    /// Options of Nsight Compute that let it find them, and put them into its report.
    List<String> options() {
        return Files.isDirectory(folder)
                ? List.of("--import-source", "yes", "--source-folders", folder.toString())
                : List.of("--import-source", "yes");
    }

    @Override
    public void close() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
