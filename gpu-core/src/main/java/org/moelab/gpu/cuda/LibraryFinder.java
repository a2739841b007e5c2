package org.moelab.gpu.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

import org.moelab.gpu.host.Host;

/// Finds shared libraries where the loader, the CUDA toolkit and Python's CUDA packages put them.
///
/// @param folders the folders to look in, in order
public record LibraryFinder(List<Path> folders) {
    private static final List<String> SYSTEM = List.of("/lib/*-linux-gnu", "/usr/lib/*-linux-gnu", "/lib64",
            "/usr/lib64", "/usr/lib", "/usr/local/lib", "/usr/local/nvidia/lib64", "/usr/local/nvidia/lib",
            "/usr/lib/wsl/lib");
    private static final List<String> IN_TOOLKIT = List.of("lib64", "lib", "targets/*/lib", "extras/CUPTI/lib64");
    private static final List<String> IN_PYTHON = List.of("lib*/python3*/site-packages/nvidia/*/lib",
            "lib*/python3*/dist-packages/nvidia/*/lib", "lib*/python3/dist-packages/nvidia/*/lib");
    private static final List<String> TOOLKIT_VARIABLES = List.of("CUDA_HOME", "CUDA_PATH");
    private static final List<String> PYTHON_VARIABLES = List.of("VIRTUAL_ENV", "CONDA_PREFIX");

    public LibraryFinder {
        folders = List.copyOf(folders);
    }

    /// A finder over the folders of a machine: `LD_LIBRARY_PATH`, `CUDA_HOME`, the loader's own, `/usr/local/cuda*`, and
    /// the `nvidia` packages of the Pythons in use.
    public static LibraryFinder of(Host host) {
        SequencedSet<Path> folders = new LinkedHashSet<>(host.foldersIn("LD_LIBRARY_PATH"));
        for (String variable : TOOLKIT_VARIABLES) {
            host.variable(variable).ifPresent(toolkit -> addAll(folders, host, toolkit, IN_TOOLKIT));
        }
        addAll(folders, host, "", SYSTEM);
        folders.addAll(loaderFolders(host));
        addAll(folders, host, "/usr/local/cuda", IN_TOOLKIT);
        addAll(folders, host, "/usr/local/cuda-*", IN_TOOLKIT);
        pythonHomes(host).forEach(home -> addAll(folders, host, home, IN_PYTHON));
        return new LibraryFinder(folders.stream().filter(Files::isDirectory).toList());
    }

    /// The file of a library under its preferred name.
    public Optional<Path> find(CudaLibrary library) {
        return library.fileNames().stream().flatMap(name -> find(name).stream()).findFirst();
    }

    /// The first file of this name.
    public Optional<Path> find(String fileName) {
        return folders.stream().map(folder -> folder.resolve(fileName)).filter(Files::isRegularFile).findFirst();
    }

    private static void addAll(SequencedSet<Path> folders, Host host, String home, List<String> patterns) {
        patterns.forEach(pattern -> folders.addAll(host.matching(home + "/" + pattern)));
    }

    /// Where Pythons are installed: the active environments, each `python3` on the path, the system's and the user's own.
    private static List<String> pythonHomes(Host host) {
        List<String> homes = new ArrayList<>();
        PYTHON_VARIABLES.forEach(variable -> host.variable(variable).ifPresent(homes::add));
        host.foldersIn("PATH").stream().filter(bin -> Files.exists(bin.resolve("python3")))
                .flatMap(bin -> Stream.ofNullable(bin.getParent()))
                .map(home -> "/" + host.root().relativize(home)).forEach(homes::add);
        homes.add("/usr/local");
        homes.add("/usr");
        host.variable("HOME").ifPresent(home -> homes.add(home + "/.local"));
        return homes;
    }

    /// The folders that the dynamic loader's configuration names.
    private static List<Path> loaderFolders(Host host) {
        return host.matching("/etc/ld.so.conf.d/*.conf").reversed().stream().flatMap(file -> lines(file).stream())
                .map(String::strip).filter(line -> line.startsWith("/")).map(host::path).toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of(); // what cannot be read as text names no folder
        }
    }
}
