package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunReport.ProfileState;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.host.Host;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.compare.Comparison;
import org.moelab.traces.compare.ComparisonTables;
import org.moelab.traces.compare.Grouping;
import org.moelab.traces.export.TableFormat;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Recording;

/// Records the profiles of a run's layers, part by part. One that cannot be had is kept with its reason, and the next one is
/// recorded.
public final class Profiling {
    private final Recorder.Place place;
    private final Progress progress;

    /// Hears how it goes, and keeps what there is.
    public interface Progress {
        /// One profile begins.
        ///
        /// @param done the share of all that is done
        void begins(double done, Part part, String layer);

        /// One profile was recorded, or could not be.
        ///
        /// @param all those so far
        void recorded(Profile profile, List<Profile> all) throws IOException;

        /// Whether to end early.
        boolean stopped();
    }

    /// Where profiles are recorded.
    ///
    /// @param host where the profilers are looked for
    /// @param lab how this program is started
    public Profiling(Path folder, Host host, List<String> lab, Duration limit,
            Progress progress) {
        this.place = new Recorder.Place(folder, host, lab, limit, progress::stopped);
        this.progress = progress;
    }

    /// A layer to profile.
    ///
    /// @param layer its name
    /// @param whole the arguments with which this program runs it for a profiler
    /// @param few the same for a model of few layers
    /// @param wanted whether it is to be profiled; one that is not is what the next one may be held against
    public record Target(String layer, List<String> whole, List<String> few, boolean wanted) {
        public Target {
            whole = List.copyOf(whole);
            few = List.copyOf(few);
        }
    }

    /// Records what is asked for and not yet there.
    ///
    /// @param onGpu whether the layers ran on a GPU: nothing of the processor's engine can be profiled
    /// @param earlier profiles of an earlier session, of which those that are there are kept
    /// @return the profiles, layer by layer
    /// @throws IOException where the run directory cannot be written
    /// @throws java.util.concurrent.CancellationException where it was stopped while a program ran
    public List<Profile> record(Set<Part> parts, List<Target> targets, boolean onGpu, List<Profile> earlier)
            throws IOException {
        List<Profile> recorded = new ArrayList<>();
        int total = (int) targets.stream().filter(Target::wanted).count() * parts.size();
        int done = 0;
        Optional<Recorder.Subject> below = Optional.empty();
        for (Target target : targets) {
            Recorder.Subject subject = new Recorder.Subject(target.layer(), target.whole(), target.few(),
                    timeline(target.layer()));
            for (Part part : target.wanted() ? parts.stream().sorted().toList() : List.<Part>of()) {
                if (progress.stopped()) {
                    return recorded;
                }
                progress.begins((double) done++ / total, part, target.layer());
                Optional<Profile> kept = earlier.stream().filter(p -> p.kind().equals(part.label())
                        && p.layer().equals(target.layer()) && isThere(p)).findFirst();
                Profile profile = kept.isPresent() ? kept.get() : record(part, subject, below, onGpu);
                recorded.add(profile);
                progress.recorded(profile, List.copyOf(recorded));
            }
            below = Optional.of(subject);
        }
        return recorded;
    }

    private boolean isThere(Profile profile) {
        return profile.state() == ProfileState.DONE
                && profile.files().stream().allMatch(file -> Files.isRegularFile(place.folder().resolve(file)));
    }

    private Optional<Path> timeline(String layer) {
        return Optional.of(place.folder().resolve(RunSession.fileOf(layer, RunSession.TIMELINE)))
                .filter(Files::isRegularFile);
    }

    private Profile record(Part part, Recorder.Subject subject, Optional<Recorder.Subject> below, boolean onGpu)
            throws IOException {
        if (!onGpu) {
            return Recorder.leftOut(part, subject.layer(), Optional.empty(),
                    "the model ran on the processor, whose engine runs no kernels", "run it on a GPU");
        }
        return switch (part) {
            case ROOFLINE -> NcuRecorder.ROOFLINE.record(place, subject);
            case NCU -> NcuRecorder.DETAILED.record(place, subject);
            case DEEP_DIVE -> NcuRecorder.DEEP.record(place, subject);
            case NSYS -> new NsysRecorder().record(place, subject);
            case HTA -> new HtaRecorder().record(place, subject);
            case DIFFERENCES -> differences(subject, below);
        };
    }

    /// What changed from the layer before, kernel by kernel; the rows sum to the difference of the device's time.
    private Profile differences(Recorder.Subject subject, Optional<Recorder.Subject> below) throws IOException {
        if (below.isEmpty()) {
            return Recorder.leftOut(Part.DIFFERENCES, subject.layer(), Optional.empty(),
                    "it is the lowest layer of the run", "");
        }
        Optional<Path> from = below.get().timeline();
        if (from.isEmpty() || subject.timeline().isEmpty()) {
            return Recorder.leftOut(Part.DIFFERENCES, subject.layer(), Optional.empty(),
                    "no timelines of both layers were captured", "install CUPTI; moelab doctor tells how");
        }
        String file = ProfileFiles.DIFFERENCES + "/"
                + RunSession.fileOf(below.get().layer() + "-" + subject.layer(), ".csv");
        try {
            Recording a = Recordings.open(from.get(), ImportOptions.DEFAULT, ImportMonitor.NONE);
            Recording b = Recordings.open(subject.timeline().get(), ImportOptions.DEFAULT, ImportMonitor.NONE);
            Files.createDirectories(place.folder().resolve(ProfileFiles.DIFFERENCES));
            TableFormat.CSV.write(ComparisonTables.rows(Comparison.of(a, b, Grouping.KERNEL)),
                    place.folder().resolve(file));
        } catch (TraceReadException e) {
            return Recorder.failed(Part.DIFFERENCES, subject.layer(), "a timeline does not open: "
                    + String.valueOf(e.getMessage()).replace(place.folder() + "/", ""));
        }
        return Recorder.made(Part.DIFFERENCES, subject.layer(), List.of(file));
    }
}
