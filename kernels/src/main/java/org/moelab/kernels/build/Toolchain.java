package org.moelab.kernels.build;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The programs that compile kernels.
///
/// @param nvcc NVIDIA's compiler
/// @param version its version, such as `13.0`
/// @param cmake the build tool
/// @param ninja whether ninja is there, which runs what CMake plans
/// @param architectures those wanted that the compiler knows, such as `90a`
record Toolchain(Path nvcc, String version, Path cmake, boolean ninja, List<String> architectures) {
    private static final Pattern RELEASE = Pattern.compile("release (\\d+\\.\\d+)");

    /// Looks for the programs.
    ///
    /// @param variables the environment variables
    /// @param wanted the architectures to compile for, such as `90a`
    /// @throws MissingToolException where something that is needed is not there
    static Toolchain find(Map<String, String> variables, List<String> wanted) throws MissingToolException {
        Path nvcc = nvcc(variables).orElseThrow(() -> new MissingToolException(
                "nvcc was not found on the PATH, in CUDA_HOME or in /usr/local/cuda"));
        Path cmake = onPath(variables, "cmake")
                .orElseThrow(() -> new MissingToolException("cmake was not found on the PATH"));
        if (!variables.containsKey("NVCC_CCBIN") && onPath(variables, "g++").isEmpty()
                && onPath(variables, "c++").isEmpty()) {
            throw new MissingToolException("nvcc needs a C++ compiler, and there is no g++ on the PATH");
        }
        Matcher release = RELEASE.matcher(answer(nvcc, "--version"));
        List<String> known = answer(nvcc, "--list-gpu-code").lines().map(String::strip).toList();
        // nvcc lists sm_90 and knows sm_90a with it
        List<String> architectures = wanted.stream()
                .filter(architecture -> known.contains("sm_" + architecture.replaceFirst("[a-z]$", ""))).toList();
        if (architectures.isEmpty()) {
            throw new MissingToolException(nvcc + " is too old for sm_" + String.join(" and sm_", wanted));
        }
        return new Toolchain(nvcc, release.find() ? release.group(1) : "unknown", cmake,
                onPath(variables, "ninja").isPresent(), architectures);
    }

    private static Optional<Path> nvcc(Map<String, String> variables) {
        List<Path> places = new ArrayList<>();
        Stream.of("NVCC", "CUDACXX").flatMap(name -> Stream.ofNullable(variables.get(name))).map(Path::of)
                .forEach(places::add);
        Stream.of("CUDA_HOME", "CUDA_PATH").flatMap(name -> Stream.ofNullable(variables.get(name)))
                .map(home -> Path.of(home, "bin", "nvcc")).forEach(places::add);
        onPath(variables, "nvcc").ifPresent(places::add);
        places.add(Path.of("/usr/local/cuda/bin/nvcc"));
        return places.stream().filter(Files::isExecutable).findFirst();
    }

    private static Optional<Path> onPath(Map<String, String> variables, String program) {
        return Pattern.compile(Pattern.quote(File.pathSeparator)).splitAsStream(variables.getOrDefault("PATH", ""))
                .filter(folder -> !folder.isBlank()).map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file)).findFirst();
    }

    private static String answer(Path program, String question) throws MissingToolException {
        try {
            Process process = new ProcessBuilder(program.toString(), question).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MissingToolException(program + " does not start: " + e.getMessage());
        }
    }

    /// A program that compiling needs is not there; the message says which, in one line.
    static final class MissingToolException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingToolException(String problem) {
            super(problem);
        }
    }
}
