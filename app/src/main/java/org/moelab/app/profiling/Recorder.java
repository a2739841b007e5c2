package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.host.Host;

/// Records one part of a layer's profile.
interface Recorder {
    /// Where profiles are recorded, and with what.
    ///
    /// @param folder the run directory
    /// @param host where programs are looked for
    /// @param lab how this program is started
    /// @param limit the most time that one program may take
    /// @param stopped whether to end early
    record Place(Path folder, Host host, List<String> lab, Duration limit, BooleanSupplier stopped) {
        public Place {
            lab = List.copyOf(lab);
        }
    }

    /// A layer to profile.
    ///
    /// @param layer its name
    /// @param whole the arguments with which this program runs it for a profiler
    /// @param few the same for a model of few layers, whose kernels are all of the whole one's
    /// @param timeline its captured timeline, where there is one
    record Subject(String layer, List<String> whole, List<String> few, Optional<Path> timeline) {
        public Subject {
            whole = List.copyOf(whole);
            few = List.copyOf(few);
        }
    }

    /// Records it, or tells why it cannot.
    ///
    /// @throws IOException where the run directory cannot be written
    Profile record(Place place, Subject subject) throws IOException;

    /// One that the machine has not what it takes for.
    static Profile leftOut(Part part, String layer, Optional<String> tool, String reason, String remedy) {
        return new Profile(part.label(), layer, tool, Optional.empty(), List.of(), List.of(), ProfileState.LEFT_OUT,
                Optional.of(reason), Optional.of(remedy).filter(text -> !text.isEmpty()));
    }

    /// One that the lab makes itself and could not.
    static Profile failed(Part part, String layer, String reason) {
        return new Profile(part.label(), layer, Optional.empty(), Optional.empty(), List.of(), List.of(),
                ProfileState.FAILED, Optional.of(reason), Optional.empty());
    }

    /// One that the lab made itself.
    static Profile made(Part part, String layer, List<String> files) {
        return new Profile(part.label(), layer, Optional.empty(), Optional.empty(), List.of(), files,
                ProfileState.DONE, Optional.empty(), Optional.empty());
    }
}
