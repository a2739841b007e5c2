package org.moelab.gpu.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.moelab.gpu.cuda.LibraryFinder;
import org.moelab.gpu.host.Host;

/// NVIDIA's profilers, which the lab calls as programs.
final class ToolChecks {
    private static final List<String> NSYS_PLACES = List.of("/opt/nvidia/nsight-systems*/*/bin/nsys",
            "/opt/nvidia/nsight-systems*/*/target-linux-*/nsys", "/opt/nvidia/nsight-systems*/bin/nsys",
            "/usr/lib/nsight-systems*/bin/nsys", "/usr/lib/nsight-systems*/target-linux-*/nsys",
            "/usr/local/cuda*/bin/nsys", "/usr/local/cuda*/nsight-systems*/bin/nsys",
            "/opt/nvidia/nsight-compute*/*/host/target-linux-*/nsys");
    private static final List<String> NCU_PLACES = List.of("/opt/nvidia/nsight-compute*/*/ncu",
            "/usr/lib/nsight-compute*/ncu", "/usr/local/cuda*/bin/ncu", "/usr/local/cuda*/nsight-compute*/ncu");
    /// What the nsys inside Nsight Compute's folder needs to turn its raw recording into a report.
    private static final List<String> NSYS_IMPORT_LIBRARIES = List.of("libdw.so.1", "libelf.so.1");
    private static final Pattern VERSION = Pattern.compile("\\d{4}\\.\\d+[.\\d]*");
    private static final int ANSWER_SECONDS = 5;

    private ToolChecks() {
    }

    static List<Check> all(Host host, LibraryFinder finder) {
        return List.of(nsys(host, finder), ncu(host));
    }

    static Check nsys(Host host, LibraryFinder finder) {
        String title = "Nsight Systems";
        Optional<Path> found = nsysProgram(host);
        if (found.isEmpty()) {
            return Check.absent("nsys", title, notFound("nsys", "NSYS", "/opt/nvidia/nsight-systems*"),
                    ".nsys-rep files do not open (an export to SQLite does), and runs cannot be recorded with nsys",
                    "install nsight-systems-cli from NVIDIA's repository, or point NSYS at the program");
        }
        String detail = describe(found.get());
        List<String> missing = NSYS_IMPORT_LIBRARIES.stream().filter(name -> finder.find(name).isEmpty()).toList();
        if (found.get().toString().contains("nsight-compute") && !missing.isEmpty()) {
            return Check.degraded("nsys", title, detail + ", without " + String.join(" and ", missing),
                    "it records, but cannot turn its recording into a report", "apt-get install libdw1 libelf1");
        }
        return Check.found("nsys", title, detail);
    }

    static Optional<Path> nsysProgram(Host host) {
        return locate(host, "nsys", "NSYS", NSYS_PLACES);
    }

    static Optional<Path> ncuProgram(Host host) {
        return locate(host, "ncu", "NCU", NCU_PLACES);
    }

    static Check ncu(Host host) {
        return ncuProgram(host)
                .map(file -> Check.found("ncu", "Nsight Compute", describe(file)))
                .orElseGet(() -> Check.absent("ncu", "Nsight Compute",
                        notFound("ncu", "NCU", "/opt/nvidia/nsight-compute*"),
                        "runs cannot be profiled kernel by kernel; .ncu-rep files open all the same",
                        "install nsight-compute from NVIDIA's repository, or point NCU at the program"));
    }

    private static Optional<Path> locate(Host host, String program, String variable, List<String> places) {
        return Stream
                .of(host.variable(variable).map(host::path).stream()
                        .flatMap(named -> Stream.of(named, named.resolve(program))), host.program(program).stream(),
                        places.stream().flatMap(place -> host.matching(place).stream()))
                .flatMap(paths -> paths).filter(Host::isProgram).findFirst();
    }

    private static String notFound(String program, String variable, String places) {
        return program + " is not on the PATH, not in the variable " + variable + ", not in " + places;
    }

    private static String describe(Path program) {
        return version(program).map(version -> version + ", ").orElse("") + program;
    }

    /// What the program answers when asked for its version, absent where it does not start or answer in time.
    static Optional<String> version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
            if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = VERSION.matcher(answer);
            return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // it does not start: its path is all there is to tell
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
