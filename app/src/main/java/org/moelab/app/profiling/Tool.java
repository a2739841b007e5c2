package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.doctor.Profiler;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.KernelReport;
import org.moelab.traces.model.Recording;

/// A profiler at work on one layer: starts it, and judges what it left.
final class Tool {
    /// What every profiler of NVIDIA says where the driver keeps the counters for administrators.
    private static final String NO_RIGHT = "ERR_NVGPUCTRPERM";
    private static final String GIVE_RIGHT = "let the driver give counters to all users (module option "
            + "NVreg_RestrictProfilingToAdminUsers=0), or run as root; in a container, add the capability SYS_ADMIN";

    private final Part part;
    private final Recorder.Place place;
    private final String layer;
    private final String name;
    private final Path program;
    private final Optional<String> version;

    private Tool(Part part, Recorder.Place place, String layer, String name, Path program, Optional<String> version) {
        this.part = part;
        this.place = place;
        this.layer = layer;
        this.name = name;
        this.program = program;
        this.version = version;
    }

    /// @param program which must be there
    static Tool of(Part part, Recorder.Place place, String layer, String name, Profiler program) {
        return new Tool(part, place, layer, name, program.program().orElseThrow(), program.version());
    }

    /// What became of one start of the program.
    ///
    /// @param command how it was started, with names in place of paths
    /// @param problem why it left nothing; empty where it did
    record Outcome(List<String> command, Optional<Profile> problem) {}

    /// Starts the program and waits for it.
    ///
    /// @param options the program's
    /// @param lab arguments of this program, which the profiler starts; none where it starts nothing
    /// @param file what must be there in the end; one from before is taken away first
    Outcome run(List<String> options, List<String> lab, Path file) throws IOException {
        List<String> command = command(program.toString(), options, lab.isEmpty() ? List.of() : place.lab(), lab);
        List<String> shown = command(name, options.stream().map(this::withoutFolder).toList(),
                lab.isEmpty() ? List.of() : List.of("moelab"), lab);
        Files.deleteIfExists(file);
        Child ended;
        try {
            ended = Child.run(command, place.limit(), place.stopped());
        } catch (IOException e) {
            return new Outcome(shown, Optional.of(failed(shown, "it does not start: " + e.getMessage())));
        }
        return new Outcome(shown, problem(ended, shown, file));
    }

    private static List<String> command(String first, List<String> options, List<String> program, List<String> rest) {
        return Stream.of(List.of(first), options, program, rest).flatMap(List::stream).toList();
    }

    private Optional<Profile> problem(Child ended, List<String> shown, Path file) throws IOException {
        if (ended.output().stream().anyMatch(line -> line.contains(NO_RIGHT))) {
            Files.deleteIfExists(file);
            return Optional.of(profile(shown, List.of(), ProfileState.LEFT_OUT,
                    Optional.of("the driver keeps the GPU's counters for administrators (" + NO_RIGHT + ")"),
                    Optional.of(GIVE_RIGHT)));
        }
        if (ended.timedOut()) {
            Files.deleteIfExists(file);
            return Optional.of(failed(shown, "it took longer than " + place.limit().toSeconds() + " s"));
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of(failed(shown, ended.exitCode() == 0
                    ? "it ended well and left no file: " + ended.complaint()
                    : "it ended with " + ended.exitCode() + ": " + ended.complaint()));
        }
        if (ended.exitCode() != 0) {
            Files.deleteIfExists(file);
            return Optional.of(failed(shown, "it ended with " + ended.exitCode() + ": " + ended.complaint()));
        }
        return Optional.empty();
    }

    /// Opens what was recorded, once, to see that it can be.
    ///
    /// @param opened the file of these that the lab opens
    /// @param files all that was left, the recording first
    Profile proved(List<String> shown, Path opened, List<String> files) throws IOException {
        Optional<String> problem = problem(opened);
        if (problem.isPresent()) {
            for (String file : files) {
                Files.deleteIfExists(place.folder().resolve(file));
            }
            return failed(shown, problem.get());
        }
        return profile(shown, files, ProfileState.DONE, Optional.empty(), Optional.empty());
    }

    /// Why a recording does not open or holds nothing; empty where all is well.
    static Optional<String> problem(Path file) {
        try {
            Recording recording = Recordings.open(file, ImportOptions.DEFAULT, ImportMonitor.NONE);
            return recording instanceof KernelReport report && report.kernels().isEmpty()
                    ? Optional.of("it recorded no kernel")
                    : Optional.empty();
        } catch (TraceReadException e) {
            return Optional.of("its recording does not open: "
                    + String.valueOf(e.getMessage()).replace(file.toString(), String.valueOf(file.getFileName())));
        }
    }

    private Profile failed(List<String> shown, String reason) {
        return profile(shown, List.of(), ProfileState.FAILED, Optional.of(withoutFolder(reason)), Optional.empty());
    }

    private Profile profile(List<String> shown, List<String> files, ProfileState state, Optional<String> reason,
            Optional<String> remedy) {
        return new Profile(part.label(), layer, Optional.of(name), version, shown, files, state, reason, remedy);
    }

    private String withoutFolder(String text) {
        return text.replace(place.folder() + "/", "").replace(program.toString(), name);
    }
}
