package org.moelab.app.profiling;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.moelab.app.profiling.ProfileChoice.Part;
import org.moelab.gpu.bench.RunReport.Profile;
import org.moelab.gpu.bench.RunSession;
import org.moelab.gpu.doctor.Profiler;
import org.moelab.traces.ImportOptions;
import org.moelab.traces.Recordings;
import org.moelab.traces.TraceReadException;
import org.moelab.traces.model.EventKind;
import org.moelab.traces.model.FunctionName;
import org.moelab.traces.model.ImportMonitor;
import org.moelab.traces.model.Trace;
import org.moelab.traces.stats.KernelTimes;

/// Reads counters of a layer's kernels with Nsight Compute, in a model of few layers: each kernel is repeated as often as its
/// counters need, and further layers of the model would only show the same kernels again.
///
/// @param part which of the parts that this program records
/// @param set the counters, as Nsight Compute names them
/// @param more options beside the set
/// @param ending of the file's name
/// @param most kernels that are read, of the decode step first, so that it ends in a minute or so also where a layer runs
///             hundreds
/// @param top how many of the kernels that take longest are read; empty for all
record NcuRecorder(Part part, String set, List<String> more, String ending, int most,
        Optional<Integer> top) implements Recorder {
    private static final String NAME = "ncu";
    private static final int ROOFLINE_MOST = 128;
    private static final int DEEP_MOST = 48;
    private static final int DEEP_TOP = 5;
    private static final Pattern PLAIN = Pattern.compile("\\w+");

    /// What a roofline needs; the set has no traffic of the L2 cache.
    static final NcuRecorder ROOFLINE = new NcuRecorder(Part.ROOFLINE, "roofline",
            List.of("--section", "MemoryWorkloadAnalysis_Tables"), ProfileFiles.ROOFLINE, ROOFLINE_MOST,
            Optional.empty());
    /// What its pages show.
    static final NcuRecorder DETAILED = new NcuRecorder(Part.NCU, "detailed", List.of(), ProfileFiles.NCU,
            ROOFLINE_MOST,
            Optional.empty());
    /// All there is, of the kernels that take longest, with the source that their lines are of.
    static final NcuRecorder DEEP = new NcuRecorder(Part.DEEP_DIVE, "full", List.of("--import-source", "yes"),
            ProfileFiles.DEEP_DIVE, DEEP_MOST,
            Optional.of(DEEP_TOP));

    @Override
    public Profile record(Place place, Subject subject) throws IOException {
        Profiler ncu = Profiler.ncu(place.host());
        if (ncu.program().isEmpty()) {
            return Recorder.leftOut(part, subject.layer(), Optional.of(NAME), ncu.check().detail(),
                    ncu.check().remedy());
        }
        List<String> kernels;
        try {
            kernels = top.isEmpty() ? List.of() : longest(subject.timeline(), top.get());
        } catch (TraceReadException e) {
            return Recorder.failed(part, subject.layer(),
                    "the timeline that tells which kernels take longest does not open");
        }
        if (top.isPresent() && kernels.isEmpty()) {
            return Recorder.leftOut(part, subject.layer(), Optional.of(NAME),
                    "no captured timeline tells which kernels take longest", "install CUPTI; moelab doctor tells how");
        }
        Tool tool = Tool.of(part, place, subject.layer(), NAME, ncu);
        String fileName = RunSession.fileOf(subject.layer(), ending);
        Path file = place.folder().resolve(fileName);
        Tool.Outcome recorded = tool.run(options(kernels, file), subject.few(), file);
        return recorded.problem().isPresent()
                ? recorded.problem().get()
                : tool.proved(recorded.command(), file, List.of(fileName));
    }

    private List<String> options(List<String> kernels, Path file) {
        List<String> options = new ArrayList<>(List.of("--target-processes", "all", "--profile-from-start", "off",
                "--clock-control", "none", "--set", set, "--launch-count", Integer.toString(most)));
        options.addAll(more);
        if (!kernels.isEmpty()) {
            options.addAll(List.of("--kernel-name",
                    "regex:" + kernels.stream().collect(Collectors.joining("|", "^(", ")$"))));
        }
        options.addAll(List.of("--force-overwrite", "--export", file.toString()));
        return options;
    }

    /// The names of the kernels that take longest, as Nsight Compute filters by them: without scope and arguments.
    private static List<String> longest(Optional<Path> timeline, int count) throws TraceReadException {
        if (timeline.isEmpty() || !(Recordings.open(timeline.get(), ImportOptions.DEFAULT,
                ImportMonitor.NONE) instanceof Trace trace)) {
            return List.of();
        }
        return KernelTimes.of(trace).rows().stream().filter(row -> row.kind() == EventKind.KERNEL)
                .map(row -> FunctionName.parse(row.name()).name()).filter(PLAIN.asMatchPredicate()).distinct()
                .limit(count).toList();
    }
}
