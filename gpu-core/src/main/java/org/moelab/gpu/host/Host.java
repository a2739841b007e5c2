package org.moelab.gpu.host;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The environment variables and the file tree in which libraries and programs are looked for. Tests give their own.
///
/// @param variables the environment variables
/// @param root the folder that stands for `/`
public record Host(Map<String, String> variables, Path root) {
    public Host {
        variables = Map.copyOf(variables);
    }

    /// The machine that this process runs on.
    public static Host current() {
        return new Host(System.getenv(), Path.of("/"));
    }

    /// An environment variable's value, absent where it is unset or empty.
    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    /// The folders that a variable such as `PATH` lists, those that exist.
    public List<Path> foldersIn(String variable) {
        return Arrays.stream(variable(variable).orElse("").split(File.pathSeparator, -1)).filter(s -> !s.isBlank())
                .map(this::path).filter(Files::isDirectory).toList();
    }

    /// An absolute path of the machine, under this host's root.
    public Path path(String absolute) {
        Path path = Path.of(absolute);
        return path.startsWith(root) ? path : root.resolve(absolute.replaceFirst("^/+", ""));
    }

    /// The lab's cache folder, which need not exist: what `MOELAB_CACHE` names, else `moelab` in the user's caches. These
    /// lie in `XDG_CACHE_HOME`, else in `.cache` at home (XDG Base Directory Specification). None without a home.
    public Optional<Path> cacheFolder() {
        return variable("MOELAB_CACHE").map(this::path)
                .or(() -> variable("XDG_CACHE_HOME").filter(path -> path.startsWith("/")).map(this::path)
                        .or(() -> variable("HOME").map(home -> path(home).resolve(".cache")))
                        .map(caches -> caches.resolve("moelab")));
    }

    /// The first program of this name on the `PATH`.
    public Optional<Path> program(String name) {
        return foldersIn("PATH").stream().map(folder -> folder.resolve(name)).filter(Host::isProgram).findFirst();
    }

    /// Whether the file is there and may be executed.
    public static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /// The existing paths that match an absolute pattern, where each step may hold `*`; of one folder's entries the last
    /// in the order of their names, the newest version as folders are usually named, comes first.
    public List<Path> matching(String absolutePattern) {
        List<Path> found = List.of(root);
        for (String step : absolutePattern.split("/", -1)) {
            if (!step.isEmpty()) {
                found = found.stream().flatMap(folder -> entries(folder, step).stream()).toList();
            }
        }
        return found;
    }

    /// The entries of a folder whose name matches, the last by name first; none where the folder cannot be read.
    private static List<Path> entries(Path folder, String pattern) {
        if (!pattern.contains("*")) {
            Path entry = folder.resolve(pattern);
            return Files.exists(entry) ? List.of(entry) : List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        List<Path> found = new ArrayList<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.filter(entry -> matcher.matches(entry.getFileName())).forEach(found::add);
        } catch (IOException _) {
            return List.of(); // a folder that cannot be listed offers nothing
        }
        found.sort(Comparator.comparing((Path entry) -> entry.getFileName().toString()).reversed());
        return found;
    }
}
