package org.moelab.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The scripts of both installations, in front of a Java that tells what it was started with.
final class StartScriptTest {
    private static final Path MAIN = Path.of("src/main");
    private static final String TELLING = "#!/bin/sh\nfor last; do :; done\nprintf '%s|%s' \"${LC_ALL-}\" \"$last\"\n";

    @TempDir
    private Path folder = Path.of("");

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path installed(String kind) throws IOException {
        program("bin/moelab", Files.readString(MAIN.resolve(kind).resolve("bin/moelab"))
                .replace("@maven.compiler.release@", "25").replaceAll("@[a-zA-Z.]+@", ""));
        program("lib/find-java.sh", Files.readString(MAIN.resolve("dist/lib/find-java.sh")));
        program("runtime/bin/java", TELLING); // where the one finds it, and the other is told it
        Files.writeString(folder.resolve("runtime/release"), "JAVA_VERSION=\"25\"\n");
        return folder.resolve("bin/moelab");
    }

    /// @param variables such as `LANG=C LC_ALL=C`
    private String started(Path script, String variables, String argument) throws Exception {
        ProcessBuilder process = new ProcessBuilder(List.of(script.toString(), "report", argument))
                .redirectErrorStream(true);
        Map<String, String> environment = process.environment();
        environment.clear();
        environment.putAll(Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", folder.resolve("runtime").toString()));
        for (String variable : variables.split(" ", -1)) {
            if (!variable.isEmpty()) {
                environment.put(variable.substring(0, variable.indexOf('=')),
                        variable.substring(variable.indexOf('=') + 1));
            }
        }
        Process started = process.start();
        String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @CsvSource({ "dist,''", "dist,LC_ALL=C", "dist,LANG=POSIX", "dist,LANG=C.UTF-8 LC_CTYPE=C",
            "dist,LANG=xx_YY.UTF-8", "server,''", "server,LC_ALL=POSIX", "server,LC_ALL=xx_YY.UTF-8" })
    void locale_thatKnowsAsciiOnly_givesWayToOneOfAll(String kind, String variables) throws Exception {
        assumeThat(Path.of("/usr/bin/locale")).isExecutable();
        assertThat(started(installed(kind), variables, "größe 5 µs")).isEqualTo("C.UTF-8|größe 5 µs");
    }

    @ParameterizedTest
    @CsvSource({ "dist,LC_ALL=C.UTF-8,C.UTF-8", "dist,LANG=C.UTF-8,''", "dist,LC_ALL=C.UTF-8 LANG=C,C.UTF-8",
            "server,LC_CTYPE=C.UTF-8 LANG=C,''" })
    void locale_thatKnowsAll_stays(String kind, String variables, String lcAll) throws Exception {
        assertThat(started(installed(kind), variables, "größe")).isEqualTo(lcAll + "|größe");
    }
}
