package org.moelab.app.build;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Makes the archive of the command line for servers: a Java of its own, the jars, the start script. Nothing in it has to
/// be installed, and it holds native code for Linux on x86-64 only.
public final class ServerArchive {
    /// What the verbs and their libraries use of the JDK, beside `java.base`: JDBC for sqlite, the running program's facts,
    /// `Unsafe` for protobuf, HTTP for a language model that is asked. No `java.desktop`: nothing is drawn.
    public static final List<String> MODULES = List.of("java.net.http", "java.sql", "jdk.management",
            "jdk.unsupported");
    private static final long MOST_BYTES = 60_000_000;

    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)");
    /// How sqlite-jdbc, zstd-jni and JCuda name what is for Linux on x86-64.
    private static final Pattern WANTED = Pattern
            .compile("org/sqlite/native/Linux/x86_64/.*|linux/amd64/.*|lib/libJCudaDriver-.*-linux-x86_64\\.so");

    private ServerArchive() {
    }

    /// Called by the build.
    ///
    /// @param arguments the folder that holds what is not made here (start script, licence), the jars as a class path,
    ///        the folder to fill, whose name is the one in the archive, and the archive
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            Path archive = Path.of(arguments[3]);
            make(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]), archive);
            IO.println(String.format(Locale.ROOT, "server archive: %s, %.1f MB", archive, Files.size(archive) / 1e6));
        } catch (IllegalStateException e) {
            IO.println("server archive: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void make(Path skeleton, String classPath, Path folder, Path archive)
            throws IOException, InterruptedException {
        delete(folder);
        copy(skeleton, folder);
        Path lib = Files.createDirectories(folder.resolve("lib"));
        for (String jar : classPath.split(File.pathSeparator, -1)) {
            Path source = Path.of(jar);
            copyJar(source, lib.resolve(String.valueOf(source.getFileName())));
        }
        link(folder.resolve("runtime"));
        pack(folder, archive);
        if (Files.size(archive) > MOST_BYTES) {
            throw new IllegalStateException(
                    archive + " has " + Files.size(archive) + " bytes, more than " + MOST_BYTES);
        }
    }

    /// Copies a jar without native code for other machines.
    static void copyJar(Path source, Path target) throws IOException {
        try (ZipFile jar = new ZipFile(source.toFile());
                ZipOutputStream smaller = new ZipOutputStream(Files.newOutputStream(target))) {
            for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
                if (NATIVE.matcher(entry.getName()).matches() && !WANTED.matcher(entry.getName()).matches()) {
                    continue;
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                smaller.putNextEntry(copy);
                jar.getInputStream(entry).transferTo(smaller);
                smaller.closeEntry();
            }
        }
    }

    /// Links a Java from the one that runs this program: the JDK that the build chose. Its classes stay unpacked, because
    /// the archive packs them better.
    private static void link(Path runtime) {
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow(() -> new IllegalStateException(
                "needs a JDK 25 with jlink, and " + System.getProperty("java.home") + " has none"));
        StringWriter output = new StringWriter();
        int exitCode = jlink.run(new PrintWriter(output), new PrintWriter(output),
                "--add-modules", String.join(",", MODULES), "--output", runtime.toString(),
                "--strip-java-debug-attributes", "--no-man-pages", "--no-header-files", "--compress", "zip-0",
                "--vm", "server", "--generate-cds-archive");
        if (exitCode != 0) {
            throw new IllegalStateException("jlink of " + System.getProperty("java.home") + " failed: "
                    + output.toString().strip());
        }
    }

    /// Packs with `gzip`, which every machine unpacks; `xz` would save a third and take ten times as long.
    private static void pack(Path folder, Path archive) throws IOException, InterruptedException {
        Path parent = folder.toAbsolutePath().getParent();
        Process tar = new ProcessBuilder("tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "-czf",
                archive.toAbsolutePath().toString(), "-C", String.valueOf(parent), String.valueOf(folder.getFileName()))
                .inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IllegalStateException("tar could not write " + archive);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("cannot clear " + folder, e);
        }
    }
}
