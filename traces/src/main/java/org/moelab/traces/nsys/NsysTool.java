package org.moelab.traces.nsys;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;

/// The `nsys` program of an Nsight Systems installation, which alone can open `.nsys-rep` files.
///
/// @param program the executable
public record NsysTool(Path program) {
    /// Environment variable that names the program.
    public static final String VARIABLE = "NSYS";

    /// Where installers put it, below each of [#ROOTS]: Nsight Systems itself, the CUDA toolkit, Nsight Compute.
    private static final List<String> INSTALLED = List.of("nvidia/nsight-systems*/**/nsys",
            "nvidia/nsight-compute*/**/host/target-linux-*/nsys", "cuda*/bin/nsys", "nsight-systems*/**/nsys");
    private static final List<Path> ROOTS = List.of(Path.of("/opt"), Path.of("/usr/local"), Path.of("/usr/lib"));
    private static final int DEEPEST = 6;
    private static final int LONGEST_ANSWER = 4096;

    /// Looks for the program: what `NSYS` names, then the `PATH`, then the usual folders, newest version first.
    public static Optional<NsysTool> find() {
        return find(System.getenv(), ROOTS);
    }

    static Optional<NsysTool> find(Map<String, String> environment, List<Path> roots) {
        String named = environment.getOrDefault(VARIABLE, "");
        Stream<Path> first = named.isEmpty() ? Stream.empty() : Stream.of(Path.of(named), Path.of(named, "nsys"));
        Stream<Path> onPath = Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty()).map(folder -> Path.of(folder, "nsys"));
        return Stream.concat(Stream.concat(first, onPath), roots.stream().flatMap(NsysTool::installed))
                .filter(p -> Files.isRegularFile(p) && Files.isExecutable(p)).findFirst().map(NsysTool::new);
    }

    private static Stream<Path> installed(Path root) {
        List<Path> found = new ArrayList<>();
        for (String pattern : INSTALLED) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + root + "/" + pattern);
            String family = pattern.substring(0, pattern.indexOf('*'));
            Path folder = root.resolve(family).getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> files = Files.find(folder, DEEPEST,
                    (path, _) -> path.endsWith("nsys") && matcher.matches(path))) {
                files.sorted(Comparator.comparing(Path::toString).reversed()).forEach(found::add);
            } catch (IOException | UncheckedIOException _) {
                // a folder that may not be read holds no program that may be run
            }
        }
        return found.stream();
    }

    /// The command that exports a report into a database, as a person would type it.
    static String command(Path report) {
        String name = report.toString();
        String base = name.endsWith(".nsys-rep") ? name.substring(0, name.length() - ".nsys-rep".length()) : name;
        return "nsys export --type sqlite --output " + quoted(base + ".sqlite") + " " + quoted(name);
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w./:@%+,=-]*") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /// Exports a report into a SQLite file.
    ///
    /// @throws TraceReadException where the program fails; the message holds the last line of what it said
    /// @throws java.util.concurrent.CancellationException where the monitor cancels
    void export(Path report, Path database, ImportMonitor monitor) throws TraceReadException {
        Path log = database.resolveSibling("nsys.log");
        ProcessBuilder builder = new ProcessBuilder(program.toString(), "export", "--type", "sqlite",
                "--force-overwrite", "true", "--output", database.toString(), report.toAbsolutePath().toString());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                monitor.update(Double.NaN, "exporting");
                while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    monitor.checkCancelled();
                }
            } finally {
                process.destroy();
            }
            if (process.exitValue() != 0 || !Files.isRegularFile(database)) {
                throw new TraceReadException(report,
                        program + " export failed (exit " + process.exitValue() + "): " + lastLine(log));
            }
        } catch (IOException e) {
            throw new TraceReadException(report, program + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TraceReadException(report, "interrupted while " + program + " exported it", e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        byte[] all = Files.readAllBytes(log);
        int from = Math.max(0, all.length - LONGEST_ANSWER);
        return new String(all, from, all.length - from, Charset.defaultCharset()).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).reduce((_, last) -> last).orElse("it said nothing");
    }
}
