package org.moelab.kernels.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.moelab.kernels.KernelManifest;
import org.moelab.kernels.KernelManifest.Binary;
import org.moelab.kernels.KernelManifest.Kernel;
import org.moelab.kernels.KernelManifest.Usage;
import org.moelab.kernels.SourceTree;
import org.moelab.kernels.build.Toolchain.MissingToolException;

/// Compiles the kernels where that is possible, and writes what the jar holds: fatbins, sources and the manifest.
/// Where it is not possible the manifest says why, and the build goes on.
public final class KernelBuild {
    private static final List<String> ARCHITECTURES = List.of("90a", "100a");

    private final Path project;
    private final Path work;
    private final Path output;
    private final List<String> architectures;

    /// @param project the folder of `CMakeLists.txt`
    /// @param work where CMake works
    /// @param output where the manifest goes, with all that it names
    /// @param architectures what to compile for, such as `90a`, as far as the compiler knows it
    KernelBuild(Path project, Path work, Path output, List<String> architectures) {
        this.project = project;
        this.work = work;
        this.output = output;
        this.architectures = architectures;
    }

    /// Called by the build.
    ///
    /// @param arguments the folders of the project, of the work and of the output, and `true` to compile nothing
    public static void main(String[] arguments) throws IOException {
        KernelBuild build = new KernelBuild(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]),
                ARCHITECTURES);
        try {
            KernelManifest manifest = build.run(Boolean.parseBoolean(arguments[3]), System.getenv());
            IO.println(summary(manifest));
        } catch (BuildException e) {
            IO.println("kernels: " + e.getMessage());
            System.exit(1);
        }
    }

    /// Builds.
    ///
    /// @param skip whether to compile nothing
    /// @param variables the environment variables
    /// @return the manifest, as it was written
    KernelManifest run(boolean skip, Map<String, String> variables) throws BuildException, IOException {
        Path sourceRoot = project.resolve("src/main/cuda");
        SourceTree sources = read(sourceRoot);
        List<KernelDescription> descriptions = new ArrayList<>();
        for (String source : sources.compiled()) {
            String text = sources.text(source);
            descriptions.addAll(KernelDescription.in(source, text));
            if (!sources.switches(source).isEmpty() || !sources.sizes(source).isEmpty()) {
                KernelDescription.requireVariantNames(source, text);
            }
        }
        KernelManifest manifest;
        try {
            if (skip) {
                throw new MissingToolException("they were left out by -Dkernels.skip");
            }
            Toolchain tools = Toolchain.find(variables, architectures);
            compile(tools);
            manifest = manifest(descriptions, sources, "", "nvcc " + tools.version(), tools.architectures());
        } catch (MissingToolException e) {
            manifest = manifest(descriptions, sources, String.valueOf(e.getMessage()), "", List.of());
        }
        write(manifest, sourceRoot);
        return manifest;
    }

    private void compile(Toolchain tools) throws BuildException, IOException {
        List<String> configure = new ArrayList<>(List.of(tools.cmake().toString(), "-S", project.toString(), "-B",
                work.toString(), "-DNVCC=" + tools.nvcc(),
                "-DARCHITECTURES=" + String.join(";", tools.architectures())));
        if (tools.ninja()) {
            configure.addAll(List.of("-G", "Ninja"));
        }
        Files.createDirectories(work);
        Path configured = work.resolve("configured-with.txt");
        String settings = String.join("\n", configure);
        if (!Files.exists(configured) || !Files.readString(configured).equals(settings)) {
            Files.deleteIfExists(work.resolve("CMakeCache.txt"));
            call(configure);
            Files.writeString(configured, settings);
        }
        call(List.of(tools.cmake().toString(), "--build", work.toString(), "--parallel",
                Integer.toString(Runtime.getRuntime().availableProcessors())));
    }

    private static void call(List<String> command) throws BuildException, IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new BuildException("exit status " + status + " of " + String.join(" ", command));
            }
        } catch (InterruptedException _) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new BuildException("interrupted");
        }
    }

    private KernelManifest manifest(List<KernelDescription> descriptions, SourceTree sources, String absent,
            String compiler, List<String> architectures) throws BuildException, IOException {
        Map<String, List<Usage>> usages = new LinkedHashMap<>();
        List<Binary> binaries = new ArrayList<>();
        for (String architecture : architectures) {
            for (String source : sources.compiled()) {
                Path report = work.resolve("sm_" + architecture).resolve(source.replaceFirst("\\.cu$", ".cubin.ptxas"));
                PtxasReport.parse(Files.readString(report)).forEach(entry -> usages
                        .computeIfAbsent(entry.kernel(), _ -> new ArrayList<>()).add(entry.usage()));
            }
            String name = "sm_" + architecture + ".fatbin";
            byte[] image = Files.readAllBytes(work.resolve(name));
            binaries.add(new Binary("sm_" + architecture, name, image.length, KernelManifest.sha256(image)));
        }
        List<Kernel> kernels = descriptions.stream().sorted(Comparator.comparing(KernelDescription::name))
                .map(d -> new Kernel(d.name(), d.operation(), KernelManifest.resourceOf(d.source()), d.summary(),
                        d.techniques(), sources.switches(d.source()), sources.additions(d.source()),
                        sources.sizes(d.source()), d.bytes(), d.flops(), d.floor(), d.maxThreads(), d.minBlocks(),
                        usages.getOrDefault(d.name(), List.of())))
                .toList();
        if (!binaries.isEmpty()) {
            requireSame(descriptions.stream().filter(d -> d.isFor(architectures)).map(KernelDescription::name).toList(),
                    usages.keySet());
        }
        return new KernelManifest(KernelManifest.VERSION, absent, compiler, binaries, kernels,
                sources.files().keySet().stream().sorted().map(KernelManifest::resourceOf).toList());
    }

    private static SourceTree read(Path sourceRoot) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String file : files(sourceRoot)) {
            texts.put(file, Files.readString(sourceRoot.resolve(file)));
        }
        return new SourceTree(texts);
    }

    private static void requireSame(List<String> described, Iterable<String> compiled) throws BuildException {
        TreeSet<String> undescribed = new TreeSet<>();
        compiled.forEach(undescribed::add);
        TreeSet<String> uncompiled = new TreeSet<>();
        for (String name : described) {
            if (!undescribed.remove(name) && !uncompiled.add(name)) {
                throw new BuildException("the kernel " + name + " is described twice");
            }
        }
        if (!undescribed.isEmpty()) {
            throw new BuildException("kernels without a description above them: " + String.join(", ", undescribed));
        }
        if (!uncompiled.isEmpty()) {
            throw new BuildException("described, but not compiled: " + String.join(", ", uncompiled));
        }
    }

    /// Writes what changed and removes what an earlier build left.
    private void write(KernelManifest manifest, Path sourceRoot) throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        content.put(KernelManifest.RESOURCE, manifest.toJson());
        for (Binary binary : manifest.binaries()) {
            content.put(binary.resource(), Files.readAllBytes(work.resolve(binary.resource())));
        }
        for (String source : manifest.sources()) {
            content.put(source, Files.readAllBytes(sourceRoot.resolve(KernelManifest.pathOf(source))));
        }
        Files.createDirectories(output);
        for (String old : files(output)) {
            if (!content.containsKey(old) && !old.endsWith(".class")) {
                Files.delete(output.resolve(old));
            }
        }
        for (Map.Entry<String, byte[]> entry : content.entrySet()) {
            Path file = output.resolve(entry.getKey());
            if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), entry.getValue())) {
                Files.createDirectories(file.getParent());
                Files.write(file, entry.getValue());
            }
        }
    }

    /// The files under a folder, as paths with `/`, in order.
    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/')).sorted().toList();
        }
    }

    private static String summary(KernelManifest manifest) {
        if (manifest.binaries().isEmpty()) {
            return "kernels: none compiled, because " + manifest.absent();
        }
        StringBuilder text = new StringBuilder("kernels: " + manifest.kernels().size() + " for "
                + String.join(" and ", manifest.binaries().stream().map(Binary::architecture).toList()) + " by "
                + manifest.compiler());
        for (Kernel kernel : manifest.kernels()) {
            for (Usage usage : kernel.usage()) {
                if (usage.spillStoreBytes() + usage.spillLoadBytes() > 0) {
                    text.append(System.lineSeparator()).append("kernels: ").append(kernel.name()).append(" spills on ")
                            .append(usage.architecture()).append(": ").append(usage.spillStoreBytes())
                            .append(" bytes stored, ").append(usage.spillLoadBytes()).append(" loaded");
                }
            }
        }
        return text.toString();
    }
}
